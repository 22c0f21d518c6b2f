import type { IncomingHttpHeaders } from 'node:http';

/** Headers as the events hold them: names with the client's case. */
interface HeaderMaps {
  /** The last value of each name. */
  readonly single: Record<string, string>;
  /** Every value of each name, in order. */
  readonly multi: Record<string, string[]>;
}

/** Headers of the connection rather than of the message, which neither integrations nor clients get. */
const CONNECTION_HEADERS = new Set([
  'connection',
  'expect',
  'keep-alive',
  'proxy-authenticate',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** @param name - in lower case */
export function isConnectionHeader(name: string): boolean {
  return CONNECTION_HEADERS.has(name);
}

/** Besides those, what a REST API's integration doesn't get. */
const NOT_FORWARDED = new Set([
  ...CONNECTION_HEADERS,
  'content-length',
  'content-md5',
  'max-forwards',
  'server',
  'www-authenticate',
]);

/**
 * Whether a REST API's integration gets the header.
 *
 * Source: Amazon API Gateway Developer Guide, "Amazon API Gateway important notes for REST APIs", table of dropped and remapped headers.
 *
 * @param name - in lower case
 */
export function isForwarded(name: string): boolean {
  return !NOT_FORWARDED.has(name);
}

/** The case in which each name was first seen: clients repeat few names in few spellings, and lower-casing them all costs every request. */
const lowerCased = new Map<string, string>();

/** `name.toLowerCase()`, remembered for the names that keep coming. */
export function lowerCaseName(name: string): string {
  const known = lowerCased.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  if (lowerCased.size < 512) lowerCased.set(name, lower);
  return lower;
}

/**
 * A request's headers as parameters and templates know them, without its length and those of the connection.
 *
 * @param raw - names and values in turn, as Node's `rawHeaders`
 */
export function toHeaderMaps(raw: readonly string[]): HeaderMaps {
  const maps: HeaderMaps = { single: {}, multi: {} };
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    const lower = lowerCaseName(name);
    if (lower === 'content-length' || isConnectionHeader(lower)) continue;
    const value = raw[at + 1] ?? '';
    setOwn(maps.single, name, value);
    const values = getOwn(maps.multi, name);
    if (values) values.push(value);
    else setOwn(maps.multi, name, [value]);
  }
  return maps;
}

/**
 * A request's headers by lower-case name, several of one name joined by a comma without a blank, as Signature Version 4 has them.
 *
 * @param raw - names and values in turn, as Node's `rawHeaders`
 */
export function joinHeaders(raw: readonly string[]): IncomingHttpHeaders {
  const headers: Record<string, string> = {};
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = lowerCaseName(raw[at] ?? '');
    const value = raw[at + 1] ?? '';
    const before = getOwn(headers, name);
    setOwn(headers, name, before === undefined ? value : `${before},${value}`);
  }
  return headers;
}

/** Sets a key that a client chose: `__proto__` becomes a property like any other. */
export function setOwn<T>(map: Record<string, T>, key: string, value: T): void {
  if (key === '__proto__') {
    Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
  } else map[key] = value;
}

/** Reads a key that a client chose: inherited properties are absent. */
export function getOwn<T>(map: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

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
