import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { getOwn, setOwn } from './raw-headers.ts';

const sent = new WeakMap<IncomingMessage, readonly string[]>();

const NONE: QueryParameters = { single: {}, multi: {} };

/** What the client sent; read once, when the headers have come. */
export interface ClientRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  /** `HTTP/1.1`. */
  readonly protocol: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly sourceIp: string;
  /** The gateway's port. */
  readonly port: number;
}

/** What the client sent, before any of it is judged. */
export function receive(request: IncomingMessage): ClientRequest {
  const { socket } = request;
  return {
    method: request.method ?? '',
    target: originForm(request.url ?? ''),
    protocol: `HTTP/${request.httpVersion}`,
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    sourceIp: socket.remoteAddress ?? '',
    port: socket.localPort ?? 0,
  };
}

/** RFC 9112, 3.2: a proxy's `http://host/path` as `/path`. */
function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const path = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(.*)$/i.exec(target)?.[1] ?? target;
  return path.startsWith('/') ? path : `/${path}`;
}

/** Query parameters as the proxy events hold them. */
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
  const single: Record<string, string> = {};
  const multi: Record<string, string[]> = {};
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decode(pair.slice(equals + 1));
    if (name === undefined || value === undefined) return undefined;
    setOwn(single, name, value);
    const values = getOwn(multi, name);
    if (values) values.push(value);
    else setOwn(multi, name, [value]);
  }
  return { single, multi };
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

/** Makes a request that came in elsewhere one for a public name, as if the client had connected to that. */
export function setPublicHost(request: IncomingMessage, name: string): void {
  const { rawHeaders } = request;
  sent.set(request, [...rawHeaders]);
  request.headers.host = name;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (rawHeaders[at]?.toLowerCase() === 'host') rawHeaders[at + 1] = name;
  }
}

/** Names and values in turn, as the client sent and signed them: its signature covers the `Host` that it connected to. */
export function headersAsSent(request: IncomingMessage): readonly string[] {
  return sent.get(request) ?? request.rawHeaders;
}

/** `API.Example.com.:443` as `api.example.com`. */
export function hostName(host: string): string {
  const withoutPort = host.startsWith('[') ? host.slice(0, host.indexOf(']') + 1) : (host.split(':', 1)[0] ?? '');
  const name = withoutPort.toLowerCase();
  return name.endsWith('.') ? name.slice(0, -1) : name;
}

/** Whether a name, as `hostName` gives it, is this machine's own. */
export function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(name);
}
