import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import type { Duplex } from 'node:stream';

/** Node ends with 431 by itself what is larger; what is smaller gets the service's own response. Bytes. */
const PARSER_HEADER_BYTES = 64 * 1024;

/**
 * How long a refused client may go on sending before its connection is broken off: one that is cut short while it sends loses the response,
 * too. Source: RFC 9112, 9.6.
 */
const LINGER_MILLISECONDS = 2000;

interface HttpServerOptions {
  /** That a request may take to arrive, headers and body. */
  readonly receiveMilliseconds: number;
  /** That a connection without a request is kept. */
  readonly keepAliveMilliseconds: number;
  /** What is said, as JSON, to what is no request. @param reason - the status in words */
  readonly refusalBody: (status: number, reason: string) => unknown;
}

/** A connection's last request, and the response before it that is not sent yet. */
interface UnderWay {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly before: ServerResponse | undefined;
}

/**
 * An HTTP server that is not listening yet. What isn't HTTP gets 400 (a request that takes too long to arrive 408, one with far too large
 * headers 431) with a JSON body, and its connection ends; requests that came before it get their responses first.
 */
export function createHttpServer(onRequest: RequestListener, options: HttpServerOptions): Server {
  const { receiveMilliseconds, keepAliveMilliseconds, refusalBody } = options;
  const underWay = new WeakMap<Duplex, UnderWay>();
  const refused = new WeakSet<Duplex>();
  const refuse = (socket: Duplex, status: number) => {
    refused.add(socket);
    const reason = STATUS_CODES[status] ?? 'Bad Request';
    endWith(socket, `${status} ${reason}`, JSON.stringify(refusalBody(status, reason)));
  };
  const limits = {
    maxHeaderSize: PARSER_HEADER_BYTES,
    keepAliveTimeout: keepAliveMilliseconds,
    requestTimeout: receiveMilliseconds,
    headersTimeout: receiveMilliseconds,
    connectionsCheckingInterval: Math.min(receiveMilliseconds, 1000),
  };
  const server = createServer(limits, (request, response) => {
    const last = underWay.get(request.socket)?.response;
    underWay.set(request.socket, { request, response, before: last?.writableFinished ? undefined : last });
    if (hasOneHost(request.rawHeaders)) onRequest(request, response);
    else refuse(request.socket, 400);
  });
  // The limit is on bytes: Node would silently leave out headers beyond its default count.
  server.maxHeadersCount = 0;
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // What else it sends is no request either.
    if (refused.has(socket)) return;
    const last = underWay.get(socket);
    const status = statusOf(error.code);
    // Of a request that isn't whole, the response is the refusal, unless it has begun.
    const pending = last?.request.complete ? last.response : last?.before;
    if (last && !last.request.complete && last.response.headersSent && !last.response.writableFinished)
      socket.destroy();
    else if (!pending || pending.writableFinished) refuse(socket, status);
    // The last response ends the connection by itself; what came behind the request is not worth breaking it off.
    else if (error.code !== 'HPE_CLOSED_CONNECTION') pending.once('close', () => refuse(socket, status));
  });
  server.on('connect', (_request, socket) => refuse(socket, 400));
  return server;
}

/** RFC 9112, 3.2: a request with several hosts is for nobody. */
function hasOneHost(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts <= 1;
}

function statusOf(code: string | undefined): number {
  if (code === 'HPE_HEADER_OVERFLOW') return 431;
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
}

function endWith(socket: Duplex, statusLine: string, body: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const head = [
    `HTTP/1.1 ${statusLine}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  const linger = setTimeout(() => socket.destroy(), LINGER_MILLISECONDS).unref();
  socket.once('close', () => clearTimeout(linger));
}
