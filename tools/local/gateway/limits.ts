/** What `ANY` stands for; other methods (`TRACE`, WebDAV's) never match. */
export const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'] as const;

/** Source: Amazon API Gateway Developer Guide, "Quotas for configuring and running a REST API". */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** Names and values of all headers together, and, on its own, the request line. Same source. */
export const MAX_HEADER_BYTES = 10_240;

/** Bytes of header lines, without the line ends. */
export function headerBytes(raw: readonly string[]): number {
  let bytes = 0;
  // A name and its value are parted by ": ".
  for (const part of raw) bytes += part.length + 1;
  return bytes;
}
