const NONE: QueryParameters = { single: {}, multi: {} };

/** Query parameters as gateways hand them on. */
export interface QueryParameters {
  /** The last value of each name. */
  readonly single: Readonly<Record<string, string>>;
  /** Every value of each name, in order. */
  readonly multi: Readonly<Record<string, string[]>>;
}

/**
 * Decodes a query string: percent escapes are UTF-8, `+` is a space, a name without `=` has the value `''`.
 *
 * @param query - without `?`
 * @returns `undefined` when a percent escape is broken or is not UTF-8
 */
export function parseQueryString(query: string): QueryParameters | undefined {
  if (query === '') return NONE;
  const single = new Map<string, string>();
  const multi = new Map<string, string[]>();
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    if (name === undefined || value === undefined) return undefined;
    single.set(name, value);
    const values = multi.get(name);
    if (values) values.push(value);
    else multi.set(name, [value]);
  }
  // Unlike an assignment, this makes `__proto__` a property like any other.
  return { single: Object.fromEntries(single), multi: Object.fromEntries(multi) };
}

function decode(text: string): string | undefined {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  return spaced.includes('%') ? decodePercent(spaced) : spaced;
}

/** @returns `undefined` when an escape is broken or is not UTF-8 */
export function decodePercent(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
