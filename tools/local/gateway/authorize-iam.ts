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
