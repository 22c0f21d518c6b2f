import type { IncomingHttpHeaders } from 'node:http';
import { getOwn, setOwn } from '#local/http/raw-headers.ts';

/** Decoded names and values; several of one name in the order of the URL. */
export type CanonicalQuery = Record<string, string | string[]>;

export interface CanonicalRequestParts {
  readonly method: string;
  /** As it came. */
  readonly path: string;
  readonly query: CanonicalQuery;
  readonly headers: IncomingHttpHeaders;
  /** In lower case and in the order of the alphabet. */
  readonly signedHeaders: readonly string[];
  readonly payloadHash: string;
  readonly canonicalPath: (path: string) => string;
}

/**
 * The text whose hash is signed.
 *
 * Source: IAM User Guide, "Create a signed AWS API request", "Create a canonical request".
 */
export function createCanonicalRequest(parts: CanonicalRequestParts): string {
  const { method, path, query, headers, signedHeaders, payloadHash, canonicalPath } = parts;
  let text = `${method}\n${canonicalPath(path)}\n${canonicalQuery(query)}\n`;
  for (const name of signedHeaders) text += `${name}:${canonicalValue(getOwn(headers, name))}\n`;
  return `${text}\n${signedHeaders.join(';')}\n${payloadHash}`;
}

/**
 * Names and values in the order of their encoding, without the signature of a presigned URL. `getCanonicalQuery` of `@smithy/signature-v4`
 * does the same, but loses a parameter with the name `__proto__`.
 */
function canonicalQuery(query: CanonicalQuery): string {
  return Object.entries(query)
    .filter(([name]) => name.toLowerCase() !== 'x-amz-signature')
    .map(([name, values]) => ({ name: encodeStrictly(name), values: [values].flat().map(encodeStrictly).sort() }))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap(({ name, values }) => values.map((value) => `${name}=${value}`))
    .join('&');
}

/** Without white space around it, and one blank for whatever is within: a tab is white space as well. */
function canonicalValue(value: string | string[] | undefined): string {
  const text = value?.toString() ?? '';
  return /\s\s|^\s|\s$|[^\S ]/.test(text) ? text.trim().replace(/\s+/g, ' ') : text;
}

/** @returns `undefined` when an escape is broken */
export function parseQuery(text: string): CanonicalQuery | undefined {
  const query: CanonicalQuery = {};
  try {
    for (const pair of text.split('&')) {
      if (pair === '') continue;
      const equals = pair.indexOf('=');
      const name = decodeURIComponent(equals < 0 ? pair : pair.slice(0, equals));
      const value = equals < 0 ? '' : decodeURIComponent(pair.slice(equals + 1));
      const before = getOwn(query, name);
      setOwn(query, name, before === undefined ? value : [before, value].flat());
    }
  } catch {
    return undefined;
  }
  return query;
}

/**
 * The paths that a signature may be for, as clients sign them: S3 takes the path as it came, or, from a client that leaves characters to the
 * signature alone, with all but the unreserved ones encoded; other services take away dots and doubled slashes and encode it once more.
 */
export function canonicalPaths(service: string): readonly [(path: string) => string, ...((path: string) => string)[]] {
  return service === 's3' ? [(path) => path, strictPath] : [normalizedPath];
}

function strictPath(path: string): string {
  try {
    return path
      .split('/')
      .map((segment) => encodeStrictly(decodeURIComponent(segment)))
      .join('/');
  } catch {
    return path;
  }
}

function normalizedPath(path: string): string {
  if (path === '/') return path;
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(encodeStrictly(segment));
  }
  return `/${segments.join('/')}${segments.length > 0 && path.endsWith('/') ? '/' : ''}`;
}

/** Everything but the unreserved characters of RFC 3986, 2.3. */
function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
