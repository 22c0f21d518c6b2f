import type { ContextVariables } from '#local/gateway/access-log.ts';
import { COMMON_VARIABLES } from '#local/gateway/context-variables.ts';
import { getOwn } from '#local/http/raw-headers.ts';
import { type Exchange, rawPath } from './exchange.ts';

type Value = number | string | undefined;

const variables: Readonly<Record<string, (exchange: Exchange) => Value>> = {
  ...COMMON_VARIABLES,
  'authorizer.error': ({ fault }) => fault?.authorizerError,
  extendedRequestId: ({ requestId }) => requestId,
  path: rawPath,
  routeKey: ({ routeKey }) => routeKey,
};

/**
 * `$context` of an HTTP API by variable name. One without a value for a request is `undefined`.
 *
 * Source: Amazon API Gateway Developer Guide, "Customize HTTP API access logs".
 */
export const contextVariables: ContextVariables<Exchange> = {
  get: (name) => {
    const claim = /^authorizer\.claims\.(.+)$/.exec(name)?.[1];
    if (claim !== undefined) return ({ token }) => getOwn(token?.claims ?? {}, claim);
    return Object.hasOwn(variables, name) ? variables[name] : undefined;
  },
};
