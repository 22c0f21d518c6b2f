/** What the gateways need of Lambda: one synchronous invocation. */
export type InvokeFunction = (request: InvokeRequest) => Promise<InvokeResult>;

export interface InvokeRequest {
  readonly functionName: string;
  /** An alias, a version's number or `$LATEST`. */
  readonly qualifier: string;
  /** JSON without line ends between its tokens. */
  readonly payload: string;
}

export type InvokeResult =
  /** `payload`: the JSON value that the function returned. */
  | { readonly ok: true; readonly payload: unknown; readonly requestId?: string }
  | InvokeError
  /** The function did not answer within its own timeout. */
  | { readonly ok: false; readonly kind: 'timeout'; readonly errorMessage: string; readonly requestId?: string }
  /** The process of the function ended. */
  | { readonly ok: false; readonly kind: 'crash'; readonly message: string; readonly requestId?: string }
  | { readonly ok: false; readonly kind: 'not-found'; readonly message: string };

/** The handler threw, or returned a rejected promise. */
export interface InvokeError {
  readonly ok: false;
  readonly kind: 'error';
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
  readonly requestId?: string;
}
