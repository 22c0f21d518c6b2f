import { operations } from '#contract/index.ts';
import type { StackProgress } from '#operator/cli/progress-view.ts';
import { awsSwitchRecords } from '#operator/journal/stage-records.ts';
import { awsLiveSources } from '#operator/live/open-live.ts';
import { inLeftRegion, withoutFlag } from '#operator/regions/left-region.ts';
import { awsReplayPlace } from '#operator/replay/aws-replay-place.ts';
import { LOOK_BACK_MILLISECONDS, replayRequests } from '#operator/replay/replay-requests.ts';
import { awsRoutePlace } from '#operator/route/open-route.ts';
import { awsSwitchPorts } from '#operator/switch/stage-ports.ts';
import type { SwitchPlace } from '#operator/switch/switch-ports.ts';
import { openTerraform } from '#operator/terraform/open-terraform.ts';
import { synthesizeStacks } from '#operator/terraform/synthesize-stage.ts';
import { requireUsableOnAws } from '#operator/without/aws-usable.ts';
import { isProtected, type RegionType, type StageContext } from '#stacks/context.ts';
import { httpsProbe } from './https-probe.ts';
import { openSwitchRegion } from './open-switch-region.ts';
import { TargetPlans } from './target-plans.ts';

/**
 * A stage on AWS as the place of a switch. Journal and lock stand beside Terraform's state. Nothing is asked yet.
 *
 * @param without - region that is lost. @default - none
 * @throws RefusedError where the state of the region that is left is not the one that is worked with
 */
export function awsSwitchPlace(
  given: StageContext,
  onProgress: (progress: StackProgress) => void,
  without?: RegionType,
): SwitchPlace {
  const context = inLeftRegion(given, without);
  const { stage, settings } = context;
  // No signal: Terraform ends what it has begun, and is needed again to put back.
  const terraform = openTerraform({ onProgress });
  const synthesize = () => synthesizeStacks(context);
  const left = without && { without };
  return {
    stage,
    flags: withoutFlag(without),
    environments: settings.apiEnvironments,
    isProduction: isProtected(stage),
    timeScale: 1,
    ...left,
    ports: awsSwitchPorts({
      context,
      live: awsLiveSources(context),
      regions: { primary: openSwitchRegion(context, 'primary'), secondary: openSwitchRegion(context, 'secondary') },
      plans: new TargetPlans({ terraform, stage, synthesize, without }),
      probe: httpsProbe,
      routes: awsRoutePlace(context).stores,
      ...left,
    }),
    ...awsSwitchRecords(context, without),
    replay: (way) =>
      replayRequests(awsReplayPlace(context), operations, {
        ...way,
        since: Date.now() - LOOK_BACK_MILLISECONDS,
        hasToken: false,
      }),
    requireUsable: () => requireUsableOnAws(given, without),
    close: () => terraform.close(),
  };
}
