// Makes every turn of a process's event loop work for 10 ms, as a pod that pushes to thousands does.
const TURN_MS = 10;

function turn() {
  const end = performance.now() + TURN_MS;
  while (performance.now() < end);
  setImmediate(turn).unref();
}

setImmediate(turn).unref();
