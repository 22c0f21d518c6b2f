import { formatRequestTime } from '#local/gateway/request-id.ts';
import { domainPrefix } from '#local/gateway/stage-picker.ts';
import { getOwn, isConnectionHeader, lowerCaseName, mediaType, setOwn } from '#local/http/raw-headers.ts';

import { type Exchange, rawPath } from './exchange.ts';

/** Media types beside `text/…` whose bodies are passed as text; AWS's documentation doesn't name them, its gateways do. */
const TEXT_TYPES = new Set(['application/javascript', 'application/json', 'application/xml']);

/** Headers that the gateway writes itself. */
export const REPLACED = new Set([
  'content-length',
  'x-amzn-trace-id',
  'x-forwarded-for',
  'x-forwarded-port',
  'x-forwarded-proto',
]);

/**
 * The event that a function gets, payload format 2.0. What a request has none of is left out. Path, path parameters and query parameters
 * are decoded, the raw query string is as it was sent.
 *
 * Source: Amazon API Gateway Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs in API Gateway".
 */
export function buildEvent(exchange: Exchange) {
  const { facts, request, body, rawQueryString, routeKey, query, pathParameters } = exchange;
  const cookies = toCookies(request.rawHeaders);
  const isText = isTextType(request.headers['content-type']);
  return {
    version: '2.0',
    routeKey,
    rawPath: rawPath(exchange),
    rawQueryString,
    ...(cookies.length > 0 && { cookies }),
    headers: toHeaders(exchange),
    ...(rawQueryString !== '' && hasEntries(query.multi) && { queryStringParameters: joinValues(query.multi) }),
    requestContext: requestContext(exchange),
    ...(hasEntries(pathParameters) && { pathParameters }),
    ...(hasEntries(facts.variables) && { stageVariables: facts.variables }),
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

function requestContext(exchange: Exchange) {
  const { facts, entrance, request, identity, token, startedAt, requestId, routeKey } = exchange;
  return {
    accountId: facts.accountId,
    apiId: facts.apiId,
    ...(identity && {
      authorizer: {
        iam: {
          accessKey: identity.accessKey,
          accountId: identity.accountId,
          callerId: identity.user,
          cognitoIdentity: null,
          principalOrgId: null,
          userArn: identity.userArn,
          userId: identity.user,
        },
      },
    }),
    ...(token && { authorizer: { jwt: token } }),
    domainName: entrance.domainName,
    domainPrefix: domainPrefix(entrance.domainName),
    http: {
      method: request.method,
      path: rawPath(exchange),
      protocol: request.protocol,
      sourceIp: request.sourceIp,
      userAgent: request.headers['user-agent'] ?? '',
    },
    requestId,
    routeKey,
    stage: facts.stage,
    time: formatRequestTime(startedAt),
    timeEpoch: startedAt,
  };
}

/** Names in lower case, values of one name joined by commas; cookies have a field of their own. */
function toHeaders({ request, traceId, body }: Exchange): Record<string, string> {
  const headers: Record<string, string> = {};
  const { rawHeaders, sourceIp, port } = request;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = lowerCaseName(rawHeaders[at] ?? '');
    if (name === 'cookie' || REPLACED.has(name) || isConnectionHeader(name)) continue;
    const value = rawHeaders[at + 1] ?? '';
    const before = getOwn(headers, name);
    setOwn(headers, name, before === undefined ? value : `${before},${value}`);
  }
  const forwarded = request.headers['x-forwarded-for']?.toString();
  headers['content-length'] = String(body.length);
  headers['x-amzn-trace-id'] = `Root=${traceId}`;
  headers['x-forwarded-for'] = forwarded ? `${forwarded}, ${sourceIp}` : sourceIp;
  headers['x-forwarded-port'] = String(port);
  headers['x-forwarded-proto'] = 'http';
  return headers;
}

/** The cookies of all `Cookie` headers, each `name=value` (RFC 6265, 4.2.1). */
function toCookies(rawHeaders: readonly string[]): string[] {
  const cookies: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    if (lowerCaseName(rawHeaders[at] ?? '') !== 'cookie') continue;
    for (const part of rawHeaders[at + 1]?.split(';') ?? []) {
      const cookie = part.trim();
      if (cookie !== '') cookies.push(cookie);
    }
  }
  return cookies;
}

function joinValues(multi: Readonly<Record<string, string[]>>): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const name in multi) setOwn(joined, name, getOwn(multi, name)?.join(',') ?? '');
  return joined;
}

/** Whether a body is passed as text, else in base64. */
export function isTextType(contentType: string | undefined): boolean {
  if (contentType === undefined) return false;
  const type = mediaType(contentType);
  return type.startsWith('text/') || TEXT_TYPES.has(type);
}

function hasEntries(map: object): boolean {
  for (const _ in map) return true;
  return false;
}
