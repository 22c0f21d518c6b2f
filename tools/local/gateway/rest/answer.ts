import type { IncomingMessage } from 'node:http';
import { headerBytes, MAX_BODY_BYTES, MAX_HEADER_BYTES } from '#local/gateway/limits.ts';
import { headersAsSent } from '#local/http/public-host.ts';
import { decodePercent, parseQueryString } from '#local/http/query-string.ts';
import { announcesTooLarge, hasBody, readBody } from '#local/http/read-body.ts';
import type { Reply } from '#local/http/reply.ts';
import type { AuthorizeIam } from '#local/iam/authorize-invoke.ts';
import { admit } from './api-keys.ts';
import type { Exchange } from './exchange.ts';
import type { Fault } from './fault.ts';
import type { PreparedStage, Route } from './prepare-stage.ts';

const TOO_LARGE: Fault = {
  responseType: 'REQUEST_TOO_LARGE',
  message: `HTTP content length exceeded ${MAX_BODY_BYTES} bytes.`,
};
const BAD_ESCAPE: Fault = { responseType: 'DEFAULT_4XX', status: 400, message: 'Bad Request' };

/**
 * Takes a request through a stage: limits, route, authorization, API key and usage plan, validator, integration.
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
  const match = stage.match(exchange.request.method, exchange.entrance.path);
  if (!match) return { responseType: 'MISSING_AUTHENTICATION_TOKEN', message: 'Missing Authentication Token' };
  const { route } = match;
  exchange.resourcePath = route.resourcePath;
  exchange.pathParameters = match.pathParameters;
  // A signature covers the body; a key is checked before the body has come.
  const unsigned = route.authorization === 'NONE';
  if (unsigned) {
    const refused = admitKey(exchange, route, stage);
    if (refused) return refused;
  }
  if (hasBody(request)) {
    const body = await readBody(request, MAX_BODY_BYTES);
    if (body === 'aborted') return undefined;
    if (body === 'too-large') return TOO_LARGE;
    exchange.body = body;
  }
  if (!unsigned) {
    const refused = (await authorize(request, exchange, authorizeIam)) ?? admitKey(exchange, route, stage);
    if (refused) return refused;
  }
  return route.validate(exchange) ?? (await route.integrate(exchange));
}

/** Limits, and escapes that no part of the API could decode. */
function checkHead(request: IncomingMessage, exchange: Exchange): Fault | undefined {
  const { target, rawHeaders, method, protocol } = exchange.request;
  if (method.length + target.length + protocol.length > MAX_HEADER_BYTES) {
    return tooLong(414, `An HTTP line is larger than ${MAX_HEADER_BYTES} bytes.`);
  }
  if (headerBytes(rawHeaders) > MAX_HEADER_BYTES) {
    return tooLong(431, `HTTP header is larger than ${MAX_HEADER_BYTES} bytes.`);
  }
  if (announcesTooLarge(request, MAX_BODY_BYTES)) return TOO_LARGE;
  const { path } = exchange.entrance;
  if (path.includes('%') && decodePercent(path) === undefined) return BAD_ESCAPE;
  const mark = target.indexOf('?');
  if (mark < 0) return undefined;
  const query = parseQueryString(target.slice(mark + 1));
  if (!query) return BAD_ESCAPE;
  exchange.query = query;
  return undefined;
}

function tooLong(status: number, message: string): Fault {
  return { responseType: 'DEFAULT_4XX', status, message };
}

function admitKey(exchange: Exchange, { apiKeyRequired }: Route, { keys }: PreparedStage): Fault | undefined {
  if (!apiKeyRequired) return undefined;
  const admitted = admit(keys, exchange.request.headers['x-api-key']);
  if ('responseType' in admitted) return admitted;
  exchange.apiKey = admitted;
  return undefined;
}

async function authorize(
  incoming: IncomingMessage,
  exchange: Exchange,
  authorizeIam: AuthorizeIam | undefined,
): Promise<Fault | undefined> {
  const { request, facts, entrance, body } = exchange;
  if (!authorizeIam) return { responseType: 'ACCESS_DENIED', message: 'Forbidden' };
  const decision = await authorizeIam({
    method: request.method,
    target: request.target,
    rawHeaders: headersAsSent(incoming),
    body,
    region: facts.region,
    resource: `${facts.executionArn}/${facts.stage}/${request.method}${entrance.path}`,
  });
  if (!decision.allowed) return { responseType: decision.responseType, message: decision.message };
  exchange.identity = decision.identity;
  return undefined;
}
