import type { ClientRequest } from '../../http/client-request.ts';
import type { QueryParameters } from '../../http/query-string.ts';
import type { IamIdentity } from '../authorize-iam.ts';
import type { StageFacts } from '../stage-facts.ts';
import type { Entrance } from '../stage-picker.ts';
import type { Fault } from './fault.ts';

export interface IntegrationOutcome {
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
