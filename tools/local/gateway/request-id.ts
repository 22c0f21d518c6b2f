import { randomUUID } from 'node:crypto';
import { randomText } from './random-text.ts';

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
 * An X-Ray trace header for a request.
 *
 * Source: AWS X-Ray Developer Guide, "Tracing header".
 *
 * @param incoming - the client's `X-Amzn-Trace-Id`, whose root is kept when it has a valid one
 * @param now - milliseconds since the epoch
 */
export function newTraceHeader(incoming: string | undefined, now: number): string {
  const kept = incoming === undefined ? undefined : ROOT.exec(incoming)?.[1];
  if (kept) return `Root=${kept}`;
  const seconds = Math.floor(now / 1000)
    .toString(16)
    .padStart(8, '0');
  return `Root=1-${seconds}-${randomText(12, 'hex')}`;
}
