/**
 * Bytes of names and values of all headers together, and, on its own, of the request line.
 *
 * Source: Amazon API Gateway Developer Guide, "Quotas for configuring and running a REST API".
 */
export const MAX_HEADER_BYTES = 10_240;

interface Head {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  /** `HTTP/1.1`. */
  readonly protocol: string;
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[];
}

/**
 * What of a request is longer than {@link MAX_HEADER_BYTES}.
 *
 * @param countsRequestLine - whether line and headers together may not be longer
 */
export function headExcess(
  { method, target, protocol, rawHeaders }: Head,
  countsRequestLine: boolean,
): 'headersTooLarge' | 'uriTooLong' | undefined {
  const line = method.length + target.length + protocol.length;
  if (line > MAX_HEADER_BYTES) return 'uriTooLong';
  return headerBytes(rawHeaders) + (countsRequestLine ? line : 0) > MAX_HEADER_BYTES ? 'headersTooLarge' : undefined;
}

/** Bytes of header lines, without the line ends. */
function headerBytes(raw: readonly string[]): number {
  let bytes = 0;
  // A name and its value are parted by ": ".
  for (const part of raw) bytes += part.length + 1;
  return bytes;
}
