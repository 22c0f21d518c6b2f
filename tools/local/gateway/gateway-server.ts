import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createHttpServer } from '#container/http-server.ts';
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
  /**
   * Maps the custom domains anew, from the next request on: one that is under way ends in the stage that it began in.
   *
   * @param propagation - milliseconds in which ever more requests have the new mappings. @default 0
   */
  setDomains(domains: readonly CustomDomain[], propagation?: number): void;
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

/** From its first byte to its last: as long as an integration may take at most, and a body that drips holds no connection longer. */
const RECEIVE_MILLISECONDS = 29_000;

interface ServerOptions {
  /** That a request may take to arrive. @default 29 s */
  readonly receiveMilliseconds?: number;
  /** @default never */
  readonly faultsOf?: FaultsOf | undefined;
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
  const server = createHttpServer(handle, {
    receiveMilliseconds,
    keepAliveMilliseconds: 60_000,
    refusalBody: (_status, reason) => ({ message: reason }),
  });
  const failure = (host?: string) => faultsOf?.(host).mode();
  server.on('connection', (socket) => {
    if (failure()?.kind === 'refuse') socket.destroy();
  });
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

/** @returns writes a warning unless it was written before: for what is wrong with an API, not with a request */
export function createWarnOnce(log: RuntimeLog): (message: string) => void {
  const warned = new Set<string>();
  return (message) => {
    if (warned.has(message) || warned.size >= MOST_REMEMBERED) return;
    warned.add(message);
    log.write({ kind: 'warning', time: Date.now(), message });
  };
}
