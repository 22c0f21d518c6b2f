import { createHash } from 'node:crypto';
import type { ContextVariables } from '#local/gateway/access-log.ts';
import { formatRequestTime } from '#local/gateway/request-id.ts';
import { domainPrefix } from '#local/gateway/stage-picker.ts';
import type { Exchange } from './exchange.ts';

type Value = number | string | undefined;

const variables: Readonly<Record<string, (exchange: Exchange) => Value>> = {
  accountId: ({ facts }) => facts.accountId,
  apiId: ({ facts }) => facts.apiId,
  awsEndpointRequestId: ({ integration }) => integration?.requestId,
  'customDomain.basePathMatched': ({ entrance }) => entrance.basePath.slice(1),
  deploymentId: ({ facts }) => facts.deploymentId,
  domainName: ({ entrance }) => entrance.domainName,
  domainPrefix: ({ entrance }) => domainPrefix(entrance.domainName),
  'error.message': ({ fault }) => fault?.message,
  'error.messageString': ({ fault }) => fault && JSON.stringify(fault.message),
  'error.responseType': ({ fault }) => fault?.responseType,
  'error.validationErrorString': ({ fault }) => fault?.validationErrors,
  extendedRequestId: ({ extendedRequestId }) => extendedRequestId,
  httpMethod: ({ request }) => request.method,
  'identity.accessKey': ({ identity }) => identity?.accessKey,
  'identity.accountId': ({ identity }) => identity?.accountId,
  'identity.apiKey': ({ apiKey }) => apiKey?.value,
  'identity.apiKeyId': ({ apiKey }) => apiKey?.id,
  'identity.caller': ({ identity }) => identity?.user,
  'identity.sourceIp': ({ request }) => request.sourceIp,
  'identity.user': ({ identity }) => identity?.user,
  'identity.userAgent': ({ request }) => request.headers['user-agent'],
  'identity.userArn': ({ identity }) => identity?.userArn,
  'integration.error': integrationError,
  'integration.integrationStatus': ({ integration }) => integration?.status,
  'integration.latency': ({ integration }) => integration?.latency,
  'integration.requestId': ({ integration }) => integration?.requestId,
  'integration.status': ({ integration }) => integration?.status,
  integrationErrorMessage: integrationError,
  integrationLatency: ({ integration }) => integration?.latency,
  integrationStatus: ({ integration }) => integration?.status,
  path: contextPath,
  protocol: ({ request }) => request.protocol,
  requestId: ({ requestId }) => requestId,
  requestTime: ({ startedAt }) => formatRequestTime(startedAt),
  requestTimeEpoch: ({ startedAt }) => startedAt,
  resourceId: ({ resourcePath }) => (resourcePath === undefined ? undefined : resourceId(resourcePath)),
  resourcePath: ({ resourcePath }) => resourcePath,
  responseLatency: ({ startedAt }) => Date.now() - startedAt,
  responseLength: ({ responseLength }) => responseLength,
  stage: ({ facts }) => facts.stage,
  status: ({ status }) => status,
  xrayTraceId: ({ traceHeader }) => traceHeader.slice('Root='.length),
};

/**
 * `$context` of a REST API by variable name. One without a value for a request is `undefined`.
 *
 * Source: Amazon API Gateway Developer Guide, "Variables for data transformations for API Gateway" and "Variables for access logging".
 */
export const contextVariables: ContextVariables<Exchange> = new Map(Object.entries(variables));

/** `$context` as one nested object, for mapping templates. */
export function toContextObject(exchange: Exchange): Record<string, unknown> {
  const context: Record<string, unknown> = {};
  const groups = new Map<string, Record<string, unknown>>();
  for (const [name, variable] of contextVariables) {
    const value = variable(exchange);
    if (value === undefined) continue;
    const [group = '', member] = name.split('.');
    if (member === undefined) {
      context[group] = value;
      continue;
    }
    const members = groups.get(group) ?? {};
    members[member] = value;
    groups.set(group, members);
    context[group] = members;
  }
  return context;
}

export function contextPath({ entrance }: Exchange): string {
  return entrance.prefix + entrance.path;
}

const resourceIds = new Map<string, string>();

/** Six characters, the same for the same path: Terraform's plan doesn't know the id that AWS will give. */
export function resourceId(resourcePath: string): string {
  let id = resourceIds.get(resourcePath);
  if (id === undefined) {
    id = BigInt(`0x${createHash('sha256').update(resourcePath).digest('hex')}`)
      .toString(36)
      .slice(0, 6);
    resourceIds.set(resourcePath, id);
  }
  return id;
}

function integrationError({ fault, integration }: Exchange): string | undefined {
  return integration?.error ?? fault?.integrationError;
}
