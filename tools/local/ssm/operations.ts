import { deleteParameter } from './delete-parameter.ts';
import { describeParameters } from './describe-parameters.ts';
import { getParameter, getParameters } from './get-parameters.ts';
import { getParametersByPath } from './get-parameters-by-path.ts';
import type { SsmOperation } from './operation.ts';
import { putParameter } from './put-parameter.ts';

/** What of Parameter Store is served (AWS Systems Manager API Reference). */
export const OPERATIONS: ReadonlyMap<string, SsmOperation> = new Map([
  ['DeleteParameter', deleteParameter],
  ['DescribeParameters', describeParameters],
  ['GetParameter', getParameter],
  ['GetParameters', getParameters],
  ['GetParametersByPath', getParametersByPath],
  ['PutParameter', putParameter],
]);
