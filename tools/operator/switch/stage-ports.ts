import { HEALTH_ROUTES, SHALLOW_QUERY } from '#contract/health-routes.ts';
import { regionalName } from '#contract/regional-name.ts';
import { errorReason } from '#functions/error-reason.ts';
import { describeSickAlarm } from '#operator/alarms/sick-alarm.ts';
import type { ApiKind, LiveRegion, RegionTarget } from '#operator/live/live-region.ts';
import { readRegion, readTarget } from '#operator/live/read-region.ts';
import { liveTarget, TargetDisagreementError } from '#operator/live/target.ts';
import { REGION_TYPES, regionsLeft } from '#operator/regions/left-region.ts';
import { ofRegion } from '#operator/regions/region-gone.ts';
import { activeRegion, otherRegion, type RegionType } from '#stacks/context.ts';
import { tableName } from '#stacks/naming.ts';
import { canaryPorts } from './canary/canary-ports.ts';
import {
  answeringEnvironment,
  type ProbeRequest,
  together,
  untilAnsweredBy,
} from './preflight/answering-environment.ts';
import { kindsWithHealth } from './preflight/environment-health.ts';
import { type AwsSwitch, awsPreflight, hashOf } from './preflight/preflight.ts';
import { sampleData } from './preflight/sample-data.ts';
import type { RegionAlarm, SwitchPorts } from './switch-ports.ts';

/** A stage on AWS: read through the SDK, moved through Terraform, verified over HTTPS. */
export function awsSwitchPorts(aws: AwsSwitch): SwitchPorts {
  const { context, live, plans, probe, verification, without } = aws;
  const regionTypes = regionsLeft(without);
  const readNow = (type: RegionType) => ofRegion(context, type, () => readRegion(context, type, live.regions[type]));
  let found: Promise<readonly LiveRegion[]> | undefined;
  const readRegions = () => {
    found ??= Promise.all(regionTypes.map(readNow));
    return found;
  };
  /** Where a region's APIs tell their health, as far as the environment's release has a route for it. */
  const entriesOf = async (regionType: RegionType, environment: string) => {
    const target = await readTarget(context, regionType, live.regions[regionType]);
    const record = (await live.regions[regionType].records()).find((each) => each.environment === environment);
    const kinds = await kindsWithHealth(probe, target, { name: environment, ...(record && { record }) });
    return kinds.map((kind) => ({ name: nameOf(target, kind), region: target.region, path: HEALTH_ROUTES[kind].path }));
  };
  /** Asks only who answers; what the environment reaches was asked in the preflight. */
  const untilAnswered = async (
    environment: string,
    hosts: readonly Omit<ProbeRequest, 'signal'>[],
    signal?: AbortSignal,
  ) =>
    together(
      await Promise.all(
        hosts.map(({ host, path }) => {
          const request = { host, path: path + SHALLOW_QUERY, ...(signal && { signal }) };
          return untilAnsweredBy(environment, probe, request, verification);
        }),
      ),
    );
  return {
    canary: canaryPorts(aws, readRegions, readNow),
    alarms: async (environment) => {
      const asked = regionTypes.map(async (regionType): Promise<readonly RegionAlarm[]> => {
        try {
          const alarm = await aws.regions[regionType].sick(environment);
          return alarm === undefined ? [] : [{ regionType, message: describeSickAlarm(alarm), isOn: true }];
        } catch (error) {
          const message = `the alarm of ${environment} could not be asked: ${errorReason(error)}`;
          return [{ regionType, message, isOn: false }];
        }
      });
      return (await Promise.all(asked)).flat();
    },
    target: async () => {
      try {
        const read = (type: RegionType) => readTarget(context, type, live.regions[type]);
        return liveTarget(await Promise.all(regionTypes.map((type) => ofRegion(context, type, () => read(type)))));
      } catch (error) {
        if (!(error instanceof TargetDisagreementError)) throw error;
        const command = `two-region deploy ${context.stage} --stack entry --take primary|secondary`;
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
      // While traffic keeps away from a region, it has none, healthy or not. A region that can't be asked says nothing: Route 53 can't ask it either.
      for (const regionType of REGION_TYPES) {
        const said = await aws.routes?.[otherRegion(regionType)].read().catch(() => undefined);
        if (said?.document.route === 'away') return regionType;
      }
      // What Route 53's checkers ask, asked here: an active region that does not answer has lost its traffic to the other already.
      const isDown = async (regionType: RegionType) => {
        const target = await readTarget(context, regionType, live.regions[regionType]);
        const host = regionalName(target.region, nameOf(target, 'rest'));
        return (
          'problem' in (await answeringEnvironment(probe, { host, path: HEALTH_ROUTES.rest.path + SHALLOW_QUERY }))
        );
      };
      // Where both are active, both have traffic, and one is as good as the other.
      const active = activeRegion(context.settings) ?? 'primary';
      const other = otherRegion(active);
      const [isActiveDown, isOtherDown] = await Promise.all([isDown(active), isDown(other)]);
      return isActiveDown && !isOtherDown ? active : other;
    },
    move: (part, environment) => plans.move(part, environment),
    verifyRegion: async (regionType, environment, signal) => {
      const { rest, http } = await readTarget(context, regionType, live.regions[regionType]);
      if (rest !== environment || http !== environment) {
        throw new Error(
          `The public names of the ${regionType} region lead to REST ${rest ?? 'nothing'}, HTTP ${http ?? 'nothing'}; expected is ${environment}.`,
        );
      }
      const entries = await entriesOf(regionType, environment);
      const own = entries.map(({ name, region, path }) => ({ host: regionalName(region, name), path }));
      return untilAnswered(environment, own, signal);
    },
    verifyPublicName: async (environment, signal) => {
      const entries = await entriesOf('secondary', environment);
      const open = entries.map(({ name, path }) => ({ host: name, path }));
      return untilAnswered(environment, open, signal);
    },
    health: async (regionType, environment, begun) => {
      const entries = await entriesOf(regionType, environment);
      const ask = async ({ name, region, path }: (typeof entries)[number]) => {
        const host = regionalName(region, name);
        const answer = await answeringEnvironment(probe, { host, path });
        if ('problem' in answer) return [answer.problem];
        return answer.env === environment ? [] : [`${answer.env} answered at ${host}.`];
      };
      // Whoever can't be asked for alarms is still asked for the environment's health.
      const alarm = async () => {
        const found = await aws.regions[regionType].sick(environment).catch(() => undefined);
        const isOld = found?.since !== undefined && Date.parse(found.since) < Date.parse(begun);
        return found === undefined || isOld ? [] : [describeSickAlarm(found)];
      };
      const problems = (await Promise.all([...entries.map(ask), alarm()])).flat();
      return problems.length === 0 ? undefined : problems.join(' ');
    },
  };
}

const PARAMETERS: Readonly<Record<ApiKind, string>> = { rest: 'domain_name', http: 'events_domain_name' };

/** Each region keeps its own copy of the parameters. @throws Error where the name is not among them */
function nameOf({ names, regionType }: RegionTarget, kind: ApiKind): string {
  const name = names[kind];
  if (name === undefined) throw new Error(`The parameter ${PARAMETERS[kind]} is not set in the ${regionType} region.`);
  return name;
}
