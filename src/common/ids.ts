import { randomFillSync } from 'node:crypto';

const ID_BYTES = 16;

/** Random bytes are fetched for many ids at once: a call for each costs more than everything else about an id. */
const pool = Buffer.alloc(256 * ID_BYTES);
let used = pool.length;

/** A random, URL-safe id of 128 bits (22 characters). */
export function randomId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += ID_BYTES;
  return pool.toString('base64url', used - ID_BYTES, used);
}
