import type { IncomingHttpHeaders } from 'node:http';
import { AwsError } from './aws-error.ts';

/** The account that everything local belongs to: twelve zeros, which AWS gives to nobody. */
export const ACCOUNT_ID = '000000000000';

/** One call to an AWS endpoint, as IAM sees it. Names are those of the Service Authorization Reference. */
export interface AuthorizeRequest {
  /** What the request must be signed for: `dynamodb`, `monitoring`. */
  readonly service: string;
  /** Region of the endpoint that was called. */
  readonly region: string;
  /** From the request's credential scope; absent when the request isn't signed. */
  readonly accessKeyId?: string;
  /** `dynamodb:PutItem`. */
  readonly action: string;
  /** ARN of each resource that the action must be allowed on. */
  readonly resources: readonly string[];
  readonly headers: IncomingHttpHeaders;
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  /** The body as it came, for the signature. */
  readonly body: Buffer;
}

export type Authorization =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      /** HTTP status of the response. */
      readonly status: number;
      /** `AccessDeniedException`, `UnrecognizedClientException` … */
      readonly code: string;
      readonly message: string;
      /** What stands beside the message. */
      readonly details?: Readonly<Record<string, string>>;
    };

/** Decides whether a call may happen. */
export type Authorize = (request: AuthorizeRequest) => Promise<Authorization>;

/** @throws AwsError with what the decision says, when the call is refused */
export async function requireAuthorization(authorize: Authorize, request: AuthorizeRequest): Promise<void> {
  const decision = await authorize(request);
  if (decision.allowed) return;
  const { status, code, message, details } = decision;
  throw new AwsError(status, code, message, details);
}
