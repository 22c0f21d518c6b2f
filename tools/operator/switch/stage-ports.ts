import { healthcheck, SHALLOW_QUERY } from '#contract/healthcheck.ts';
import { operations } from '#contract/index.ts';
import { readHealthChecks } from '#operator/live/health-checks.ts';
import type { ApiKind, LiveRegion } from '#operator/live/live-region.ts';
import { readRegion, readTarget, readTargets } from '#operator/live/read-region.ts';
import { liveTarget, TargetDisagreementError } from '#operator/live/target.ts';
import type { RegionType } from '#stacks/context.ts';
import { tableName } from '#stacks/naming.ts';
import { answeringEnvironment, together, untilAnsweredBy } from './preflight/answering-environment.ts';
import { type AwsSwitch, awsPreflight, hashOf } from './preflight/preflight.ts';
import { sampleData } from './preflight/sample-data.ts';
import type { SwitchPorts } from './switch-ports.ts';

const REGIONS: readonly RegionType[] = ['primary', 'secondary'];

/** A stage on AWS: read through the SDK, moved through Terraform, verified over HTTPS. */
export function awsSwitchPorts(aws: AwsSwitch): SwitchPorts {
  const { context, live, plans, probe, verification } = aws;
  let found: Promise<readonly LiveRegion[]> | undefined;
  const readRegions = () => {
    found ??= Promise.all(REGIONS.map((type) => readRegion(context, type, live.regions[type])));
    return found;
  };
  return {
    target: async () => {
      try {
        return liveTarget(await readTargets(context, live.regions));
      } catch (error) {
        if (!(error instanceof TargetDisagreementError)) throw error;
        const command = `two-region deploy ${context.stage} --stack entry routing --take primary|secondary`;
        throw new TargetDisagreementError(`${error.message}\nA switch begins where they agree. Make them: ${command}`);
      }
    },
    contentHash: async (environment) => {
      const hashes = (await readRegions()).map(({ environments }) => hashOf(environments, environment));
      return hashes.some((hash) => hash === undefined) ? undefined : [...new Set(hashes)].join('/');
    },
    sampleData: async (environment) => {
      const [region] = await readRegions();
      if (region === undefined) return { read: {}, problems: [] };
      const port = aws.regions[region.target.regionType];
      return sampleData(region, environment, (table, limit) => port.sample(tableName(context, table), limit));
    },
    preflight: async (environment) => awsPreflight(aws, await readRegions(), environment),
    standby: async () => {
      // A primary that fails its check has lost its traffic to the secondary already.
      const checks = await readHealthChecks(await readRegions(), live.health);
      const isDown = (type: RegionType) =>
        checks.some(({ regionType, status }) => regionType === type && status === 'unhealthy');
      return isDown('primary') && !isDown('secondary') ? 'primary' : 'secondary';
    },
    move: (part, environment) => plans.move(part, environment),
    verifyRegion: async (regionType, environment, signal) => {
      const { rest, http } = await readTarget(context, regionType, live.regions[regionType]);
      if (rest !== environment || http !== environment) {
        throw new Error(
          `The public names of the ${regionType} region lead to REST ${rest ?? 'nothing'}, HTTP ${http ?? 'nothing'}; expected is ${environment}.`,
        );
      }
      const ask = async ({ api, path }: HealthRoute) => {
        const request = {
          ...(await entryOf(aws, regionType, api)),
          path: path + SHALLOW_QUERY,
          ...(signal && { signal }),
        };
        return untilAnsweredBy(environment, probe, request, verification);
      };
      return together(await Promise.all((await healthRoutes(aws, regionType, environment)).map(ask)));
    },
    verifyPublicName: async (environment, signal) => {
      const ask = async ({ api, path }: HealthRoute) => {
        const host = await publicName(aws, 'secondary', api);
        const request = { host, path: path + SHALLOW_QUERY, ...(signal && { signal }) };
        return untilAnsweredBy(environment, probe, request, verification);
      };
      return together(await Promise.all((await healthRoutes(aws, 'secondary', environment)).map(ask)));
    },
    health: async (regionType, environment) => {
      const ask = async ({ api, path }: HealthRoute) => {
        const request = { ...(await entryOf(aws, regionType, api)), path };
        const answer = await answeringEnvironment(probe, request);
        if ('problem' in answer) return [answer.problem];
        return answer.env === environment ? [] : [`${answer.env} answered at ${request.host}.`];
      };
      const problems = (await Promise.all((await healthRoutes(aws, regionType, environment)).map(ask))).flat();
      return problems.length === 0 ? undefined : problems.join(' ');
    },
  };
}

interface HealthRoute {
  readonly api: ApiKind;
  readonly path: string;
}

/**
 * The open routes that tell the health of an environment's APIs, as its release has them: an older release may have none in the HTTP API. To verify
 * a move they are asked only who answers; what the environment reaches was asked in the preflight.
 */
async function healthRoutes(
  { live }: AwsSwitch,
  regionType: RegionType,
  environment: string,
): Promise<readonly HealthRoute[]> {
  const record = (await live.regions[regionType].records()).find((each) => each.environment === environment);
  const routes = record === undefined ? operations : Object.values(record.functions).flatMap((each) => each.routes);
  return routes.filter(
    ({ method, path, auth }) => method === 'GET' && auth === 'open' && path.endsWith(healthcheck.path),
  );
}

/** A public name as one region serves it. @throws Error where the region has no such domain */
async function entryOf(
  aws: AwsSwitch,
  regionType: RegionType,
  kind: ApiKind,
): Promise<{ readonly host: string; readonly address: string }> {
  const host = await publicName(aws, regionType, kind);
  const address = await aws.regions[regionType].regionalHost(host);
  if (address === undefined) throw new Error(`${host} is not a custom domain of the ${regionType} region.`);
  return { host, address };
}

const NAMES: Readonly<Record<ApiKind, string>> = { rest: 'domain_name', http: 'events_domain_name' };

/** Each region keeps its own copy of the parameters. */
async function publicName({ live }: AwsSwitch, regionType: RegionType, kind: ApiKind): Promise<string> {
  const name = (await live.regions[regionType].parameters.readAll()).get(NAMES[kind]);
  if (name === undefined) throw new Error(`The parameter ${NAMES[kind]} is not set in the ${regionType} region.`);
  return name;
}
