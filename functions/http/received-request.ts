import type { Logger } from '@aws-lambda-powertools/logger';
import type { Outcome } from './gateway-response.ts';
import type { QueryParameters } from './query-string.ts';

/** Who sent a request, as far as the host has looked. */
export interface Caller {
  /** Address of the connection's other end: behind CloudFront or a proxy, theirs. */
  readonly ip: string;
  readonly userAgent?: string | undefined;
  /** ARN of the IAM principal that signed the request. */
  readonly principal?: string | undefined;
  /** Id of the API key, at a REST API. */
  readonly apiKeyId?: string | undefined;
}

/** A request as a host that is no gateway hands it to an operation. */
export interface ReceivedRequest {
  /** API environment. */
  readonly env: string;
  readonly requestId: string;
  readonly method: string;
  /** As the contract writes it: `/user/{id}`. */
  readonly route: string;
  readonly pathParameters: Readonly<Record<string, string | undefined>>;
  readonly query: QueryParameters;
  /** Undefined when there is none. */
  readonly body: Uint8Array | undefined;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly caller: Caller;
  /** Carries the request's ids, also where one request's operation keeps it for another's. */
  readonly log: Pick<Logger, 'debug' | 'error' | 'info' | 'warn'>;
}

/** What every handler offers beside the function that Lambda calls. */
export interface Served {
  /** Serves one request of the function's operations. @throws BadRequestError, and what the operation throws */
  readonly serve: (request: ReceivedRequest) => Promise<Outcome>;
}
