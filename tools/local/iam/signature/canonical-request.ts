import type { IncomingHttpHeaders } from 'node:http';
import { getCanonicalHeaders, getCanonicalQuery } from '@smithy/signature-v4';

/** Decoded names and values; several of one name in the order of the URL. */
export type CanonicalQuery = Record<string, string | string[]>;

export interface CanonicalRequestParts {
  readonly method: string;
  /** As it came. */
  readonly path: string;
  readonly query: CanonicalQuery;
  readonly headers: IncomingHttpHeaders;
  /** In lower case. */
  readonly signedHeaders: readonly string[];
  readonly payloadHash: string;
  /** S3 takes the path as it came; other services encode it once more. */
  readonly service: string;
}

/**
 * The text whose hash is signed.
 *
 * Source: IAM User Guide, "Create a signed AWS API request", "Create a canonical request".
 */
export function createCanonicalRequest(parts: CanonicalRequestParts): string {
  const headers: Record<string, string> = {};
  for (const name of parts.signedHeaders) headers[name] = parts.headers[name]?.toString() ?? '';
  const canonical = getCanonicalHeaders({ headers, ...NO_REQUEST }, undefined, new Set(parts.signedHeaders));
  const names = Object.keys(canonical).sort();
  return [
    parts.method,
    parts.service === 's3' ? parts.path : canonicalPath(parts.path),
    getCanonicalQuery({ query: parts.query, headers: {}, ...NO_REQUEST }),
    ...names.map((name) => `${name}:${canonical[name]}`),
    '',
    names.join(';'),
    parts.payloadHash,
  ].join('\n');
}

/** What the library's functions want of a request and don't read. */
const NO_REQUEST = { method: '', protocol: '', hostname: '', path: '' };

/** @returns `undefined` when an escape is broken */
export function parseQuery(text: string): CanonicalQuery | undefined {
  const query: CanonicalQuery = {};
  try {
    for (const pair of text.split('&')) {
      if (pair === '') continue;
      const equals = pair.indexOf('=');
      const name = decodeURIComponent(equals < 0 ? pair : pair.slice(0, equals));
      const value = equals < 0 ? '' : decodeURIComponent(pair.slice(equals + 1));
      const before = Object.hasOwn(query, name) ? query[name] : undefined;
      query[name] = before === undefined ? value : [before, value].flat();
    }
  } catch {
    return undefined;
  }
  return query;
}

function canonicalPath(path: string): string {
  if (path === '/') return path;
  const segments: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop();
    else if (segment !== '' && segment !== '.') segments.push(encodeSegment(segment));
  }
  return `/${segments.join('/')}${segments.length > 0 && path.endsWith('/') ? '/' : ''}`;
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
