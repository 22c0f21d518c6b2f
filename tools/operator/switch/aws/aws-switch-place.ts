import { stateClients } from '#operator/aws/state-clients.ts';
import { s3JournalStore } from '#operator/journal/s3-journal-store.ts';
import type { JournalStore } from '#operator/journal/switch-journal.ts';
import { awsLiveSources } from '#operator/live/open-live.ts';
import { dynamoDbLockStore } from '#operator/lock/dynamodb-lock-store.ts';
import { awsSwitchPorts } from '#operator/switch/stage-ports.ts';
import type { SwitchPlace } from '#operator/switch/switch-ports.ts';
import { openTerraform } from '#operator/terraform/open-terraform.ts';
import { synthesizeStacks } from '#operator/terraform/synthesize-stage.ts';
import type { StackProgress } from '#operator/terraform/terraform.ts';
import { isProtected, type StageContext } from '#stacks/context.ts';
import { liveStateLocation, type StateLocation, stateKeyPrefix } from '#stacks/state-location.ts';
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

/** Where a stage's switches are recorded and excluded from each other: in the bucket and the lock table of its state. */
export function awsSwitchRecords(context: StageContext): Pick<SwitchPlace, 'journal' | 'lock'> {
  const { stage } = context;
  const live = liveStateLocation(context);
  const { dynamoDb } = stateClients(context, live.region);
  return {
    journal: awsJournal(context, live),
    lock: dynamoDbLockStore(dynamoDb, { table: live.lockTable, lockId: `${stateKeyPrefix(context)}switch`, stage }),
  };
}

/** The journal as one region's bucket has it. */
export function awsJournal(context: StageContext, { region, bucket }: StateLocation): JournalStore {
  return s3JournalStore(stateClients(context, region).s3, bucket, `${stateKeyPrefix(context)}switch-journal.json`);
}
