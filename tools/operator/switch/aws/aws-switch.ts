import type { RegionType, StageContext } from '../../../../stacks/context.ts';
import type { LiveSources } from '../../live/open-live.ts';
import type { Patience } from '../preflight/answering-environment.ts';
import type { SwitchRegionPort } from '../preflight/region-port.ts';
import type { Probe } from './https-probe.ts';
import type { TargetPlans } from './target-plans.ts';

/** What a switch on AWS works with. */
export interface AwsSwitch {
  readonly context: StageContext;
  readonly live: LiveSources;
  readonly regions: Readonly<Record<RegionType, SwitchRegionPort>>;
  readonly plans: Pick<TargetPlans, 'move' | 'obstacles'>;
  readonly probe: Probe;
  /** How long an answer is waited for. @default - 90 times a second */
  readonly patience?: Patience;
}
