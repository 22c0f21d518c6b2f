import { createHash } from 'node:crypto';
import { operations } from '#contract/index.ts';
import { functionsOf } from '#contract/operation.ts';
import { PREVIEW } from '#functions/environment.ts';
import type { ParameterStore } from '#operator/parameters/ssm-store.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { functionName, prefix } from '#stacks/naming.ts';
import type { ReleaseRecord } from '#stacks/release-record.ts';
import type {
  ApiKind,
  LiveEnvironment,
  LiveGatewayStage,
  LiveRegion,
  RegionPort,
  RegionTarget,
} from './live-region.ts';

/** One region of a stage: what is asked, and the region's own parameters. */
export interface RegionSources {
  readonly port: RegionPort;
  readonly parameters: ParameterStore;
  /** Release records of the deployed environments. */
  readonly records: () => Promise<readonly ReleaseRecord[]>;
  /** Physical names of the functions that are there, whatever the contract says. @default - the records tell */
  readonly deployed?: () => Promise<readonly string[]>;
}

/** Asks one region where its public names lead. Nothing is asked of the other region. */
export async function readTarget(
  context: StageContext,
  regionType: RegionType,
  { port, parameters }: RegionSources,
): Promise<RegionTarget> {
  const { region } = inRegion(context, regionType);
  const values = await parameters.readAll();
  const [restName, httpName] = [values.get('domain_name'), values.get('events_domain_name')];
  const mapped = async (kind: ApiKind, name: string | undefined) =>
    name === undefined ? undefined : port.mappedStage(kind, name);
  const [rest, http] = await Promise.all([mapped('rest', restName), mapped('http', httpName)]);
  const names = {
    ...(restName !== undefined && { rest: restName }),
    ...(httpName !== undefined && { http: httpName }),
  };
  return { regionType, region, names, rest, http };
}

/** Asks both regions where their public names lead. */
export function readTargets(
  context: StageContext,
  regions: Readonly<Record<RegionType, RegionSources>>,
): Promise<readonly RegionTarget[]> {
  return Promise.all([
    readTarget(context, 'primary', regions.primary),
    readTarget(context, 'secondary', regions.secondary),
  ]);
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
  /** Aliases of what the contract names, and of what environments of another contract run. */
  const functions = async () => {
    const records = await sources.records();
    const recorded = records.flatMap((record) => Object.keys(record.functions));
    const start = functionName(context, '');
    const deployed = ((await sources.deployed?.()) ?? []).filter((name) => name.startsWith(start));
    const others = [...recorded, ...deployed.map((name) => name.slice(start.length))];
    const names = [...new Set([...functionsOf(operations), ...others])];
    const read = names.map(async (name) => [name, await port.aliases(functionName(context, name))] as const);
    return { records, aliases: await Promise.all(read) };
  };
  const [target, rest, http, { records, aliases }] = await Promise.all([
    readTarget(context, regionType, sources),
    gateway('rest'),
    gateway('http'),
    functions(),
  ]);
  const environments = [...context.settings.apiEnvironments, PREVIEW].flatMap((name) => {
    const functions = new Map(aliases.flatMap(([fn, byAlias]) => present(fn, byAlias.get(name))));
    const stages = new Map([...present('rest', rest.stages.get(name)), ...present('http', http.stages.get(name))]);
    const record = records.find(({ environment }) => environment === name);
    return liveEnvironment(name, Object.fromEntries(stages), Object.fromEntries(functions)).map((environment) => ({
      ...environment,
      ...(record && { record }),
    }));
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

const DIGITS = 12;

/** Tells two deployments of an environment apart by content, whatever their ids, versions and regions are. */
function environmentHash({ functions, stages }: Pick<LiveEnvironment, 'functions' | 'stages'>): string {
  const code = Object.entries(functions).map(([name, { codeSha256 }]) => `${name}=${codeSha256}`);
  const content = [stages.rest?.contentHash ?? '', stages.http === undefined ? 'no http' : 'http', ...code.sort()];
  return createHash('sha256').update(content.join('\n')).digest('hex').slice(0, DIGITS);
}
