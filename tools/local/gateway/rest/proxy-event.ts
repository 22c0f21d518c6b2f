import { addHeader, type HeaderMaps, toHeaderMaps } from '../raw-headers.ts';
import { formatRequestTime } from '../request-time.ts';
import { domainPrefix } from '../stage-picker.ts';
import { contextPath, resourceId } from './context-variables.ts';
import type { Exchange } from './exchange.ts';

const REPLACED = new Set(['x-amzn-trace-id', 'x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto']);

/**
 * The event that a function gets through Lambda proxy integration, payload format 1.0. Path and path parameters stay percent-encoded,
 * query parameters are decoded, as REST APIs have it.
 *
 * Source: Amazon API Gateway Developer Guide, "Lambda proxy integrations in API Gateway", input format.
 */
export function buildProxyEvent(exchange: Exchange, isBinary: boolean) {
  const { facts, entrance, request, query, body, pathParameters } = exchange;
  const headers = forwardedHeaders(exchange);
  return {
    resource: exchange.resourcePath,
    path: entrance.basePath + entrance.path,
    httpMethod: request.method,
    headers: headers.single,
    multiValueHeaders: headers.multi,
    queryStringParameters: orNull(query.single),
    multiValueQueryStringParameters: orNull(query.multi),
    pathParameters: orNull(pathParameters),
    stageVariables: orNull(facts.variables),
    requestContext: requestContext(exchange),
    body: body.length === 0 ? null : body.toString(isBinary ? 'base64' : 'utf8'),
    isBase64Encoded: body.length > 0 && isBinary,
  };
}

function requestContext(exchange: Exchange) {
  const { facts, entrance, request, identity, apiKey, resourcePath = '/' } = exchange;
  return {
    resourceId: resourceId(resourcePath),
    resourcePath,
    httpMethod: request.method,
    extendedRequestId: exchange.extendedRequestId,
    requestTime: formatRequestTime(exchange.startedAt),
    path: contextPath(exchange),
    accountId: facts.accountId,
    protocol: request.protocol,
    stage: facts.stage,
    domainPrefix: domainPrefix(entrance.domainName),
    requestTimeEpoch: exchange.startedAt,
    requestId: exchange.requestId,
    identity: {
      cognitoIdentityPoolId: null,
      accountId: identity?.accountId ?? null,
      cognitoIdentityId: null,
      caller: identity?.user ?? null,
      sourceIp: request.sourceIp,
      principalOrgId: null,
      accessKey: identity?.accessKey ?? null,
      cognitoAuthenticationType: null,
      cognitoAuthenticationProvider: null,
      userArn: identity?.userArn ?? null,
      userAgent: request.headers['user-agent'] ?? null,
      user: identity?.user ?? null,
      ...(apiKey && { apiKey: apiKey.value, apiKeyId: apiKey.id }),
    },
    domainName: entrance.domainName,
    deploymentId: facts.deploymentId,
    apiId: facts.apiId,
  };
}

function forwardedHeaders({ request, traceHeader }: Exchange): HeaderMaps {
  const maps = toHeaderMaps(request.rawHeaders, REPLACED);
  const before = request.headers['x-forwarded-for']?.toString();
  addHeader(maps, 'X-Amzn-Trace-Id', traceHeader);
  addHeader(maps, 'X-Forwarded-For', before ? `${before}, ${request.sourceIp}` : request.sourceIp);
  addHeader(maps, 'X-Forwarded-Port', String(request.port));
  addHeader(maps, 'X-Forwarded-Proto', 'http');
  return maps;
}

function orNull<T extends object>(map: T): T | null {
  for (const _ in map) return map;
  return null;
}
