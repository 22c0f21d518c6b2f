import { createServer, type IncomingMessage, type RequestListener, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { Effect, FailureMode, Faults } from '#local/failure/failure.ts';
import { hostName } from '#local/http/client-request.ts';
import { type HttpService, listen } from '#local/http/listen.ts';
import type { InvokeFunction } from '#local/lambda/invoke-result.ts';
import type { CustomDomain } from '#local/model/api-model.ts';
import type { RegionModel } from '#local/model/model.ts';

/** Reasons may quote what clients sent: what is remembered is bounded. */
const MOST_REMEMBERED = 1000;

/** A gateway of one region. */
export interface GatewayService extends HttpService {
  /** Takes a request that came in elsewhere in this process: the public name's. */
  readonly handle: RequestListener;
  /** How it fails for those who call it by a name, or by any. */
  failure(host?: string): FailureMode | undefined;
  /** Whether nobody gets a response. */
  failed(): boolean;
  /** What is under way breaks off, and what is kept alive. */
  breakConnections(): void;
}

/** How a gateway is made to fail for those who call it by a name, in small letters; without one: as a whole. */
export type FaultsOf = (host?: string) => Faults;

/** A gateway that custom domains lead to. */
export interface RegionalGateway extends GatewayService {
  /** Maps the custom domains anew, from the next request on: one that is under way ends in the stage that it began in. */
  setDomains(domains: readonly CustomDomain[]): void;
  /**
   * Makes stages ready as a release has them.
   *
   * @param region - of the release
   * @param names - of the stages
   * @param invoke - serves the release's functions
   * @returns serves them from the next request on; one that is under way ends in the stage that it began in
   * @throws when a mapping template or a model of a stage can't be compiled
   */
  prepareStages(region: RegionModel, names: readonly string[], invoke: InvokeFunction): () => void;
}

/** Node ends with 431 by itself what is larger; what is smaller gets the gateway's own response. Bytes. */
const PARSER_HEADER_BYTES = 64 * 1024;

/** From its first byte to its last: as long as an integration may take at most, and a body that drips holds no connection longer. */
const RECEIVE_MILLISECONDS = 29_000;

interface ServerOptions {
  /** That a request may take to arrive. @default 29 s */
  readonly receiveMilliseconds?: number;
  /** @default never */
  readonly faultsOf?: FaultsOf | undefined;
}
/**
 * How long a refused client may go on sending before its connection is broken off: one that is cut short while it sends loses the response,
 * too. Source: RFC 9112, 9.6.
 */
const LINGER_MILLISECONDS = 2000;

/** A connection's last request, and the response before it that is not sent yet. */
interface UnderWay {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly before: ServerResponse | undefined;
}

/**
 * Serves on the loopback address. What isn't HTTP gets 400 (a request that takes too long to arrive 408, one with far too large headers
 * 431) with a JSON body, and its connection ends; requests that came before it get their responses first.
 *
 * @param port - 0: any free port
 */
export async function startGatewayServer(
  port: number,
  onRequest: RequestListener,
  { receiveMilliseconds = RECEIVE_MILLISECONDS, faultsOf }: ServerOptions = {},
): Promise<GatewayService> {
  const handle: RequestListener = !faultsOf
    ? onRequest
    : (request, response) => {
        const effect = faultsOf(hostName(request.headers.host ?? '')).effect();
        if (effect) disturb(effect, request, response, () => onRequest(request, response));
        else onRequest(request, response);
      };
  const underWay = new WeakMap<Duplex, UnderWay>();
  const refused = new WeakSet<Duplex>();
  const refuse = (socket: Duplex, status: number) => {
    refused.add(socket);
    endWith(socket, status);
  };
  const options = {
    maxHeaderSize: PARSER_HEADER_BYTES,
    keepAliveTimeout: 60_000,
    requestTimeout: receiveMilliseconds,
    headersTimeout: receiveMilliseconds,
    connectionsCheckingInterval: Math.min(receiveMilliseconds, 1000),
  };
  const server = createServer(options, (request, response) => {
    const last = underWay.get(request.socket)?.response;
    underWay.set(request.socket, { request, response, before: last?.writableFinished ? undefined : last });
    if (hasOneHost(request.rawHeaders)) handle(request, response);
    else refuse(request.socket, 400);
  });
  // The limit is on bytes: Node would silently leave out headers beyond its default count.
  server.maxHeadersCount = 0;
  const failure = (host?: string) => faultsOf?.(host).mode();
  server.on('connection', (socket) => {
    if (failure()?.kind === 'refuse') socket.destroy();
  });
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
  const service = await listen(server, port);
  return {
    ...service,
    handle,
    failure,
    failed: () => ['drop', 'refuse'].includes(failure()?.kind ?? ''),
    breakConnections: () => server.closeAllConnections(),
  };
}

function disturb(effect: Effect, request: IncomingMessage, response: ServerResponse, serve: () => void): void {
  if (effect.kind === 'slow') setTimeout(serve, effect.milliseconds).unref();
  else if (effect.kind === 'refuse') request.socket.destroy();
  else if (effect.kind === 'error') {
    response.writeHead(500, { 'content-type': 'application/json' });
    response.end('{"message":"Internal server error"}');
  }
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

function endWith(socket: Duplex, status: number): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const reason = STATUS_CODES[status] ?? 'Bad Request';
  const body = JSON.stringify({ message: reason });
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  const linger = setTimeout(() => socket.destroy(), LINGER_MILLISECONDS).unref();
  socket.once('close', () => clearTimeout(linger));
}

/** @returns writes a warning unless it was written before: for what is wrong with an API, not with a request */
export function createWarnOnce(log: RuntimeLog): (message: string) => void {
  const warned = new Set<string>();
  return (message) => {
    if (warned.has(message) || warned.size >= MOST_REMEMBERED) return;
    warned.add(message);
    log.write({ kind: 'warning', time: Date.now(), message });
  };
}
