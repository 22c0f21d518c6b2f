// @ts-check

/** @typedef {{ done(error?: unknown, result?: unknown): void, fail(error?: unknown): void, succeed(result?: unknown): void }} Settle */

const environment = process.env;

/**
 * The context object ("Using the Lambda context object to retrieve Node.js function information", Lambda Developer Guide) with the three
 * older ways to respond.
 *
 * @param {{ requestId: string, invokedFunctionArn: string, deadline: number, settle: Settle }} invocation - deadline: milliseconds since the epoch
 */
export function createContext({ requestId, invokedFunctionArn, deadline, settle }) {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: environment.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: environment.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn,
    memoryLimitInMB: environment.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    awsRequestId: requestId,
    logGroupName: environment.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: environment.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    ...settle,
  };
}
