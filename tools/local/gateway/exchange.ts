import type { QueryParameters } from '#functions/http/query-string.ts';
import type { ClientRequest } from '#local/http/client-request.ts';

import type { HttpResponse } from '#local/http/response.ts';
import type { IamIdentity } from '#local/iam/authorize-invoke.ts';
import { traceIdFor } from './request-id.ts';
import type { Entrance, StageFacts } from './stage-picker.ts';

/** Why a gateway itself ends a request. */
export interface Fault {
  /** `$context.error.responseType`. */
  readonly responseType: string;
  /** `$context.error.message`. */
  readonly message: string;
  /** `$context.integrationErrorMessage`: for logs, never for the client. */
  readonly integrationError?: string;
}

/** What came of asking the function. */
export interface IntegrationOutcome {
  /** Lambda's own. */
  readonly status: number;
  /** Milliseconds. */
  readonly latency: number;
  readonly error?: string;
  /** The function's. */
  readonly requestId?: string;
}

const NO_BODY = Buffer.alloc(0);
const NO_QUERY = { single: {}, multi: {} };
const NO_PARAMETERS = {};

/**
 * One request on its way through a stage, and what became of it so far. A class, so that all requests have one shape: made of spread objects,
 * it would be a tenth of the gateway's time.
 */
export class Exchange<F extends Fault = Fault> {
  readonly facts: StageFacts;
  readonly entrance: Entrance;
  readonly request: ClientRequest;
  /** Milliseconds since the epoch. */
  readonly startedAt = Date.now();
  readonly requestId: string;
  /** Of X-Ray: the root of `X-Amzn-Trace-Id`. */
  readonly traceId: string;
  /** Without `?`, as the client sent it. */
  readonly rawQueryString: string;
  query: QueryParameters = NO_QUERY;
  body: Buffer = NO_BODY;
  pathParameters: Readonly<Record<string, string>> = NO_PARAMETERS;
  identity: IamIdentity | undefined = undefined;
  fault: F | undefined = undefined;
  integration: IntegrationOutcome | undefined = undefined;
  /** Of the response, once it is known. */
  status = 0;
  responseLength = 0;

  constructor(request: ClientRequest, facts: StageFacts, entrance: Entrance, requestId: string) {
    const mark = request.target.indexOf('?');
    this.facts = facts;
    this.entrance = entrance;
    this.request = request;
    this.requestId = requestId;
    this.traceId = traceIdFor(request.headers['x-amzn-trace-id']?.toString(), this.startedAt);
    this.rawQueryString = mark < 0 ? '' : request.target.slice(mark + 1);
  }
}

export function isFault<F extends Fault>(outcome: F | object): outcome is F {
  return 'responseType' in outcome;
}

/** A route's integration, prepared for one stage: responds, or says why it can't. */
export type Integration<E, F extends Fault> = (exchange: E) => Promise<F | HttpResponse>;
