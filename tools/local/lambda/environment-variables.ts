import { randomBytes } from 'node:crypto';
import type { LambdaFunction } from '#local/model/model.ts';

/** Session credentials of a function's execution role. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/**
 * The whole environment of a function's process ("Defined runtime environment variables", Lambda Developer Guide): nothing of the host's is
 * in it. What Lambda reserves, and the endpoints, win over the function's own.
 */
export function environmentVariables(of: {
  readonly lambdaFunction: LambdaFunction;
  readonly version: string;
  readonly region: string;
  readonly taskRoot: string;
  readonly endpointEnvironment: Readonly<Record<string, string>>;
  readonly credentialsFor: (roleArn: string) => RoleCredentials;
}): Record<string, string> {
  const { lambdaFunction, version, region, taskRoot, endpointEnvironment } = of;
  const { accessKeyId, secretAccessKey, sessionToken } = of.credentialsFor(lambdaFunction.roleArn);
  return {
    LANG: 'en_US.UTF-8',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    TZ: ':UTC',
    ...lambdaFunction.environment,
    _HANDLER: lambdaFunction.handler,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${lambdaFunction.runtime ?? `nodejs${process.versions.node.split('.', 1)[0]}.x`}`,
    AWS_LAMBDA_FUNCTION_NAME: lambdaFunction.name,
    AWS_LAMBDA_FUNCTION_VERSION: version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(lambdaFunction.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: lambdaFunction.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName(version),
    LAMBDA_TASK_ROOT: taskRoot,
    ...endpointEnvironment,
  };
}

/** `2025/06/01/[3]1d5f…`: the day, the version, 32 hexadecimal digits. */
function logStreamName(version: string): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[${version}]${randomBytes(16).toString('hex')}`;
}
