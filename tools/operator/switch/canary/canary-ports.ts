import { HEALTH_ROUTES } from '#contract/health-routes.ts';
import { operations } from '#contract/index.ts';
import type { MeasuredVersion } from '#operator/aws/version-metrics.ts';
import type { LiveEnvironment, LiveRegion } from '#operator/live/live-region.ts';
import { REGION_TYPES } from '#operator/regions/left-region.ts';
import type { AwsSwitch } from '#operator/switch/preflight/preflight.ts';
import type { Obstacle } from '#operator/switch/switch-ports.ts';
import type { RegionType } from '#stacks/context.ts';
import { functionName } from '#stacks/naming.ts';
import type { FunctionRecord, RouteRecord } from '#stacks/release-record.ts';
import { type ComparedFunction, type Comparison, compareVersions } from './compare-versions.ts';

/** From which environment to which one a canary goes. */
interface Way {
  readonly from: string;
  readonly to: string;
}

/** What a switch with a canary works with besides. */
export interface CanaryPorts {
  /** Why the new environment's versions can't run for a share of the old one's invocations. Nothing is changed. */
  readonly obstacles: (way: Way) => Promise<readonly Obstacle[]>;
  /** Lets the new environment's versions run for a share of the old one's invocations in a region. */
  readonly weigh: (regionType: RegionType, way: Way & { readonly percent: number }) => Promise<void>;
  /** Lets an environment's own versions alone run in a region. Nothing else is asked of any region. */
  readonly unweigh: (regionType: RegionType, environment: string) => Promise<void>;
  /** Environments of a region whose aliases have weights. */
  readonly weighed: (regionType: RegionType) => Promise<readonly string[]>;
  /** What both versions did. @param since - ISO 8601 */
  readonly compare: (way: Way, since: string) => Promise<Comparison>;
}

/**
 * @param readRegions - what both regions run
 * @param readNow - what one region runs, asked anew
 */
export function canaryPorts(
  { context, regions }: Pick<AwsSwitch, 'context' | 'regions'>,
  readRegions: () => Promise<readonly LiveRegion[]>,
  readNow: (regionType: RegionType) => Promise<LiveRegion>,
): CanaryPorts {
  const physical = (name: string) => functionName(context, name);
  return {
    obstacles: async (way) =>
      (await readRegions()).flatMap((region) =>
        regionObstacles(region, way).map((message) => ({ regionType: region.target.regionType, message })),
      ),
    weigh: async (regionType, { percent, ...way }) => {
      const region = (await readRegions()).find(({ target }) => target.regionType === regionType);
      const changed = region === undefined ? [] : changedFunctions(region, way);
      const weights = changed.map(({ name, after }) => [physical(name), { version: after, share: percent / 100 }]);
      await regions[regionType].weigh(
        way.from,
        changed.map(({ name }) => physical(name)),
        Object.fromEntries(weights),
      );
    },
    unweigh: async (regionType, environment) => {
      const found = (await readNow(regionType)).environments.find(({ name }) => name === environment);
      await regions[regionType].weigh(environment, Object.keys(found?.functions ?? {}).map(physical), {});
    },
    weighed: async (regionType) =>
      (await readNow(regionType)).environments
        .filter(({ functions }) => Object.values(functions).some(({ weights }) => weights !== undefined))
        .map(({ name }) => name),
    compare: async (way, since) => {
      const read = await readRegions();
      const compared = await Promise.all(
        REGION_TYPES.map(async (regionType): Promise<readonly ComparedFunction[]> => {
          const region = read.find(({ target }) => target.regionType === regionType);
          const changed = region === undefined ? [] : changedFunctions(region, way);
          const asked = changed.flatMap(({ name, before, after }) =>
            [before, after].map((version) => ({ functionName: physical(name), version })),
          );
          if (asked.length === 0) return [];
          const measured = await regions[regionType].measure(way.from, asked, since);
          return changed.map(({ name, isHealthCheck, failsToRefuse, before, after }) => {
            const of = (version: string): MeasuredVersion => {
              const found = measured.find((each) => each.functionName === physical(name) && each.version === version);
              const { functionName: _, ...counted } = { functionName: '', requests: 0, errors: 0, ...found, version };
              return counted;
            };
            return { regionType, function: name, isHealthCheck, failsToRefuse, before: of(before), after: of(after) };
          });
        }),
      );
      return compareVersions(compared.flat(), context.settings.alarms);
    },
  };
}

