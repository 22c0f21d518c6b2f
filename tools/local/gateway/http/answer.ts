import type { IncomingMessage } from 'node:http';
import { headerBytes, MAX_BODY_BYTES, MAX_HEADER_BYTES } from '#local/gateway/limits.ts';
import { headersAsSent } from '#local/http/public-host.ts';
import { decodePercent, parseQueryString } from '#local/http/query-string.ts';
import { announcesTooLarge, hasBody, readBody } from '#local/http/read-body.ts';
import type { Reply } from '#local/http/reply.ts';
import type { AuthorizeIam } from '#local/iam/authorize-invoke.ts';
import { isPreflight } from './cors.ts';
import type { Exchange } from './exchange.ts';
import { BAD_REQUEST, type Fault, forbidden, HEADERS_TOO_LARGE, NOT_FOUND, TOO_LARGE, URI_TOO_LONG } from './fault.ts';
import type { PreparedStage, Route } from './prepare-stage.ts';

const PREFLIGHT: Reply = { status: 204, headers: [], body: '' };

/**
 * Takes a request through a stage: limits, route, preflight, authorization, integration.
 *
 * @returns `undefined` when the client went away before it had sent all
 */
export async function answer(
  request: IncomingMessage,
  exchange: Exchange,
  stage: PreparedStage,
  authorizeIam: AuthorizeIam | undefined,
): Promise<Fault | Reply | undefined> {
  const malformed = checkHead(request, exchange);
  if (malformed) return malformed;
  const match = stage.match(exchange.request.method, exchange.path);
  if (stage.applyCors && answersPreflight(exchange, match?.route)) return PREFLIGHT;
  if (!match) return NOT_FOUND;
  const { route } = match;
  exchange.routeKey = route.routeKey;
  exchange.pathParameters = match.pathParameters;
  if (hasBody(request)) {
    const body = await readBody(request, MAX_BODY_BYTES);
    if (body === 'aborted') return undefined;
    if (body === 'too-large') return TOO_LARGE;
    exchange.body = body;
  }
  const refused = route.authorization === 'AWS_IAM' && (await authorize(request, exchange, authorizeIam));
  return refused || (await route.integrate(exchange));
}

/** Limits, and escapes that can't be decoded. Source of the limits: "Quotas for configuring and running an HTTP API". */
function checkHead(request: IncomingMessage, exchange: Exchange): Fault | undefined {
  const { target, rawHeaders, method, protocol } = exchange.request;
  const line = method.length + target.length + protocol.length;
  if (line > MAX_HEADER_BYTES) return URI_TOO_LONG;
  if (line + headerBytes(rawHeaders) > MAX_HEADER_BYTES) return HEADERS_TOO_LARGE;
  if (announcesTooLarge(request, MAX_BODY_BYTES)) return TOO_LARGE;
  const path = decodePercent(exchange.entrance.path);
  const query = parseQueryString(exchange.rawQueryString);
  if (path === undefined || !query) return BAD_REQUEST;
  exchange.path = path;
  exchange.query = query;
  return undefined;
}

/** A preflight has no credentials: where a route that takes it wants them, it is refused like any other request. */
function answersPreflight({ request }: Exchange, route: Route | undefined): boolean {
  if (!route) return request.method === 'OPTIONS';
  return route.authorization === 'NONE' && isPreflight(request);
}

async function authorize(
  incoming: IncomingMessage,
  exchange: Exchange,
  authorizeIam: AuthorizeIam | undefined,
): Promise<Fault | undefined> {
  if (!authorizeIam) return forbidden('ACCESS_DENIED', 'nothing verifies signatures here');
  const { request, facts, path, body } = exchange;
  const decision = await authorizeIam({
    method: request.method,
    target: request.target,
    rawHeaders: headersAsSent(incoming),
    body,
    region: facts.region,
    resource: `${facts.executionArn}/${facts.stage}/${request.method}${path}`,
  });
  if (!decision.allowed) return forbidden(decision.responseType, decision.message);
  exchange.identity = decision.identity;
  return undefined;
}
