import type { IncomingHttpHeaders } from 'node:http';
import type { IamIdentity } from '../authorize-iam.ts';
import type { QueryParameters } from '../query-string.ts';
import type { Fault } from './fault.ts';

/** Facts of a stage that its requests report. */
export interface StageFacts {
  readonly accountId: string;
  readonly apiId: string;
  readonly executionArn: string;
  readonly region: string;
  readonly stage: string;
  readonly deploymentId: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Where a request came in, as the client sees it. */
export interface Entrance {
  /** `$context.domainName`. */
  readonly domainName: string;
  /** Of a custom domain's mapping: `/v1`, or `''`. The functions' event has it in front of `path`. */
  readonly basePath: string;
  /** What `$context.path` has in front of `path`: the stage or the base path. */
  readonly prefix: string;
  /** Path within the stage, still percent-encoded; starts with `/`. */
  readonly path: string;
}

/** What the client sent; read once, when the headers have come. */
export interface ClientRequest {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  /** `HTTP/1.1`. */
  readonly protocol: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly sourceIp: string;
  /** The gateway's port. */
  readonly port: number;
}

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
