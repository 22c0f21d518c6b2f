import type { LiveEnvironment, LiveRegion } from '#operator/live/live-region.ts';
import type { LiveSources } from '#operator/live/open-live.ts';
import type { RouteStore } from '#operator/route/route-store.ts';
import type { Obstacle, TargetMoves } from '#operator/switch/switch-ports.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';
import { functionName } from '#stacks/naming.ts';
import type { Probe, Verification } from './answering-environment.ts';
import { environmentHealth, type NamedRegion } from './environment-health.ts';
import { preflightRegion, type SwitchRegionPort } from './region.ts';

/** Everything that forbids live traffic to an environment, in all regions that were read at once. Nothing is changed. */
export async function awsPreflight(
  aws: AwsSwitch,
  read: readonly LiveRegion[],
  environment: string,
): Promise<readonly Obstacle[]> {
  const [pending, ...inRegions] = await Promise.all([
    aws.plans.obstacles(environment),
    ...read.map((region) => regionObstacles(aws, region, environment)),
  ]);
  return [...inRegions.flat(), ...differentContent(read, environment), ...pending];
}

async function regionObstacles(
  { context, live, regions, probe, pauseSeconds }: AwsSwitch,
  region: LiveRegion,
  name: string,
): Promise<readonly Obstacle[]> {
  const { regionType } = region.target;
  // IAM is not asked: its control plane is in one region of the partition, which no emergency may need. `status` asks it for lost roles.
  const port = { ...live.regions[regionType].port, ...regions[regionType], hasRole: async () => true };
  const inspection = { region, port, functionName: (each: string) => functionName(context, each) };
  const environment = region.environments.find((each) => each.name === name);
  const [problems, health] = await Promise.all([
    preflightRegion(inspection, name),
    environment === undefined
      ? []
      : environmentHealth(probe, served(region.target, environment), environment, pauseSeconds),
  ]);
  return [...problems, ...health].map((message) => ({ regionType, message }));
}

/** A region with the names of those APIs alone that have a stage of the environment: what lacks one is said already. */
function served({ region, names }: LiveRegion['target'], { stages }: LiveEnvironment): NamedRegion {
  const kinds = Object.entries(names).filter(([kind]) => kind in stages);
  return { region, names: Object.fromEntries(kinds) };
}

function differentContent(read: readonly LiveRegion[], environment: string): readonly Obstacle[] {
  const hashes = read.flatMap(({ target, environments }) => {
    const hash = hashOf(environments, environment);
    return hash === undefined ? [] : [{ regionType: target.regionType, hash }];
  });
  if (new Set(hashes.map(({ hash }) => hash)).size < 2) return [];
  const found = hashes.map(({ regionType, hash }) => `${regionType} ${hash}`).join(', ');
  return [{ regionType: undefined, message: `${environment} has different content in the regions: ${found}.` }];
}

/** `undefined` where the environment is not deployed. */
export function hashOf(environments: LiveRegion['environments'], wanted: string): string | undefined {
  return environments.find(({ name }) => name === wanted)?.hash;
}

/** What a switch on AWS works with. */
export interface AwsSwitch {
  readonly context: StageContext;
  readonly live: LiveSources;
  readonly regions: Readonly<Record<RegionType, SwitchRegionPort>>;
  readonly plans: TargetMoves;
  readonly probe: Probe;
  /** Between two attempts to find an idle environment well. @default 1 */
  readonly pauseSeconds?: number;
  /** The region that is lost: nothing is asked of it. @default - none */
  readonly without?: RegionType;
  /** @default - 20 times in a row over 15 s */
  readonly verification?: Verification;
  /** What each region says of the other. @default - not asked */
  readonly routes?: Readonly<Record<RegionType, Pick<RouteStore, 'read'>>>;
}
