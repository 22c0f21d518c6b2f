/** `Application/JSON; charset=utf-8` as `application/json`. */
export function mediaType(header: string): string {
  const end = header.indexOf(';');
  return (end < 0 ? header : header.slice(0, end)).trim().toLowerCase();
}

/**
 * Compiles an API's binary media types.
 *
 * Source: Amazon API Gateway Developer Guide, "Binary media types for REST APIs in API Gateway".
 *
 * @param types - media types, the type or subtype of which may be `*`
 * @returns whether a `Content-Type`, or the first type of an `Accept` header, is binary
 */
export function compileBinaryMediaTypes(types: readonly string[]): (header: string | undefined) => boolean {
  const patterns = types.map((type) => type.toLowerCase());
  if (patterns.length === 0) return () => false;
  if (patterns.includes('*/*')) return () => true;
  return (header) => {
    if (header === undefined) return false;
    const type = mediaType(header.split(',', 1)[0] ?? '');
    return patterns.some(
      (pattern) => pattern === type || (pattern.endsWith('/*') && type.startsWith(pattern.slice(0, -1))),
    );
  };
}
