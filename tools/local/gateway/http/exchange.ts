import { newExtendedRequestId } from '#local/gateway/request-id.ts';
import type { Entrance, StageFacts } from '#local/gateway/stage-picker.ts';
import type { ClientRequest } from '#local/http/client-request.ts';
import type { QueryParameters } from '#local/http/query-string.ts';
import type { IamIdentity } from '#local/iam/authorize-invoke.ts';

import type { Fault } from './fault.ts';

/** What came of asking the function. */
export interface IntegrationOutcome {
  /** Lambda's own. */
  readonly status: number;
  /** Milliseconds. */
  readonly latency: number;
  /** The function's. */
  readonly requestId?: string;
}

/** One request on its way through a stage of an HTTP API, and what became of it so far. */
export interface Exchange {
  readonly facts: StageFacts;
  readonly entrance: Entrance;
  readonly request: ClientRequest;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly requestId: string;
  /** Without `?`, as the client sent it. */
  readonly rawQueryString: string;
  /** Within the stage, decoded. */
  path: string;
  query: QueryParameters;
  body: Buffer;
  routeKey: string | undefined;
  /** Decoded. */
  pathParameters: Readonly<Record<string, string>>;
  identity: IamIdentity | undefined;
  fault: Fault | undefined;
  integration: IntegrationOutcome | undefined;
  /** Of the response, once it is known. */
  status: number;
  responseLength: number;
}

const NO_BODY = Buffer.alloc(0);
const NO_PARAMETERS = {};
const NO_QUERY = { single: {}, multi: {} };

/** The exchange of a request that has found its stage. */
export function beginExchange(request: ClientRequest, facts: StageFacts, entrance: Entrance): Exchange {
  const mark = request.target.indexOf('?');
  return {
    facts,
    entrance,
    request,
    startedAt: Date.now(),
    requestId: newExtendedRequestId(),
    rawQueryString: mark < 0 ? '' : request.target.slice(mark + 1),
    path: entrance.path,
    query: NO_QUERY,
    body: NO_BODY,
    routeKey: undefined,
    pathParameters: NO_PARAMETERS,
    identity: undefined,
    fault: undefined,
    integration: undefined,
    status: 0,
    responseLength: 0,
  };
}

/** `rawPath` and `$context.path`: begins with the stage, also where a custom domain's mapping doesn't show it. */
export function rawPath({ facts, path }: Exchange): string {
  return facts.stage === '$default' ? path : `/${facts.stage}${path}`;
}
