import { newExtendedRequestId, newRequestId, newTraceHeader } from '#local/gateway/request-id.ts';
import type { Entrance, StageFacts } from '#local/gateway/stage-picker.ts';
import type { ClientRequest } from '#local/http/client-request.ts';
import type { QueryParameters } from '#local/http/query-string.ts';
import type { Reply } from '#local/http/reply.ts';
import type { IamIdentity } from '#local/iam/authorize-invoke.ts';
import type { Fault } from './fault.ts';

const NO_BODY = Buffer.alloc(0);

const NO_QUERY = { single: {}, multi: {} };

interface IntegrationOutcome {
  readonly status: number;
  /** Milliseconds. */
  readonly latency: number;
  readonly error?: string;
  /** The function's. */
  readonly requestId?: string;
}

/** One request on its way through a stage, and what became of it so far. */
export interface Exchange {
  readonly facts: StageFacts;
  readonly entrance: Entrance;
  readonly request: ClientRequest;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly requestId: string;
  readonly extendedRequestId: string;
  /** `X-Amzn-Trace-Id`. */
  readonly traceHeader: string;
  query: QueryParameters;
  body: Buffer;
  resourcePath: string | undefined;
  /** Still percent-encoded, as API Gateway passes them on. */
  pathParameters: Readonly<Record<string, string>>;
  apiKey: { readonly id: string; readonly value: string } | undefined;
  identity: IamIdentity | undefined;
  fault: Fault | undefined;
  integration: IntegrationOutcome | undefined;
  /** Of the response, once it is known. */
  status: number;
  responseLength: number;
}

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

/** A method's integration, prepared for one stage: answers, or says why it can't. */
export type Integration = (exchange: Exchange) => Promise<Fault | Reply>;

export function isFault(outcome: Fault | Reply): outcome is Fault {
  return 'responseType' in outcome;
}
