// @ts-check

/** @typedef {{ done(error?: unknown, result?: unknown): void, fail(error?: unknown): void, succeed(result?: unknown): void }} Settle */

const environment = process.env;

/**
 * The context object ("Using the Lambda context object to retrieve Node.js function information", Lambda Developer Guide) with the three
 * older ways to respond.
 *
 * @param {{ requestId: string, invokedFunctionArn: string, now: () => number, deadline: number, settle: Settle }} invocation - deadline: milliseconds, of `now`
 */
export function createContext({ requestId, invokedFunctionArn, now, deadline, settle }) {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn,
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: requestId,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, deadline - now()),
    ...settle,
  };
}

/**
 * `_X_AMZN_TRACE_ID` of an invocation, which SDKs send along with their calls: the root that the gateway has given, or a new one. The parent names the
 * invocation: the runtime tells by it whose call it serves.
 *
 * Source: AWS X-Ray Developer Guide, "Tracing header"; AWS Lambda Developer Guide, "Using Lambda environment variables".
 *
 * @param {string} requestId
 * @param {{ headers?: Record<string, unknown> } | null} event
 */
export function traceHeader(requestId, event) {
  const hex = requestId.replaceAll('-', '');
  const given = event?.headers?.['X-Amzn-Trace-Id'] ?? event?.headers?.['x-amzn-trace-id'];
  const root =
    /(?:^|;)Root=([\w-]+)/.exec(String(given ?? ''))?.[1] ??
    `1-${Math.floor(Date.now() / 1000).toString(16)}-${hex.slice(0, 24)}`;
  return `Root=${root};Parent=${hex.slice(0, 16)};Sampled=0`;
}
