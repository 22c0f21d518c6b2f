import { healthcheck } from '#contract/healthcheck.ts';
import { readHealthChecks } from '#operator/live/health-checks.ts';
import type { LiveRegion } from '#operator/live/live-region.ts';
import type { LiveSources } from '#operator/live/open-live.ts';
import type { Obstacle, TargetMoves } from '#operator/switch/switch-ports.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { functionName } from '#stacks/naming.ts';
import { executeApiHost } from '#stacks/settings/partitions.ts';
import { answeringEnvironment, type Probe, type Verification } from './answering-environment.ts';
import { preflightRegion, type SwitchRegionPort } from './region.ts';

/** Everything that forbids live traffic to an environment, in both regions at once. Nothing is changed. */
export async function awsPreflight(
  aws: AwsSwitch,
  read: readonly LiveRegion[],
  environment: string,
): Promise<readonly Obstacle[]> {
  const [pending, health, ...inRegions] = await Promise.all([
    aws.plans.obstacles(environment),
    healthObstacles(aws, read),
    ...read.map((region) => regionObstacles(aws, region, environment)),
  ]);
  return [...inRegions.flat(), ...differentContent(read, environment), ...health, ...pending];
}

async function regionObstacles(
  { context, live, regions, probe }: AwsSwitch,
  region: LiveRegion,
  environment: string,
): Promise<readonly Obstacle[]> {
  const { regionType } = region.target;
  const port = { ...live.regions[regionType].port, ...regions[regionType] };
  const inspection = { region, port, functionName: (name: string) => functionName(context, name) };
  const problems = await preflightRegion(inspection, environment);
  const apiId = region.apiIds.rest;
  const isDeployed = apiId !== undefined && hashOf(region.environments, environment) !== undefined;
  const answer = isDeployed
    ? await answeringEnvironment(probe, {
        host: executeApiHost(apiId, inRegion(context, regionType).region),
        path: `/${environment}${healthcheck.path}`,
      })
    : { env: environment };
  const health = 'problem' in answer ? [answer.problem] : wrongAnswer(answer.env, environment);
  return [...problems, ...health].map((message) => ({ regionType, message }));
}

function wrongAnswer(env: string, environment: string): readonly string[] {
  return env === environment ? [] : [`${env} answered the health route of ${environment}.`];
}

async function healthObstacles(
  { context, live }: AwsSwitch,
  read: readonly LiveRegion[],
): Promise<readonly Obstacle[]> {
  const checks = await readHealthChecks(read, live.health);
  return read
    .map(({ target }) => target.regionType)
    .filter((type) => !checks.some(({ regionType }) => regionType === type))
    .map((regionType) => ({
      regionType,
      message: `No Route 53 health check asks this region. Deploy it: two-region deploy ${context.stage} --stack routing`,
    }));
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
  /** @default - 20 times in a row over 15 s */
  readonly verification?: Verification;
}
