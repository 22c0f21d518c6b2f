import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { errorReason } from '#functions/error-reason.ts';
import { headExcess } from '#functions/http/head-limits.ts';
import { decodePercent, parseQueryString } from '#functions/http/query-string.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import { beginningOf, invocationOf, withoutSecrets } from '#local/events/spans.ts';
import { headersAsSent, receive } from '#local/http/client-request.ts';
import { announcesTooLarge, hasBody, readBody } from '#local/http/read-body.ts';
import { type HttpResponse, sendResponse } from '#local/http/response.ts';
import type { AuthorizeIam } from '#local/iam/authorize-invoke.ts';
import type { InvokeFunction } from '#local/lambda/invoke-result.ts';
import type { RegionModel } from '#local/model/model.ts';
import { type Exchange, type Fault, isFault } from './exchange.ts';
import { createWarnOnce, type FaultsOf, type RegionalGateway, startGatewayServer } from './gateway-server.ts';
import type { CommonFault, GatewayKind, Route, Stage } from './kind.ts';
import { type StagesOf, StageTable, withStages } from './stage-table.ts';

/** What `ANY` stands for; other methods (`TRACE`, WebDAV's) never match. */
export const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'] as const;

/** Source: Amazon API Gateway Developer Guide, "Quotas for configuring and running a REST API". */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;

export interface GatewayOptions {
  readonly region: RegionModel;
  /** 0: any free port. */
  readonly port: number;
  readonly invoke: InvokeFunction;
  /** @default none: routes with `AWS_IAM` authorization refuse every request with 403 */
  readonly authorizeIam?: AuthorizeIam;
  /** @default none */
  readonly faultsOf?: FaultsOf;
  /** Hears of each request that has its response, with its route: `GET /user/{id}`. @default - nobody */
  readonly measure?: (exchange: Exchange, route: string) => void;
  /** Whether a stage's route, `GET /user/{id}`, takes no requests now. @default - none is held */
  readonly isHeld?: (stage: string, route: string) => boolean;
  readonly log: RuntimeLog;
}

interface Served<S extends Stage<R, E>, R extends Route<E, F>, E extends Exchange<F>, F extends Fault> {
  readonly kind: GatewayKind<S, R, E, F>;
  readonly authorizeIam: AuthorizeIam | undefined;
  readonly measure: GatewayOptions['measure'];
  readonly isHeld: GatewayOptions['isHeld'];
  readonly log: RuntimeLog;
  readonly region: RegionModel;
  readonly warnOnce: (message: string) => void;
}

/**
 * Serves the APIs of one kind of a region; see `compileStagePicker` for the `Host` headers and paths that lead to their stages.
 *
 * @param stagesOf - compiles the stages of this kind that a region has
 * @throws for a port that is taken (`EADDRINUSE`)
 */
export async function startGateway<
  S extends Stage<R, E>,
  R extends Route<E, F>,
  E extends Exchange<F>,
  F extends Fault,
>(
  { region, port, invoke, authorizeIam, faultsOf, measure, isHeld, log }: GatewayOptions,
  stagesOf: StagesOf<S>,
  kind: GatewayKind<S, R, E, F>,
): Promise<RegionalGateway> {
  const stages = new StageTable(region, stagesOf(region, invoke), kind.mergesSlashes);
  const served = { kind, authorizeIam, measure, isHeld, log, region, warnOnce: createWarnOnce(log) };
  const onRequest: RequestListener = (request, response) => {
    const client = receive(request);
    const mark = client.target.indexOf('?');
    const picked = stages.pick(client.headers.host ?? '', mark < 0 ? client.target : client.target.slice(0, mark));
    if (!picked) {
      const nowhere = kind.nowhere();
      sendResponse(response, nowhere.response, nowhere.headers);
      return;
    }
    const exchange = kind.begin(client, picked.stage, picked.entrance);
    serve(request, response, exchange, picked.stage, served).catch((error: unknown) => {
      log.write({
        kind: 'warning',
        time: Date.now(),
        message: `${exchange.requestId}: the response could not be sent: ${errorReason(error)}`,
      });
      response.destroy();
    });
  };
  const server = await startGatewayServer(port, onRequest, { faultsOf });
  return {
    ...server,
    setDomains: (domains, propagation) => stages.setDomains(domains, propagation),
    prepareStages: (released, names, releasedInvoke) => {
      const prepared = stagesOf(withStages(released, names), releasedInvoke);
      return () => stages.replace(names, prepared);
    },
  };
}

