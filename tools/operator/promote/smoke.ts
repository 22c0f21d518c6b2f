import { plainRequest } from '#client/plain-request.ts';
import { resultOf } from '#client/result.ts';
import { send } from '#client/send.ts';
import type { Operation, OperationExample } from '#contract/operation.ts';
import { errorReason } from '#functions/error-reason.ts';
import type { CallTarget } from '#operator/call/call-target.ts';
import { stageTarget } from '#operator/call/stage-target.ts';
import { regionsLeft } from '#operator/regions/left-region.ts';
import type { RegionType } from '#stacks/context.ts';

/** Longer than any function of the API may take: API Gateway ends after 29 s. */
const TIMEOUT_MILLISECONDS = 35_000;

/** One environment of one region, asked by its own URL. */
interface SmokePlace {
  readonly environment: string;
  readonly regionType: RegionType;
}

/** Sends an example. @returns the status; undefined where there is no token to send @throws Error when nothing answers, or the body is not as the contract says */
export type SmokeCall = (
  operation: Operation,
  example: OperationExample,
  place: SmokePlace,
) => Promise<number | undefined>;

/** What an example was answered with. */
export interface SmokeResult {
  readonly regionType: RegionType;
  /** `GET /user/{id}` */
  readonly route: string;
  /** What the example is about. */
  readonly summary: string;
  /** Why it is not as the example says. */
  readonly problem?: string;
  /** It was not sent, as it needs a token of the stage's issuer. */
  readonly isLeftOut?: true;
}

/**
 * Sends every example of the contract to an environment, to the regions at the same time. Within a region one follows the other, those that
 * write first: some of the others read what they wrote.
 *
 * @param without - region that is lost, to which nothing is sent. @default - none
 */
export async function runSmoke(
  operations: readonly Operation[],
  environment: string,
  call: SmokeCall,
  without?: RegionType,
): Promise<readonly SmokeResult[]> {
  const reads = ({ method }: Operation) => method === 'GET';
  const inOrder = [...operations.filter((operation) => !reads(operation)), ...operations.filter(reads)];
  const results = regionsLeft(without).map(async (regionType) => {
    const inRegion: SmokeResult[] = [];
    for (const operation of inOrder) {
      for (const example of operation.examples) {
        const outcome = await outcomeOf(operation, example, { environment, regionType }, call);
        const route = `${operation.method} ${operation.path}`;
        inRegion.push({ regionType, route, summary: example.summary, ...outcome });
      }
    }
    return inRegion;
  });
  return (await Promise.all(results)).flat();
}

async function outcomeOf(
  operation: Operation,
  example: OperationExample,
  place: SmokePlace,
  call: SmokeCall,
): Promise<Pick<SmokeResult, 'isLeftOut' | 'problem'>> {
  try {
    const status = await call(operation, example, place);
    if (status === undefined) return { isLeftOut: true };
    return status === example.status ? {} : { problem: `responded ${status}, expected ${example.status}` };
  } catch (error) {
    return { problem: errorReason(error) };
  }
}

/**
 * Sends examples to a stage on AWS, identified as each operation asks for. Where an API answers is looked up once.
 *
 * @param targetOf - tells where an operation answers. @default - AWS is asked
 */
export function smokeCallOf(stage: string, targetOf: typeof stageTarget = stageTarget): SmokeCall {
  const targets = new Map<string, Promise<CallTarget>>();
  return async (operation, { pathParameters, query, headers, body }, { environment, regionType }) => {
    const key = [operation.api, operation.auth, operation.scopes, environment, regionType].join(' ');
    const target = targets.get(key) ?? targetOf(operation, { env: environment, region: regionType }, stage);
    targets.set(key, target);
    const { baseUrl, ...access } = await target;
    if ((operation.auth === 'jwt' || operation.auth === 'authorizer') && access.token === undefined) return undefined;
    const request = plainRequest(operation, baseUrl, { path: pathParameters, query, headers, body });
    const response = await send(operation, request, { ...access, signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) });
    return (await resultOf(operation, response)).status;
  };
}
