import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the range that the kernel hands out for outgoing connections, so that none of those can take a port meanwhile. */
const LOWEST_PORT = 10_000;
const HIGHEST_PORT = 32_000;
/** In that range, what `fetch` (and every browser) refuses to ask: https://fetch.spec.whatwg.org/#port-blocking */
const REFUSED_BY_FETCH = new Set([10_080]);
/** Test files that run at the same time choose from parts of their own: a port is free until its server has started. */
const PARTS = 8;
const PART_SIZE = Math.floor((HIGHEST_PORT - LOWEST_PORT) / PARTS);
const PART_START = LOWEST_PORT + (Number(process.env.JEST_WORKER_ID ?? 0) % PARTS) * PART_SIZE;

/** Given out in this process, and perhaps not listened on yet, or not now. */
const given = new Set<number>();

/** A random TCP port that nobody listens on at 127.0.0.1 right now, that was not given out before, and that a browser asks. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const port = randomInt(PART_START, PART_START + PART_SIZE);
    if (given.has(port) || REFUSED_BY_FETCH.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error('found no free port at 127.0.0.1');
}

/** Several different free ports. */
export function freePorts(count: number): Promise<number[]> {
  return Promise.all(Array.from({ length: count }, freePort));
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
