import type { PartsPort } from '#operator/live/live-region.ts';
import { TargetPlans } from '#operator/switch/aws/target-plans.ts';
import type { Probe, ProbeRequest } from '#operator/switch/preflight/answering-environment.ts';
import type { AwsSwitch } from '#operator/switch/preflight/preflight.ts';
import type { SwitchRegionPort } from '#operator/switch/preflight/region.ts';
import { awsSwitchPorts } from '#operator/switch/stage-ports.ts';
import type { SwitchPorts } from '#operator/switch/switch-ports.ts';
import type { RegionType } from '#stacks/context.ts';
import { context, type FakedRegion, fakedLive } from '#tests/tools/operator/live/faked-live.ts';
import { type FakedStack, FakedTerraform } from '#tests/tools/operator/terraform/faked-terraform.ts';
import { stacksOfAStage } from '#tests/tools/operator/terraform/stacks-of-a-stage.ts';

/** A region that is deployed and serves envA. */
export const RELEASED: FakedRegion = { target: 'envA', versions: { envA: '3', envB: '4' } };

/** What a switch of a part looks like in a plan. */
const SWITCHING: FakedStack = { exists: true, changes: [['aws_api_gateway_base_path_mapping', 'update']] };

export interface FakedAws {
  readonly regions?: Partial<Record<RegionType, FakedRegion>>;
  readonly ports?: Partial<Record<RegionType, Partial<PartsPort & SwitchRegionPort>>>;
  readonly terraform?: FakedTerraform;
  readonly probe?: Probe;
  readonly routes?: AwsSwitch['routes'];
  /** The region that is left out. @default - none */
  readonly without?: RegionType;
  readonly live?: Partial<AwsSwitch['live']['health']>;
  /** @default - as the settings have it */
  readonly active?: RegionType;
}

/** Ports of a stage on an AWS where everything is in order, unless said otherwise. */
export function fakedAws({
  regions,
  ports = {},
  terraform,
  probe = serving(),
  live,
  routes,
  without,
  active = context.settings.activeRegion,
}: FakedAws = {}): SwitchPorts {
  const region = (regionType: RegionType): SwitchRegionPort => ({
    deployments: async () =>
      ['envA', 'envB'].map((environment) => ({ id: 'd', environment, created: new Date('2026-01-01') })),
    sample: async () => [],
    sick: async () => undefined,
    weigh: async () => undefined,
    measure: async () => [],
    ...ports[regionType],
  });
  const sources = fakedLive({ primary: RELEASED, secondary: RELEASED, ...regions });
  return awsSwitchPorts({
    context: { ...context, settings: { ...context.settings, activeRegion: active } },
    live: { ...sources, health: { ...sources.health, ...live } },
    regions: { primary: region('primary'), secondary: region('secondary') },
    plans: new TargetPlans({
      terraform: terraform ?? switchingTerraform(),
      stage: 'dev',
      synthesize: async () => stacksOfAStage(),
      without,
    }),
    ...(without && { without }),
    ...(routes && { routes }),
    probe,
    pauseSeconds: 0,
    verification: { inARow: 3, spanSeconds: 0, attempts: 6 },
  });
}

/** Terraform whose plans of the entries are those of a switch. */
export function switchingTerraform(others: Readonly<Record<string, FakedStack>> = {}): FakedTerraform {
  return new FakedTerraform({
    'entry-primary': SWITCHING,
    'entry-secondary': SWITCHING,
    ...others,
  });
}

/** Answers 200: as the environment that the path begins with, else as envA. */
export function serving(asked: ProbeRequest[] = []): Probe {
  return async (request) => {
    asked.push(request);
    const env = /^\/(env[A-Z])\//.exec(request.path)?.[1] ?? 'envA';
    return { status: 200, body: JSON.stringify({ status: 'ok', env }) };
  };
}
