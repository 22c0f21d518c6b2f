import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod/mini';
import type { LambdaFunction, LocalModel, RegionModel, RegionType } from '#local/model/model.ts';
import { findersOf, REGION_TYPES } from './release-checks.ts';

/** What a release changes, or would: in the environment that it is for, or, `live`, in all of them at once. */
export const releaseChangeSchema = z.object({
  kind: z.enum(['API key', 'CORS', 'bucket', 'function', 'model', 'route', 'table', 'usage plan']),
  name: z.string(),
  action: z.enum(['add', 'change', 'remove']),
  /** What of it: `1 → 2, code, memory 128 → 256 MB`. */
  detail: z.string(),
  live: z.boolean(),
  regions: z.array(z.enum(['primary', 'secondary'])),
});
export type ReleaseChange = z.infer<typeof releaseChangeSchema>;

type Found = Omit<ReleaseChange, 'regions'>;

/**
 * What a release would change, those of both regions together.
 *
 * @param environment - that it is for
 * @param running - what the environment serves
 * @param shared - what all environments have at once: data, usage plans, CORS
 * @param next - the release, with its versions
 */
export function describeChanges(
  environment: string,
  running: LocalModel,
  shared: LocalModel,
  next: LocalModel,
): readonly ReleaseChange[] {
  const merged = new Map<string, Found & { readonly regions: RegionType[] }>();
  for (const type of REGION_TYPES) {
    const [before, together, after] = [running.regions[type], shared.regions[type], next.regions[type]];
    const found = [
      ...functionChanges(environment, before, after),
      ...between('route', routesOf(before), routesOf(after)),
      ...between('model', modelsOf(before), modelsOf(after)),
      ...between('table', findersOf(together.tables), findersOf(after.tables)).filter(isAdded),
      ...between('bucket', namesOf(together.buckets), namesOf(after.buckets)).filter(isAdded),
      ...between('usage plan', limitsOf(together), limitsOf(after)).map(live),
      ...between('API key', keysOf(together), keysOf(after)).map(live),
      ...between('CORS', corsOf(together), corsOf(after)).map(live),
    ];
    for (const change of found) {
      const key = JSON.stringify(change);
      const known = merged.get(key);
      if (known) known.regions.push(type);
      else merged.set(key, { ...change, regions: [type] });
    }
  }
  return [...merged.values()];
}

function functionChanges(environment: string, before: RegionModel, after: RegionModel): Found[] {
  const names = new Set([...before.functions, ...after.functions].map(({ name }) => name));
  return [...names].sort().flatMap((name): Found[] => {
    const [here, there] = [before, after].map(({ functions }) => functions.find((each) => each.name === name));
    const [old, fresh] = [here && versionIn(here, environment), there && versionIn(there, environment)];
    if (here === undefined || old === undefined) {
      return fresh === undefined
        ? []
        : [{ kind: 'function', name, action: 'add', detail: `version ${fresh}`, live: false }];
    }
    if (there === undefined || fresh === undefined) {
      return [{ kind: 'function', name, action: 'remove', detail: `version ${old}`, live: false }];
    }
    const different = differences(here, there);
    if (old === fresh && different.length === 0) return [];
    const detail = [...(old === fresh ? [] : [`${old} → ${fresh}`]), ...different].join(', ');
    return [{ kind: 'function', name, action: 'change', detail, live: false }];
  });
}

function versionIn({ aliases }: LambdaFunction, environment: string): string | undefined {
  return aliases.find(({ name }) => name === environment)?.functionVersion;
}

/** What of a function is another. */
function differences(before: LambdaFunction, after: LambdaFunction): string[] {
  const variables = new Set([...Object.keys(before.environment), ...Object.keys(after.environment)]);
  const changed = [...variables].filter((key) => before.environment[key] !== after.environment[key]).sort();
  return [
    ...(before.codeSha256 === after.codeSha256 ? [] : ['code']),
    ...(before.memoryMb === after.memoryMb ? [] : [`memory ${before.memoryMb} → ${after.memoryMb} MB`]),
    ...(before.timeoutSeconds === after.timeoutSeconds
      ? []
      : [`timeout ${before.timeoutSeconds} → ${after.timeoutSeconds} s`]),
    ...(before.roleArn === after.roleArn ? [] : ['permissions']),
    ...changed.map((key) => `variable ${key}`),
  ];
}

/** Whatever is told apart by name: added, changed, removed. */
function between(
  kind: Found['kind'],
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): Found[] {
  const change = (name: string, action: Found['action']): Found => ({ kind, name, action, detail: '', live: false });
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => {
    if (!before.has(name)) return [change(name, 'add')];
    if (!after.has(name)) return [change(name, 'remove')];
    return isDeepStrictEqual(before.get(name), after.get(name)) ? [] : [change(name, 'change')];
  });
}

/** Every environment has it at once. */
function live(found: Found): Found {
  return { ...found, live: true };
}

/** Data that a release does not name stays. */
function isAdded({ action }: Found): boolean {
  return action === 'add';
}

function routesOf({ restApis, httpApis = [] }: RegionModel): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ...restApis.flatMap(({ methods }) =>
      methods.map((method) => [`${method.httpMethod} ${method.resourcePath}`, method] as const),
    ),
    ...httpApis.flatMap(({ routes }) => routes.map((route) => [route.routeKey, route] as const)),
  ]);
}

function modelsOf({ restApis }: RegionModel): ReadonlyMap<string, unknown> {
  return new Map(restApis.flatMap(({ models }) => Object.entries(models)));
}

function namesOf(of: readonly { readonly name: string }[]): ReadonlyMap<string, unknown> {
  return new Map(of.map(({ name }) => [name, true]));
}

function limitsOf({ usagePlans }: RegionModel): ReadonlyMap<string, unknown> {
  return new Map(usagePlans.map(({ name, throttle, quota, apiStages }) => [name, { throttle, quota, apiStages }]));
}

function keysOf({ usagePlans }: RegionModel): ReadonlyMap<string, unknown> {
  return new Map(
    usagePlans.flatMap((plan) =>
      plan.keys.map(({ name, value, enabled }) => [name, { plan: plan.name, value, enabled }]),
    ),
  );
}

function corsOf({ httpApis = [] }: RegionModel): ReadonlyMap<string, unknown> {
  return new Map(httpApis.flatMap(({ name, cors }) => (cors ? [[name, cors] as const] : [])));
}
