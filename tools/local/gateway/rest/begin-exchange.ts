import type { ClientRequest } from '../../http/client-request.ts';
import { newExtendedRequestId, newRequestId, newTraceHeader } from '../request-id.ts';
import type { StageFacts } from '../stage-facts.ts';
import type { Entrance } from '../stage-picker.ts';
import type { Exchange } from './exchange.ts';

const NO_BODY = Buffer.alloc(0);
const NO_QUERY = { single: {}, multi: {} };

/** The exchange of a request that has found its stage. */
export function beginExchange(request: ClientRequest, facts: StageFacts, entrance: Entrance): Exchange {
  const startedAt = Date.now();
  return {
    facts,
    entrance,
    request,
    startedAt,
    requestId: newRequestId(),
    extendedRequestId: newExtendedRequestId(),
    traceHeader: newTraceHeader(request.headers['x-amzn-trace-id']?.toString(), startedAt),
    query: NO_QUERY,
    body: NO_BODY,
    resourcePath: undefined,
    pathParameters: {},
    apiKey: undefined,
    identity: undefined,
    fault: undefined,
    integration: undefined,
    status: 0,
    responseLength: 0,
  };
}
