import { randomUUID } from 'node:crypto';
import type { InvokeError } from './invoke-result.ts';

/** 6 MB: "Lambda quotas", invocation payload (synchronous request). */
const maxEventBytes = 6_291_456;

/**
 * An event as the channel to a function's process takes it.
 *
 * @param payload - JSON
 * @returns the same in one line, or the error of the Invoke API when it is too large
 */
export function eventLine(payload: string): string | InvokeError {
  // A character takes three bytes at most: short events need no count.
  if (payload.length * 3 <= maxEventBytes || Buffer.byteLength(payload) <= maxEventBytes) {
    // Within JSON's strings a line end is escaped; between its tokens it is as good as a space.
    return payload.includes('\n') ? payload.replaceAll('\n', ' ') : payload;
  }
  return {
    ok: false,
    kind: 'error',
    requestId: randomUUID(),
    errorType: 'RequestTooLargeException',
    errorMessage: `Request must be smaller than ${maxEventBytes} bytes for the InvokeFunction operation`,
  };
}
