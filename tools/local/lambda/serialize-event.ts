import { randomUUID } from 'node:crypto';
import type { InvokeError } from './invoke-result.ts';

/** 6 MB: "Lambda quotas", invocation payload (synchronous request). */
const maxEventBytes = 6_291_456;

/**
 * @param payload - undefined becomes an empty object, as an invocation without payload does
 * @returns JSON, or the error of the Invoke API when it is too large
 */
export function serializeEvent(payload: unknown): string | InvokeError {
  const event = payload === undefined ? '{}' : JSON.stringify(payload);
  // A character takes three bytes at most: short events need no count.
  if (event.length * 3 <= maxEventBytes || Buffer.byteLength(event) <= maxEventBytes) return event;
  return {
    ok: false,
    kind: 'error',
    requestId: randomUUID(),
    errorType: 'RequestTooLargeException',
    errorMessage: `Request must be smaller than ${maxEventBytes} bytes for the InvokeFunction operation`,
  };
}
