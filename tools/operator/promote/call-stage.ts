import { plainRequest } from '../../../client/plain-request.ts';
import { resultOf } from '../../../client/result.ts';
import { send } from '../../../client/send.ts';
import type { CallTarget } from '../call/call-target.ts';
import { stageTarget } from '../call/stage-target.ts';
import type { SmokeCall } from './smoke.ts';

/** Longer than any function of the API may take: API Gateway ends after 29 s. */
const TIMEOUT_MILLISECONDS = 35_000;

/**
 * Sends examples to a stage on AWS, identified as each operation asks for. Where an API answers is looked up once.
 *
 * @param targetOf - tells where an operation answers. @default - AWS is asked
 */
export function smokeCallOf(stage: string, targetOf: typeof stageTarget = stageTarget): SmokeCall {
  const targets = new Map<string, Promise<CallTarget>>();
  return async (operation, { pathParameters, query, headers, body }, { environment, regionType }) => {
    const key = [operation.api, operation.auth, environment, regionType].join(' ');
    const target = targets.get(key) ?? targetOf(operation, { env: environment, region: regionType }, stage);
    targets.set(key, target);
    const { baseUrl, ...access } = await target;
    const request = plainRequest(operation, baseUrl, { path: pathParameters, query, headers, body });
    const response = await send(operation, request, { ...access, signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) });
    return (await resultOf(operation, response)).status;
  };
}
