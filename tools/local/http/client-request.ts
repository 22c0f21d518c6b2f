import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

const sent = new WeakMap<IncomingMessage, readonly string[]>();

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
