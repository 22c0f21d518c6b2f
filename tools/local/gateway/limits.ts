/** Source: Amazon API Gateway Developer Guide, "Quotas for configuring and running a REST API". */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** Names and values of all headers together, and, on its own, the request line. Same source. */
export const MAX_HEADER_BYTES = 10_240;

/** Source: AWS Lambda Developer Guide, "Lambda quotas": invocation payload, request and response each, synchronous. */
const MAX_LAMBDA_PAYLOAD_BYTES = 6 * 1024 * 1024;

/** Bytes of header lines, without the line ends. */
export function headerBytes(raw: readonly string[]): number {
  let bytes = 0;
  // A name and its value are parted by ": ".
  for (const part of raw) bytes += part.length + 1;
  return bytes;
}

/**
 * Whether a JSON value is larger than Lambda takes.
 *
 * @param largeText - the part of it that can be large; when short, the value isn't serialized to find out
 */
export function exceedsLambdaPayload(value: unknown, largeText: string | null): boolean {
  // A character is at most 6 bytes of JSON (`\u0000`), and all the rest of an event stems from headers and path, which have limits.
  if (largeText === null || largeText.length < MAX_LAMBDA_PAYLOAD_BYTES / 8) return false;
  return Buffer.byteLength(JSON.stringify(value)) > MAX_LAMBDA_PAYLOAD_BYTES;
}
