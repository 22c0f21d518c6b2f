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
 * `_X_AMZN_TRACE_ID` of an invocation, which SDKs send along with their calls: the root that its trace has. The parent names the
 * invocation: the runtime tells by it whose call it serves.
 *
 * Source: AWS X-Ray Developer Guide, "Tracing header"; AWS Lambda Developer Guide, "Using Lambda environment variables".
 *
 * @param {string} requestId
 * @param {string} traceId
 */
export function traceHeader(requestId, traceId) {
  return `Root=${traceId};Parent=${requestId.replaceAll('-', '').slice(0, 16)};Sampled=0`;
}
