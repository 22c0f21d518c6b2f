import { healthcheck, SHALLOW_QUERY } from '#contract/healthcheck.ts';
import { readHealthChecks } from '#operator/live/health-checks.ts';
import type { LiveRegion } from '#operator/live/live-region.ts';
import { readRegion, readTarget, readTargets } from '#operator/live/read-region.ts';
import { liveTarget, TargetDisagreementError } from '#operator/live/target.ts';
import type { RegionType } from '#stacks/context.ts';
import { untilAnsweredBy } from './preflight/answering-environment.ts';
import { type AwsSwitch, awsPreflight, hashOf } from './preflight/preflight.ts';

import type { SwitchPorts } from './switch-ports.ts';

const REGIONS: readonly RegionType[] = ['primary', 'secondary'];

/** A stage on AWS: read through the SDK, moved through Terraform, verified over HTTPS. */
export function awsSwitchPorts(aws: AwsSwitch): SwitchPorts {
  const { context, live, regions, plans, probe, patience } = aws;
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
      const host = await publicName(aws, regionType);
      const address = await regions[regionType].regionalHost(host);
      if (address === undefined) throw new Error(`${host} is not a custom domain of the ${regionType} region.`);
      await untilAnsweredBy(environment, probe, { host, address, path: PATH, ...(signal && { signal }) }, patience);
    },
    verifyPublicName: async (environment, signal) => {
      const host = await publicName(aws, 'secondary');
      await untilAnsweredBy(environment, probe, { host, path: PATH, ...(signal && { signal }) }, patience);
    },
  };
}

/** Asks nothing but who answers: what the environment reaches was asked in the preflight. */
const PATH = `${healthcheck.path}${SHALLOW_QUERY}`;

/** Each region keeps its own copy of the parameters. */
async function publicName({ live }: AwsSwitch, regionType: RegionType): Promise<string> {
  const name = (await live.regions[regionType].parameters.readAll()).get('domain_name');
  if (name === undefined) throw new Error(`The parameter domain_name is not set in the ${regionType} region.`);
  return name;
}