interface ChangedFunction {
  readonly name: string;
  readonly isHealthCheck: boolean;
  readonly failsToRefuse: boolean;
  readonly before: string;
  readonly after: string;
}

/** Functions that both environments have, in different versions. */
function changedFunctions({ environments }: LiveRegion, { from, to }: Way): readonly ChangedFunction[] {
  const [old, next] = [from, to].map((name) => environments.find((each) => each.name === name));
  return Object.entries(old?.functions ?? {}).flatMap(([name, { version: before }]) => {
    const after = next?.functions[name]?.version;
    if (after === undefined || after === before) return [];
    const routes = old?.record?.functions[name]?.routes ?? [];
    const isHealthCheck = routes.length > 0 && routes.every(({ id }) => HEALTH_IDS.has(id));
    const failsToRefuse = routes.some(({ id }) => BEHIND_TEMPLATES.has(id));
    return [{ name, isHealthCheck, failsToRefuse, before, after }];
  });
}

/** What routes the release had is recorded, how they are integrated is not: a canary's versions have the same. */
const BEHIND_TEMPLATES: ReadonlySet<string> = new Set(
  operations.filter(({ integration }) => integration === 'template').map(({ id }) => id),
);

const HEALTH_IDS: ReadonlySet<string> = new Set(Object.values(HEALTH_ROUTES).map(({ id }) => id));

/**
 * Lambda weighs published versions with the same execution role; what clients may ask is the live gateway stage's, in which the new versions run.
 *
 * Source: AWS Lambda Developer Guide, "Implement Lambda canary deployments using a weighted alias".
 */
function regionObstacles(region: LiveRegion, way: Way): readonly string[] {
  const [old, next] = [way.from, way.to].map((name) => region.environments.find((each) => each.name === name));
  if (old === undefined || next === undefined) return [];
  const unrecorded = [old, next].filter(({ record }) => record === undefined).map(({ name }) => name);
  if (unrecorded.length > 0) {
    return [`${unrecorded.join(' and ')} left no release record, which tells roles and routes: deploy it once more.`];
  }
  const changed = changedFunctions(region, way);
  if (changed.length === 0) return [`${way.to} runs the versions that ${way.from} runs: there is nothing to try.`];
  const left = Object.entries(old.functions).filter(([, { weights }]) => weights !== undefined);
  return [
    ...left.map(([name]) => `The alias ${way.from} of ${name} has weights already: end what gave them to it.`),
    ...changed.flatMap(({ name }) => roleProblem(name, old, next)),
    ...routeProblems(old, next),
  ];
}

function roleProblem(name: string, old: LiveEnvironment, next: LiveEnvironment): readonly string[] {
  const [was, is] = [old, next].map(({ record }) => record?.functions[name]?.role.name);
  if (was === is) return [];
  return [
    `${name} has another role in ${next.name} (${is}) than in ${old.name} (${was}), and Lambda weighs versions of one role only.`,
  ];
}

function routeProblems(old: LiveEnvironment, next: LiveEnvironment): readonly string[] {
  const [was, is] = [routesOf(old), routesOf(next)];
  const added = [...is].filter((route) => !was.has(route));
  const removed = [...was].filter((route) => !is.has(route));
  if (added.length + removed.length === 0) return [];
  const found = [...added.map((route) => `+ ${route}`), ...removed.map((route) => `- ${route}`)].join(', ');
  return [
    `${next.name} has other routes than ${old.name}: ${found}. In a canary its versions run behind the routes of ${old.name}.`,
  ];
}

/** `user: GET /user/{id} (apiKey, rest)` */
function routesOf({ record }: LiveEnvironment): ReadonlySet<string> {
  const functions: readonly (readonly [string, FunctionRecord])[] = Object.entries(record?.functions ?? {});
  const text = (name: string, { method, path, auth, api }: RouteRecord) =>
    `${name}: ${method} ${path} (${auth}, ${api})`;
  return new Set(functions.flatMap(([name, { routes }]) => routes.map((route) => text(name, route))));
}
