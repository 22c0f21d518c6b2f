// @ts-check
import { RuntimeError } from './errors.mjs';

/**
 * @param {unknown} result - undefined becomes null, as does what JSON leaves out
 * @param {number} maxResponseBytes
 * @returns {string} JSON
 * @throws {RuntimeError | Error} as Lambda responds to what cannot be serialized or is too large
 */
export function serializeResult(result, maxResponseBytes) {
  let body;
  try {
    body = JSON.stringify(result) ?? 'null';
  } catch (cause) {
    throw new RuntimeError('UnhandledPromiseRejection', 'Error: Unable to stringify response body', String(cause));
  }
  // A character takes three bytes at most: short responses need no count.
  if (body.length * 3 <= maxResponseBytes) return body;
  const bytes = Buffer.byteLength(body);
  if (bytes <= maxResponseBytes) return body;
  const error = new Error(
    `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (${maxResponseBytes} bytes).`,
  );
  error.name = 'Function.ResponseSizeTooLarge';
  error.stack = '';
  throw error;
}
