import { randomUUID } from 'node:crypto';
import type { InvokeError } from './invoke-result.ts';

/** 6 MB: "Lambda quotas", invocation payload (synchronous request). */
const maxEventBytes = 6_291_456;

/**
 * @param event - JSON
 * @returns the error of the Invoke API when it is larger than Lambda takes
 */
export function tooLarge(event: string): InvokeError | undefined {
  // A character takes three bytes at most: short events need no count.
  if (event.length * 3 <= maxEventBytes || Buffer.byteLength(event) <= maxEventBytes) return undefined;
  return {
    ok: false,
    kind: 'error',
    requestId: randomUUID(),
    errorType: 'RequestTooLargeException',
    errorMessage: `Request must be smaller than ${maxEventBytes} bytes for the InvokeFunction operation`,
  };
}
