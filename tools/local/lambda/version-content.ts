import { createHash } from 'node:crypto';
import type { LambdaFunction } from '#local/model/model.ts';

/**
 * Tells apart what a published version keeps: code, runtime, configuration, role.
 *
 * Source: AWS Lambda Developer Guide, "Manage Lambda function versions".
 *
 * @returns SHA-256, hexadecimal
 */
export function versionContent(of: LambdaFunction): string {
  const { codeSha256, handler, runtime, memoryMb, timeoutSeconds, environment, roleArn, logGroup } = of;
  const variables = Object.entries(environment).sort(([one], [other]) => (one < other ? -1 : 1));
  const kept = [codeSha256, handler, runtime, memoryMb, timeoutSeconds, variables, roleArn, logGroup];
  return createHash('sha256').update(JSON.stringify(kept)).digest('hex');
}
