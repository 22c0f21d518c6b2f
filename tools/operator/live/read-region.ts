import { operations } from '#contract/index.ts';
import { PREVIEW } from '#functions/environment.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';
import { functionName, prefix } from '#stacks/naming.ts';
import { environmentHash } from './environment-hash.ts';
import type { ApiKind, LiveEnvironment, LiveGatewayStage, LiveRegion } from './live-region.ts';
import { type RegionSources, readTarget } from './read-target.ts';

/** Names of the functions that the contract's operations run on. */
function functionNames(): readonly string[] {
  return [...new Set(operations.map((operation) => operation.function))];
}

/** Asks one region for everything that is live in it. Nothing is asked of the other region. */
export async function readRegion(
  context: StageContext,
  regionType: RegionType,
  sources: RegionSources,
): Promise<LiveRegion> {
  const { port } = sources;
  const gateway = async (kind: ApiKind) => {
    const id = await port.apiId(kind, prefix(context));
    const stages = id === undefined ? new Map<string, LiveGatewayStage>() : await port.stages(kind, id);
    return { id, stages };
  };
  const [target, rest, http, aliases] = await Promise.all([
    readTarget(context, regionType, sources),
    gateway('rest'),
    gateway('http'),
    Promise.all(functionNames().map(async (name) => [name, await port.aliases(functionName(context, name))] as const)),
  ]);
  const environments = [...context.settings.apiEnvironments, PREVIEW].flatMap((name) => {
    const functions = new Map(aliases.flatMap(([fn, byAlias]) => present(fn, byAlias.get(name))));
    const stages = new Map([...present('rest', rest.stages.get(name)), ...present('http', http.stages.get(name))]);
    return liveEnvironment(name, Object.fromEntries(stages), Object.fromEntries(functions));
  });
  const apiIds = Object.fromEntries([...present('rest', rest.id), ...present('http', http.id)]);
  return { target, apiIds, environments };
}

function liveEnvironment(
  name: string,
  stages: LiveEnvironment['stages'],
  functions: LiveEnvironment['functions'],
): readonly LiveEnvironment[] {
  const times = [
    ...Object.values(stages).map(({ created }) => created.getTime()),
    ...Object.values(functions).map(({ modified }) => modified.getTime()),
  ];
  if (times.length === 0) return [];
  return [
    { name, stages, functions, hash: environmentHash({ stages, functions }), time: new Date(Math.max(...times)) },
  ];
}

/** One entry, or none where there is no value. */
function present<K extends string, V>(key: K, value: V | undefined): readonly (readonly [K, V])[] {
  return value === undefined ? [] : [[key, value]];
}
