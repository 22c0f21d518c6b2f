import { createHash } from 'node:crypto';
import type { ContextVariables } from '#local/gateway/access-log.ts';
import { COMMON_VARIABLES } from '#local/gateway/context-variables.ts';
import { getOwn } from '#local/http/raw-headers.ts';
import type { Exchange } from './exchange.ts';

type Value = number | string | undefined;

const variables: Readonly<Record<string, (exchange: Exchange) => Value>> = {
  ...COMMON_VARIABLES,
  deploymentId: ({ facts }) => facts.deploymentId,
  'error.validationErrorString': ({ fault }) => fault?.validationErrors,
  extendedRequestId: ({ extendedRequestId }) => extendedRequestId,
  'identity.accessKey': ({ identity }) => identity?.accessKey,
  'identity.apiKey': ({ apiKey }) => apiKey?.value,
  'identity.apiKeyId': ({ apiKey }) => apiKey?.id,
  path: contextPath,
  resourceId: ({ resourcePath }) => (resourcePath === undefined ? undefined : resourceId(resourcePath)),
  resourcePath: ({ resourcePath }) => resourcePath,
  xrayTraceId: ({ traceId }) => traceId,
};

/**
 * `$context` of a REST API by variable name. One without a value for a request is `undefined`.
 *
 * Source: Amazon API Gateway Developer Guide, "Variables for data transformations for API Gateway" and "Variables for access logging".
 */
export const contextVariables: ContextVariables<Exchange> = {
  get: (name) => {
    const member = /^authorizer\.(.+)$/.exec(name)?.[1];
    if (member !== undefined) return ({ authorizer }) => getOwn(authorizer ?? {}, member);
    return getOwn(variables, name);
  },
};

/** `$context` as one nested object, for mapping templates. */
export function toContextObject(exchange: Exchange): Record<string, unknown> {
  const context: Record<string, unknown> = {};
  const groups = new Map<string, Record<string, unknown>>();
  for (const [name, variable] of Object.entries(variables)) {
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
  return exchange.authorizer ? { ...context, authorizer: exchange.authorizer } : context;
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
