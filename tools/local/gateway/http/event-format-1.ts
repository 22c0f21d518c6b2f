import { formatRequestTime } from '#local/gateway/request-id.ts';
import { domainPrefix } from '#local/gateway/stage-picker.ts';
import { getOwn, isConnectionHeader, lowerCaseName, setOwn } from '#local/http/raw-headers.ts';

import { isTextType, REPLACED } from './event.ts';
import { type Exchange, rawPath } from './exchange.ts';

/**
 * The event that a function gets, payload format 1.0, Terraform's default. What a request has none of is `null`; names of headers have the
 * client's capitals, each with its last value and with all of them.
 *
 * Source: Amazon API Gateway Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs in API Gateway", payload format 1.0.
 */
export function buildEventFormat1(exchange: Exchange) {
  const { request, body, facts, query, pathParameters, rawQueryString } = exchange;
  const isText = isTextType(request.headers['content-type']);
  const headers = headerMaps(exchange);
  return {
    version: '1.0',
    resource: resourcePath(exchange),
    path: rawPath(exchange),
    httpMethod: request.method,
    headers: headers.single,
    multiValueHeaders: headers.multi,
    queryStringParameters: rawQueryString === '' ? null : orNull(query.single),
    multiValueQueryStringParameters: rawQueryString === '' ? null : orNull(query.multi),
    requestContext: requestContext(exchange),
    pathParameters: orNull(pathParameters),
    stageVariables: orNull(facts.variables),
    body: body.length === 0 ? null : body.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

function requestContext(exchange: Exchange) {
  const { facts, entrance, request, identity, token, startedAt, requestId } = exchange;
  return {
    accountId: facts.accountId,
    apiId: facts.apiId,
    ...(token && { authorizer: token }),
    domainName: entrance.domainName,
    domainPrefix: domainPrefix(entrance.domainName),
    extendedRequestId: requestId,
    httpMethod: request.method,
    identity: {
      accessKey: identity?.accessKey ?? null,
      accountId: identity?.accountId ?? null,
      caller: identity?.user ?? null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: request.sourceIp,
      user: identity?.user ?? null,
      userAgent: request.headers['user-agent'] ?? null,
      userArn: identity?.userArn ?? null,
    },
    path: rawPath(exchange),
    protocol: request.protocol,
    requestId,
    requestTime: formatRequestTime(startedAt),
    requestTimeEpoch: startedAt,
    resourceId: null,
    resourcePath: resourcePath(exchange),
    stage: facts.stage,
  };
}

/** `/user/{id}` of `GET /user/{id}`; `$default` is its own. */
function resourcePath({ routeKey = '' }: Exchange): string {
  return routeKey.slice(routeKey.indexOf(' ') + 1);
}

function headerMaps({ request, body, traceId }: Exchange) {
  const { rawHeaders, sourceIp, port } = request;
  const single: Record<string, string> = {};
  const multi: Record<string, string[]> = {};
  const add = (name: string, value: string) => {
    setOwn(single, name, value);
    const values = getOwn(multi, name);
    if (values) values.push(value);
    else setOwn(multi, name, [value]);
  };
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    const lower = lowerCaseName(name);
    if (!REPLACED.has(lower) && !isConnectionHeader(lower)) add(name, rawHeaders[at + 1] ?? '');
  }
  const forwarded = request.headers['x-forwarded-for']?.toString();
  add('Content-Length', String(body.length));
  add('X-Amzn-Trace-Id', `Root=${traceId}`);
  add('X-Forwarded-For', forwarded ? `${forwarded}, ${sourceIp}` : sourceIp);
  add('X-Forwarded-Port', String(port));
  add('X-Forwarded-Proto', 'http');
  return { single, multi };
}

function orNull<T extends object>(map: T): T | null {
  for (const _ in map) return map;
  return null;
}
