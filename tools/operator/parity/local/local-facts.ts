import { operations } from '#contract/index.ts';
import { functionsOf } from '#contract/operation.ts';
import type { ControlClient } from '#local/control/client.ts';
import type { RegionMessage, RegionsMessage } from '#local/control/regions-schema.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { fingerprint } from '#operator/keys/key-parameter.ts';
import { type AskObjects, localObjectCopies } from '#operator/live/object-copies.ts';
import { localStores } from '#operator/parameters/open-stores.ts';
import type { ParameterStore } from '#operator/parameters/ssm-store.ts';
import {
  type Fact,
  factsOf,
  objectFacts,
  parameterFacts,
  planFacts,
  type RegionFacts,
  readFacts,
  variableFacts,
} from '#operator/parity/fact.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';
import { functionName, STANDBY_ONLY } from '#stacks/naming.ts';

type Function = RegionMessage['functions'][number];
type UsagePlan = RegionMessage['usagePlans'][number];
type Api = RegionMessage['apis'][number];

/** One region of the local runtime, in the same facts as AWS's as far as the runtime has them. */
export function localFacts(
  context: StageContext,
  { regions }: Pick<RegionsMessage, 'regions'>,
  regionType: RegionType,
  parameters: ParameterStore,
  objects?: AskObjects,
): Promise<RegionFacts> {
  const { region, names, functions, apis, usagePlans, logGroups } = regions[regionType];
  return readFacts({ regionType, region }, [
    async () =>
      names.map(({ kind, environment }) => ({ kind: 'target', name: `${kind.toUpperCase()} API`, value: environment })),
    async () => functions.flatMap((each) => functionFacts(context, each)),
    async () => apis.flatMap(({ kind, stages }) => stages.flatMap((stage) => stageFacts(kind, stage))),
    async () => usagePlans.flatMap(planOf),
    async () =>
      logGroups
        .filter(({ name }) => !STANDBY_ONLY.some((each) => name === `/aws/lambda/${functionName(context, each)}`))
        .map(({ name, retentionDays }) => ({
          kind: 'log retention',
          // Named by the API's id, which is each region's own.
          name: name.replace(/^(API-Gateway-Execution-Logs)_[^/]+/, '$1'),
          value: retentionDays === undefined ? 'for ever' : `${retentionDays} days`,
        })),
    () => objectFacts(objects),
    () => parameterFacts(parameters),
  ]);
}

function functionFacts(
  context: StageContext,
  { name: physical, aliases, pinned, versions, weights }: Function,
): readonly Fact[] {
  const name = functionsOf(operations).find((each) => functionName(context, each) === physical) ?? physical;
  return Object.entries(aliases).flatMap(([alias, version]) => {
    const published = versions.find((each) => each.version === version);
    if (published === undefined) return [];
    const { environment, ...rest } = published;
    const subject = `${name} in ${alias}`;
    const values = {
      version,
      code: rest.codeSha256,
      pinned: pinned.includes(alias) ? 'yes' : 'no',
      weights: weights[alias],
      handler: rest.handler,
      memory: `${rest.memoryMb} MB`,
      timeout: `${rest.timeoutSeconds} s`,
      role: rest.roleArn,
    };
    return [...factsOf(subject, values), ...variableFacts(subject, environment)];
  });
}

function stageFacts(kind: Api['kind'], { name, variables, accessLog }: Api['stages'][number]): readonly Fact[] {
  return factsOf(`${kind.toUpperCase()} API in ${name}`, {
    // AWS tells none of a stage without.
    'stage variables': Object.keys(variables).length > 0 ? variables : undefined,
    'access log': accessLog?.logGroup,
    'access log format': accessLog?.format,
  });
}

function planOf({ keys, ...plan }: UsagePlan): readonly Fact[] {
  return planFacts({ ...plan, keys: keys.map(({ value, enabled }) => ({ fingerprint: fingerprint(value), enabled })) });
}

/** Both regions of the running local runtime. @throws RefusedError while a region is made to fail */
export async function readLocalFacts(
  context: StageContext,
  control: Pick<ControlClient, 'regions'>,
): Promise<readonly [RegionFacts, RegionFacts]> {
  const message = await control.regions();
  const failed = (['primary', 'secondary'] as const).filter((type) => message.regions[type].failed);
  if (failed.length > 0) {
    const remedy = failed.map((type) => `two-region local recover ${type}`).join(', ');
    throw new RefusedError(`A region that was made to fail can't be compared: ${remedy}`);
  }
  const stores = await localStores(context, control);
  const copies = localObjectCopies(context, control);
  return Promise.all([
    localFacts(context, message, 'primary', stores.primary, copies?.primary),
    localFacts(context, message, 'secondary', stores.secondary, copies?.secondary),
  ]);
}
