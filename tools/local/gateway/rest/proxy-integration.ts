import { exceedsPayload } from '#functions/lambda-payload.ts';
import { describeFailure, type Invocation, type InvokeTarget } from '#local/gateway/lambda-invocation.ts';
import type { Exchange, Integration } from './exchange.ts';
import { badGatewayFault, notInvoked } from './fault.ts';

import type { ProxyEvent } from './proxy-event.ts';
import { toProxyResponse } from './proxy-response.ts';

/** What a body that is larger than Lambda takes is refused with. */
export const PAYLOAD_TOO_LARGE = { responseType: 'REQUEST_TOO_LARGE', message: 'Request Too Long' } as const;

/**
 * Lambda proxy integration (`AWS_PROXY`): a function that fails, for whatever reason, or responds in another format is a 502.
 *
 * Source: Amazon API Gateway Developer Guide, "Lambda proxy integrations in API Gateway".
 *
 * @param isBinary - whether a media type is one of the API's binary ones
 */
export function createProxyIntegration(
  invoke: InvokeTarget,
  eventOf: ProxyEvent,
  isBinary: (header: string | undefined) => boolean,
  warn: (message: string) => void,
): Integration {
  return async (exchange) => {
    const { headers } = exchange.request;
    const event = eventOf(exchange, isBinary(headers['content-type']));
    if (exceedsPayload(event)) return PAYLOAD_TOO_LARGE;
    const invocation = await invoke(exchange, event);
    if ('cause' in invocation) return notInvoked(invocation);
    const response = invocation.result.ok
      ? toProxyResponse(invocation.result.payload, (contentType) => isBinary(headers.accept ?? contentType))
      : describeFailure(invocation.result);
    if (typeof response !== 'string') return response;
    return fail(exchange, invocation, response, warn);
  };
}

function fail(exchange: Exchange, { functionName }: Invocation, reason: string, warn: (message: string) => void) {
  const { facts, request, resourcePath } = exchange;
  warn(
    `502 for ${request.method} ${resourcePath} in ${facts.stage}, function ${functionName}: ${reason} (request ${exchange.requestId}).`,
  );
  if (exchange.integration) exchange.integration = { ...exchange.integration, error: reason };
  return badGatewayFault(reason);
}
