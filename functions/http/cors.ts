/** What {@link corsOf} reads from the variable `CORS`, as JSON. */
export interface CorsVariable {
  /** `*`, `https://*`, `http://*` or origins. */
  readonly origins: readonly string[];
  readonly expose: readonly string[];
  readonly credentials: boolean;
}

/** Headers that a response to a page of an origin has on top; names in lower case. */
export type CorsHeaders = (origin: string | undefined) => Readonly<Record<string, string>>;

/**
 * Compiles the CORS of a REST API's proxy integrations: what they respond goes out as it is, so that the handler adds what mapping templates and gateway
 * responses have by themselves.
 *
 * Source: Amazon API Gateway Developer Guide, "Enabling CORS support for Lambda or HTTP proxy integrations"; Fetch Standard, "CORS protocol".
 *
 * @param text - the function's variable `CORS`; without it a response gets nothing on top
 */
export function corsOf(text: string | undefined): CorsHeaders {
  if (!text) return () => ({});
  const { origins, expose, credentials }: CorsVariable = JSON.parse(text);
  const schemes = origins.flatMap((origin) => (/^https?:\/\/\*$/.test(origin) ? origin.slice(0, -1) : []));
  const anybody = origins.includes('*');
  // Caches would give one origin's response to another.
  const varies: Readonly<Record<string, string>> =
    anybody || (origins.length === 1 && schemes.length === 0) ? {} : { vary: 'Origin' };
  const further: Readonly<Record<string, string>> = {
    ...(credentials && { 'access-control-allow-credentials': 'true' }),
    ...(expose.length > 0 && { 'access-control-expose-headers': expose.join(',') }),
  };
  return (origin) => {
    if (anybody) return { 'access-control-allow-origin': '*', ...further };
    const isAllowed =
      origin !== undefined && (origins.includes(origin) || schemes.some((one) => origin.startsWith(one)));
    return isAllowed ? { 'access-control-allow-origin': origin, ...further, ...varies } : varies;
  };
}
