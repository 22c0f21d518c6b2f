import type { Context } from 'aws-lambda';

/** The context of an invocation through the alias `envA`. */
export function lambdaContext(functionName = 'test'): Context {
  return {
    awsRequestId: '6bc28136-xmpl-4365-b021-0ce6b2e64ab0',
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '1',
    invokedFunctionArn: `arn:aws:lambda:eu-central-1:111122223333:function:${functionName}:envA`,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: '2026/01/01/[1]0123456789abcdef',
    memoryLimitInMB: '256',
    getRemainingTimeInMillis: () => 10_000,
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}
