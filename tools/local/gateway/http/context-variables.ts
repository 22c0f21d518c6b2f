import type { ContextVariables } from '#local/gateway/access-log.ts';
import { formatRequestTime } from '#local/gateway/request-id.ts';
import { domainPrefix } from '#local/gateway/stage-picker.ts';
import { type Exchange, rawPath } from './exchange.ts';

type Value = number | string | undefined;

const variables: Readonly<Record<string, (exchange: Exchange) => Value>> = {
  accountId: ({ facts }) => facts.accountId,
  apiId: ({ facts }) => facts.apiId,
  'authorizer.error': ({ fault }) => fault?.authorizerError,
  awsEndpointRequestId: ({ integration }) => integration?.requestId,
  'customDomain.basePathMatched': ({ entrance }) => entrance.basePath.slice(1),
  domainName: ({ entrance }) => entrance.domainName,
  domainPrefix: ({ entrance }) => domainPrefix(entrance.domainName),
  'error.message': ({ fault }) => fault?.message,
  'error.messageString': ({ fault }) => fault && JSON.stringify(fault.message),
  'error.responseType': ({ fault }) => fault?.responseType,
  extendedRequestId: ({ requestId }) => requestId,
  httpMethod: ({ request }) => request.method,
  'identity.accountId': ({ identity }) => identity?.accountId,
  'identity.caller': ({ identity }) => identity?.user,
  'identity.sourceIp': ({ request }) => request.sourceIp,
  'identity.user': ({ identity }) => identity?.user,
  'identity.userAgent': ({ request }) => request.headers['user-agent'],
  'identity.userArn': ({ identity }) => identity?.userArn,
  'integration.error': ({ fault }) => fault?.integrationError,
  'integration.integrationStatus': ({ integration }) => integration?.status,
  'integration.latency': ({ integration }) => integration?.latency,
  'integration.requestId': ({ integration }) => integration?.requestId,
  'integration.status': ({ integration }) => integration?.status,
  integrationErrorMessage: ({ fault }) => fault?.integrationError,
  integrationLatency: ({ integration }) => integration?.latency,
  integrationStatus: ({ integration }) => integration?.status,
  path: rawPath,
  protocol: ({ request }) => request.protocol,
  requestId: ({ requestId }) => requestId,
  requestTime: ({ startedAt }) => formatRequestTime(startedAt),
  requestTimeEpoch: ({ startedAt }) => startedAt,
  responseLatency: ({ startedAt }) => Date.now() - startedAt,
  responseLength: ({ responseLength }) => responseLength,
  routeKey: ({ routeKey }) => routeKey,
  stage: ({ facts }) => facts.stage,
  status: ({ status }) => status,
};

/**
 * `$context` of an HTTP API by variable name. One without a value for a request is `undefined`.
 *
 * Source: Amazon API Gateway Developer Guide, "Customize HTTP API access logs".
 */
export const contextVariables: ContextVariables<Exchange> = new Map(Object.entries(variables));