async function serve<S extends Stage<R, E>, R extends Route<E, F>, E extends Exchange<F>, F extends Fault>(
  request: IncomingMessage,
  response: ServerResponse,
  exchange: E,
  stage: S,
  served: Served<S, R, E, F>,
): Promise<void> {
  const { kind, log, region } = served;
  let outcome: F | HttpResponse | undefined;
  try {
    outcome = await take(request, exchange, stage, served);
  } catch (error) {
    const message = `${region.type} ${kind.describeRoute(exchange)}: ${errorReason(error)}`;
    log.write({ kind: 'warning', time: Date.now(), message });
    outcome = kind.failed(errorReason(error));
  }
  if (!outcome || response.destroyed) return;
  if (isFault(outcome)) {
    exchange.fault = outcome;
    // What is wrong with the API, not with the request, is said once.
    if (outcome.responseType === 'API_CONFIGURATION_ERROR') {
      const where = `${region.type} ${exchange.facts.stage} ${kind.describeRoute(exchange)}`;
      served.warnOnce(`${where}: ${outcome.integrationError ?? outcome.message}`);
    }
  }
  const sent = kind.respond(exchange, stage, outcome);
  exchange.responseLength = sendResponse(response, sent, kind.headersOf(exchange));
  exchange.status = sent.status;
  served.measure?.(exchange, kind.describeRoute(exchange));
  if (log.spans.areKept) keepSpan(served, kind.describeRoute(exchange), exchange, sent);
  if (!stage.accessLog) return;
  log.write({
    kind: 'access',
    time: exchange.startedAt,
    region: region.type,
    environment: exchange.facts.stage,
    logGroup: stage.accessLog.logGroup,
    requestId: exchange.requestId,
    traceId: exchange.traceId,
    line: stage.accessLog.render(exchange),
  });
}

function keepSpan(
  { log, region }: Pick<GatewayOptions, 'log' | 'region'>,
  name: string,
  exchange: Exchange,
  sent: HttpResponse,
) {
  const { request, requestId, startedAt, body, integration } = exchange;
  log.spans.add({
    part: 'gateway',
    requestId,
    invocation: integration?.requestId && invocationOf(integration.requestId),
    region: region.region,
    name,
    time: startedAt,
    milliseconds: Date.now() - startedAt,
    outcome: String(sent.status),
    exchanged: {
      request: {
        line: `${request.method} ${request.target} ${request.protocol}`,
        headers: withoutSecrets(request.rawHeaders),
        body: beginningOf(body),
      },
      response: { line: String(sent.status), headers: withoutSecrets(sent.headers), body: beginningOf(sent.body) },
    },
  });
}

/**
 * Takes a request through a stage: limits, firewall, route, what needs no body, body, authorization, what needs the body, integration.
 *
 * @returns `undefined` when the client went away before it had sent all
 */
async function take<S extends Stage<R, E>, R extends Route<E, F>, E extends Exchange<F>, F extends Fault>(
  request: IncomingMessage,
  exchange: E,
  stage: S,
  { kind, authorizeIam, isHeld }: Served<S, R, E, F>,
): Promise<F | HttpResponse | undefined> {
  const malformed = checkHead(request, exchange, kind.countsRequestLine);
  if (malformed) return kind.faults[malformed];
  const blocked = kind.guard(exchange, stage);
  if (blocked) return blocked;
  const match = stage.match(exchange.request.method, kind.pathOf(exchange));
  if (match) exchange.pathParameters = match.pathParameters;
  const early = kind.enter(exchange, stage, match?.route);
  if (early) return early;
  if (!match) return kind.faults.noRoute;
  if (isHeld?.(stage.facts.stage, kind.describeRoute(exchange))) return kind.faults.held;
  const { route } = match;
  if (hasBody(request)) {
    const body = await readBody(request, MAX_BODY_BYTES);
    if (body === 'aborted') return undefined;
    if (body === 'too-large') return kind.faults.tooLarge;
    exchange.body = body;
  }
  if (route.authorization === 'AWS_IAM') {
    const decision = await authorizeIam?.(iamRequest(request, exchange, kind.pathOf(exchange)));
    if (!decision?.allowed) return kind.refuse(decision);
    exchange.identity = decision.identity;
  }
  const refused = await route.authorize?.(exchange);
  if (refused) return refused;
  return kind.check(exchange, stage, route) ?? (await route.integrate(exchange));
}

/**
 * Limits, and escapes that no part of the API could decode.
 *
 * Source: Amazon API Gateway Developer Guide, "Quotas for configuring and running a REST API" and "… an HTTP API".
 */
function checkHead(
  incoming: IncomingMessage,
  exchange: Exchange,
  countsRequestLine: boolean,
): Exclude<CommonFault, 'held' | 'noRoute'> | undefined {
  const excess = headExcess(exchange.request, countsRequestLine);
  if (excess) return excess;
  if (announcesTooLarge(incoming, MAX_BODY_BYTES)) return 'tooLarge';
  const { path } = exchange.entrance;
  if (path.includes('%') && decodePercent(path) === undefined) return 'badEscape';
  const query = parseQueryString(exchange.rawQueryString);
  if (!query) return 'badEscape';
  exchange.query = query;
  return undefined;
}

function iamRequest(incoming: IncomingMessage, { request, facts, body }: Exchange, path: string) {
  return {
    method: request.method,
    target: request.target,
    rawHeaders: headersAsSent(incoming),
    body,
    region: facts.region,
    resource: `${facts.executionArn}/${facts.stage}/${request.method}${path}`,
  };
}
