import { randomFillSync, randomUUID } from 'node:crypto';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

let lastSecond = -1;

let lastText = '';

const pool = Buffer.alloc(8192);

let used = pool.length;

/** `$context.requestId`, as in the response header `x-amzn-RequestId`. */
export function newRequestId(): string {
  return randomUUID();
}

/** `$context.extendedRequestId`, as in the response header `x-amz-apigw-id`: 16 characters of base64. */
export function newExtendedRequestId(): string {
  return randomText(11, 'base64');
}

const ROOT = /(?:^|;)\s*Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;|$)/i;

/**
 * The X-Ray trace id of a request: `1-67891233-abcdef012345678912345678`.
 *
 * Source: AWS X-Ray Developer Guide, "Tracing header".
 *
 * @param incoming - the client's `X-Amzn-Trace-Id`, whose root is kept when it has a valid one
 * @param now - milliseconds since the epoch
 */
export function traceIdFor(incoming: string | undefined, now: number): string {
  const kept = incoming === undefined ? undefined : ROOT.exec(incoming)?.[1];
  if (kept) return kept;
  const seconds = Math.floor(now / 1000)
    .toString(16)
    .padStart(8, '0');
  return `1-${seconds}-${randomText(12, 'hex')}`;
}

/** Random bytes as text; drawn from a pool, since asking the operating system for each request would be a fifteenth of its time. */
function randomText(bytes: number, encoding: 'base64' | 'hex'): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString(encoding, used - bytes, used);
}

/**
 * `$context.requestTime`: `21/Nov/2026:13:43:27 +0000`. The text is kept for the second that it holds for.
 *
 * @param now - milliseconds since the epoch
 */
export function formatRequestTime(now: number): string {
  const second = Math.floor(now / 1000);
  if (second !== lastSecond) {
    const iso = new Date(now).toISOString();
    const month = MONTHS[Number(iso.slice(5, 7)) - 1];
    lastSecond = second;
    lastText = `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
  }
  return lastText;
}
