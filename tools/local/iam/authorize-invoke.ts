import { ACCOUNT_ID } from '#local/aws-endpoint/authorize.ts';
import { joinHeaders } from '#local/http/raw-headers.ts';
import type { Authorizer } from './authorizer.ts';
import { createRefusal, type RefusalCause } from './refusal.ts';

type Denial = Extract<IamDecision, { allowed: false }>;

/** `AWS_IAM` authorization of API Gateway's routes: the action is `execute-api:Invoke`. */
export function createInvokeAuthorizer(authorizer: Authorizer): AuthorizeIam {
  return ({ method, target, rawHeaders, body, region, resource }) => {
    const request = {
      service: 'execute-api',
      region,
      action: 'execute-api:Invoke',
      resources: [resource],
      headers: joinHeaders(rawHeaders),
      method,
      url: target,
      body,
    };
    const identity = authorizer.authenticate(request);
    if (!('credentials' in identity)) return deny(identity);
    const cause = authorizer.decide(identity, request);
    if (cause) return deny(cause);
    const { arn, userId, credentials } = identity;
    return {
      allowed: true,
      identity: {
        accountId: ACCOUNT_ID,
        accessKey: credentials.accessKeyId,
        userArn: arn,
        user: userId,
        mayInvoke: (functionArn) => {
          const invocation = {
            ...request,
            service: 'lambda',
            action: 'lambda:InvokeFunction',
            resources: [functionArn],
          };
          return authorizer.decide(identity, invocation) === undefined;
        },
      },
    };
  };
}

function deny(cause: RefusalCause): Denial {
  return { allowed: false, responseType: responseType(cause), message: createRefusal('execute-api', cause).message };
}

/** Source: Amazon API Gateway Developer Guide, "Gateway response types for API Gateway". */
function responseType({ kind }: RefusalCause): Denial['responseType'] {
  if (kind === 'unsigned') return 'MISSING_AUTHENTICATION_TOKEN';
  return kind === 'denied' ? 'ACCESS_DENIED' : 'INVALID_SIGNATURE';
}

/** A request to a route with `AWS_IAM` authorization, with all that its signature covers. */
export interface IamRequest {
  readonly method: string;
  /** Path and query as the client sent them. */
  readonly target: string;
  /** Names and values in turn, as Node's `rawHeaders`. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** The region that the signature must be for; the service is `execute-api`. */
  readonly region: string;
  /** `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<METHOD>/<path>`: what `execute-api:Invoke` is asked for. */
  readonly resource: string;
}

export interface IamIdentity {
  readonly accountId: string;
  readonly accessKey: string;
  /** `$context.identity.userArn`: ARN of the user or the assumed role. */
  readonly userArn: string;
  /** `$context.identity.user` and `caller`: the principal's id. */
  readonly user: string;
  /** Whether its policies let it invoke a function. @default it may not */
  readonly mayInvoke?: (functionArn: string) => boolean;
}

export type IamDecision =
  | { readonly allowed: true; readonly identity: IamIdentity }
  | {
      readonly allowed: false;
      readonly responseType: 'ACCESS_DENIED' | 'EXPIRED_TOKEN' | 'INVALID_SIGNATURE' | 'MISSING_AUTHENTICATION_TOKEN';
      /** What the client is told. */
      readonly message: string;
    };

/** Verifies a Signature Version 4 and evaluates the caller's policies. */
export type AuthorizeIam = (request: IamRequest) => IamDecision | Promise<IamDecision>;
