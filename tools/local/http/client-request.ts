import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

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
