const signalNames: Partial<Record<NodeJS.Signals, string>> = {
  SIGABRT: 'aborted',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
};

/** Error of the Invoke API. Source: AWS Lambda API Reference, "Invoke". */
export const THROTTLED = 'TooManyRequestsException';

/** One synchronous invocation. */
export type InvokeFunction = (request: InvokeRequest) => Promise<InvokeResult>;

export interface InvokeRequest {
  readonly functionName: string;
  /** An alias, a version's number or `$LATEST`. */
  readonly qualifier: string;
  /** JSON without line ends between its tokens. */
  readonly payload: string;
  /** Of X-Ray, that the caller's request has. @default - a trace begins here */
  readonly traceId?: string;
}

/** What comes of an invocation; all but `not-found` carry the request id, which the function's log lines have too. */
export type InvokeResult = (
  | { readonly ok: true; readonly payload: unknown; readonly requestId: string }
  | InvokeError
  | InvokeTimeout
  | InvokeCrash
  | NotFound
) & {
  /** Of an alias with weights. */
  readonly executed?: ExecutedVersion;
};

/** The version that was drawn. */
export interface ExecutedVersion {
  readonly version: string;
  /** That the handler itself took. @default - it did not come to its end */
  readonly milliseconds?: number;
}

/** The handler threw or could not be loaded, or a payload was too large. */
export interface InvokeError {
  readonly ok: false;
  readonly kind: 'error';
  readonly requestId: string;
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** The handler took longer than the function's timeout. */
interface InvokeTimeout {
  readonly ok: false;
  readonly kind: 'timeout';
  readonly requestId: string;
  readonly errorType: 'Sandbox.Timedout';
  readonly errorMessage: string;
}

/** The process ended: `process.exit`, out of memory, or the runtime closed. */
interface InvokeCrash {
  readonly ok: false;
  readonly kind: 'crash';
  readonly requestId: string;
  readonly errorType: 'Runtime.ExitError';
  readonly message: string;
}

/** No such function, version or alias. */
export interface NotFound {
  readonly ok: false;
  readonly kind: 'not-found';
  readonly message: string;
}

/** A failure before it is known of which request. */
export type Cause =
  | { readonly kind: 'crash'; readonly reason: string }
  | {
      readonly kind: 'error';
      readonly errorType: string;
      readonly errorMessage: string;
      readonly trace?: readonly string[];
    }
  | { readonly kind: 'timeout'; readonly seconds: number };

/** The cause as the result of a request, worded as Lambda words it. */
export function failureOf(requestId: string, cause: Cause): InvokeCrash | InvokeError | InvokeTimeout {
  switch (cause.kind) {
    case 'error':
      return { ok: false, requestId, ...cause };
    case 'timeout': {
      const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${cause.seconds.toFixed(2)} seconds`;
      return { ok: false, kind: 'timeout', requestId, errorType: 'Sandbox.Timedout', errorMessage };
    }
    case 'crash': {
      const message = `RequestId: ${requestId} Error: ${cause.reason}`;
      return { ok: false, kind: 'crash', requestId, errorType: 'Runtime.ExitError', message };
    }
  }
}

/** What the function's log says of a failure. */
export function failureLine(failure: InvokeCrash | InvokeError | InvokeTimeout): string {
  return failure.kind === 'crash' ? failure.message : failure.errorMessage;
}

/** How a process ended: as `ChildProcess` says it, or why it could not be started. */
export type ProcessEnd =
  | { readonly code: number | null; readonly signal: NodeJS.Signals | null }
  | { readonly error: Error };

/** The end of a process that nobody asked for, worded as in Lambda's `Runtime.ExitError`. */
export function causeOf(end: ProcessEnd): Cause {
  if ('error' in end) return { kind: 'crash', reason: `Runtime failed to start: ${end.error.message}` };
  if (end.code === 0) return { kind: 'crash', reason: 'Runtime exited without providing a reason' };
  const signal = end.code === 134 ? 'SIGABRT' : end.signal;
  const how = signal === null ? `exit status ${end.code}` : `signal: ${signalNames[signal] ?? signal}`;
  return { kind: 'crash', reason: `Runtime exited with error: ${how}` };
}
