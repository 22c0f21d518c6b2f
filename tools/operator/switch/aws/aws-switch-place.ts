import type { StackProgress } from '#operator/cli/progress-view.ts';
import { awsSwitchRecords } from '#operator/journal/stage-records.ts';
import { awsLiveSources } from '#operator/live/open-live.ts';
import { awsSwitchPorts } from '#operator/switch/stage-ports.ts';
import type { SwitchPlace } from '#operator/switch/switch-ports.ts';
import { openTerraform } from '#operator/terraform/open-terraform.ts';
import { synthesizeStacks } from '#operator/terraform/synthesize-stage.ts';
import { isProtected, type StageContext } from '#stacks/context.ts';
import { httpsProbe } from './https-probe.ts';
import { openSwitchRegion } from './open-switch-region.ts';
import { TargetPlans } from './target-plans.ts';

/** A stage on AWS as the place of a switch. Journal and lock stand beside Terraform's state. Nothing is asked yet. */
export function awsSwitchPlace(context: StageContext, onProgress: (progress: StackProgress) => void): SwitchPlace {
  const { stage, settings } = context;
  // No signal: Terraform ends what it has begun, and is needed again to put back.
  const terraform = openTerraform({ onProgress });
  const synthesize = () => synthesizeStacks(context);
  return {
    stage,
    flags: '',
    environments: settings.apiEnvironments,
    isProduction: isProtected(stage),
    timeScale: 1,
    ports: awsSwitchPorts({
      context,
      live: awsLiveSources(context),
      regions: { primary: openSwitchRegion(context, 'primary'), secondary: openSwitchRegion(context, 'secondary') },
      plans: new TargetPlans({ terraform, stage, synthesize }),
      probe: httpsProbe,
    }),
    ...awsSwitchRecords(context),
    close: () => terraform.close(),
  };
}
