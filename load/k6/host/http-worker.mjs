import { parentPort } from 'node:worker_threads';

/** Requests are made in a thread of their own, so that a script can also wait for one without going on, as k6's do. */
parentPort.on('message', async ({ url, init, timeoutMs, answer, done }) => {
  answer.postMessage(await ask(url, init, timeoutMs));
  Atomics.store(done, 0, 1);
  Atomics.notify(done, 0);
});

async function ask(url, init, timeoutMs) {
  const startedAt = performance.now();
  const result = { url, status: 0, body: '', headers: {}, setCookies: [], error: '' };
  try {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(timeoutMs) });
    result.body = await response.text();
    result.status = response.status;
    result.url = response.url;
    result.headers = Object.fromEntries(response.headers);
    result.setCookies = response.headers.getSetCookie();
  } catch (error) {
    result.error = String(error.cause?.message ?? error.message);
  }
  return { ...result, durationMs: performance.now() - startedAt };
}
