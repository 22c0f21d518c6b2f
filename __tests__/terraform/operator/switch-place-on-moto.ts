import { awsSwitchRecords } from '#operator/journal/stage-records.ts';
import type { LiveGatewayStage } from '#operator/live/live-region.ts';
import type { LiveSources } from '#operator/live/open-live.ts';
import type { RegionSources } from '#operator/live/read-region.ts';
import { openSwitchRegion } from '#operator/switch/aws/open-switch-region.ts';
import { TargetPlans } from '#operator/switch/aws/target-plans.ts';
import type { Probe } from '#operator/switch/preflight/answering-environment.ts';
import type { SwitchRegionPort } from '#operator/switch/preflight/region.ts';
import { awsSwitchPorts } from '#operator/switch/stage-ports.ts';
import type { SwitchPlace } from '#operator/switch/switch-ports.ts';
import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import { requireUsableOnAws } from '#operator/without/aws-usable.ts';
import { isProtected, type RegionType } from '#stacks/context.ts';
import type { StageOnMoto } from './stage-on-moto.ts';

/** What the switch on moto is given in the place of what moto lacks. */
export const SWITCH_GAPS = [
  'deployments of HTTP APIs are taken as made, and as served by their stages: moto answers 404 to CreateDeployment and GetDeployments',
  'answers over HTTPS are made of the live mappings: moto serves no custom domain',
];

const DEPLOYMENT = 'not kept by moto';

/** A deployed stage on moto as the place of a switch: Terraform, journal and lock are real. @param stacks - its synthesis @param without - region that is lost */
export function switchPlaceOnMoto(
  stage: StageOnMoto,
  stacks: readonly SynthesizedStack[],
  without?: RegionType,
): SwitchPlace {
  const { context, terraform } = stage;
  const live: LiveSources = {
    ...stage.live,
    regions: {
      primary: withHttpDeployments(stage.live.regions.primary),
      secondary: withHttpDeployments(stage.live.regions.secondary),
    },
  };
  const region = (regionType: RegionType): SwitchRegionPort => {
    const port = openSwitchRegion(context, regionType);
    const made = context.settings.apiEnvironments.map((environment) => ({
      id: `${DEPLOYMENT}: ${environment}`,
      environment,
      created: new Date(0),
    }));
    return { ...port, deployments: async (kind, id) => (kind === 'rest' ? port.deployments(kind, id) : made) };
  };
  return {
    stage: context.stage,
    flags: '',
    environments: context.settings.apiEnvironments,
    isProduction: isProtected(context.stage),
    timeScale: 60,
    ports: awsSwitchPorts({
      context,
      live,
      regions: { primary: region('primary'), secondary: region('secondary') },
      plans: new TargetPlans({ terraform, stage: context.stage, synthesize: async () => stacks, without }),
      probe: answersOfMappings(stage),
      verification: { inARow: 2, spanSeconds: 0, attempts: 3 },
      ...(without && { without }),
    }),
    ...(without && { without }),
    ...awsSwitchRecords(context, without),
    // moto serves no API that could be asked.
    replay: () => Promise.reject(new Error('moto serves no API.')),
    requireUsable: () => requireUsableOnAws(context, without),
    close: async () => undefined,
  };
}

function withHttpDeployments(sources: RegionSources): RegionSources {
  const stages: RegionSources['port']['stages'] = async (kind, id) => {
    const found = await sources.port.stages(kind, id);
    if (kind === 'rest') return found;
    const served = ([name, stage]: [string, LiveGatewayStage]) =>
      [name, { ...stage, deploymentId: `${DEPLOYMENT}: ${name}` }] as const;
    return new Map([...found].map(served));
  };
  return { ...sources, port: { ...sources.port, stages } };
}

/** Answers as the health route would, of the environment that the name's mapping, or the path, leads to. */
function answersOfMappings({ context, live }: StageOnMoto): Probe {
  const { secondaryRegion } = context.settings;
  return async ({ host, path }) => {
    const kind = host.includes('events.') ? 'http' : 'rest';
    const regionType = host.startsWith(`${secondaryRegion}.`) ? 'secondary' : 'primary';
    const [, first = ''] = path.split('/');
    const env = context.settings.apiEnvironments.includes(first)
      ? first
      : await live.regions[regionType].port.mappedStage(kind, host);
    return env === undefined ? { status: 404, body: '' } : { status: 200, body: JSON.stringify({ env }) };
  };
}
