import { accessOf } from '#operator/aws/aws-access.ts';
import { explainingCredentials } from '#operator/aws/credentials-error.ts';
import { stateClients } from '#operator/aws/state-clients.ts';
import { EndWith, ExitCode } from '#operator/cli/exit-codes.ts';
import { loadStageContext } from '#operator/cli/stage-context.ts';
import { colorsFor } from '#operator/cli/terminal.ts';
import { awsJournal } from '#operator/journal/stage-records.ts';
import { isProtected, type StageContext } from '#stacks/context.ts';
import { stateLocation } from '#stacks/state-location.ts';
import { awsStateStores } from './aws-state-store.ts';
import { bootstrapState, isAfterLoss } from './bootstrap.ts';
import { backendSettings, describeRecovery, describeReturn, settingLine } from './describe-move.ts';
import { describeBootstrap, describeVerify } from './describe-verify.ts';
import { recoverState } from './recover-state.ts';
import { returnState } from './return-state.ts';
import { askAccount, inspectStorage } from './storage/inspect-storage.ts';
import { claimLockTable, lockTableSettings } from './storage/lock-table.ts';
import { ensureSettings } from './storage/setting.ts';
import { storageResources } from './storage/storage-resources.ts';
import { verifyState } from './verify-state.ts';

interface StateFlags {
  readonly json?: true;
}

/** Progress is a message, not data. */
const tell = (message: string) => console.error(message);

/** `state verify`: exit code 2 when something differs. */
export function runVerify(stage: string, { json }: StateFlags): Promise<void> {
  return inStage(stage, async (context) => {
    tell(`Comparing the state of ${stage} in both regions …`);
    const { primaryRegion, secondaryRegion } = context.settings;
    const account = await askAccount(context, primaryRegion, secondaryRegion);
    const storage = await inspectStorage(storageResources(context, account));
    const report = await verifyState(context, awsStateStores(context), storage);
    console.log(json ? JSON.stringify(report) : describeVerify(report, colorsFor(process.stdout)));
    if (report.differences.length > 0) throw new EndWith(ExitCode.Usage);
  });
}

/** `state recover`: the second region's copy becomes one that Terraform takes. */
export function runRecover(stage: string, { json }: StateFlags): Promise<void> {
  return inStage(stage, async (context) => {
    const report = await recoverState(context, {
      stores: awsStateStores(context),
      claimLockTable: () => claimSecondaryLockTable(context),
      onStep: tell,
    });
    const setting = settingLine(context, 'secondary');
    const document = { ...report, backend: backendSettings(context, report.live), setting };
    console.log(json ? JSON.stringify(document) : describeRecovery(context, report, colorsFor(process.stdout)));
  });
}

/** `state return`: what is newer goes back to the primary region. */
export function runReturn(stage: string, { json }: StateFlags): Promise<void> {
  return inStage(stage, async (context) => {
    const report = await returnState(context, {
      stores: awsStateStores(context),
      journals: {
        primary: awsJournal(context, stateLocation(context, 'primary')),
        secondary: awsJournal(context, stateLocation(context, 'secondary')),
      },
      bootstrap: async () => {
        await bootstrapState(context, tell);
      },
      onStep: tell,
    });
    const setting = settingLine(context, 'primary');
    const document = { ...report, backend: backendSettings(context, report.live), setting };
    console.log(json ? JSON.stringify(document) : describeReturn(context, report, colorsFor(process.stdout)));
  });
}

/** Makes the table unless it is there; nothing of the primary region is asked. */
async function claimSecondaryLockTable(context: StageContext): Promise<void> {
  const { region, lockTable } = stateLocation(context, 'secondary');
  const { dynamoDb } = stateClients(context, region);
  const isNew = await claimLockTable(dynamoDb, lockTable);
  const deletionProtection = isProtected(context.stage);
  await ensureSettings(isNew, lockTableSettings(dynamoDb, lockTable, { deletionProtection }));
}

function inStage(stage: string, work: (context: StageContext) => Promise<void>): Promise<void> {
  const context = loadStageContext(stage);
  return explainingCredentials(accessOf(context), () => work(context));
}

/** Bootstraps a stage's state and prints what was found and done; progress goes to stderr. */
export async function runBootstrap(stage: string | undefined, { json }: { readonly json: boolean }): Promise<void> {
  const context = loadStageContext(stage);
  const tell = (message: string) => console.error(message);
  const report = await explainingCredentials(accessOf(context), () => bootstrapState(context, tell));
  console.log(json ? JSON.stringify(report) : describeBootstrap(report, colorsFor(process.stdout)));
  if (!isAfterLoss(report)) return;
  tell(
    `The primary region’s bucket is new, the secondary’s was there. Before anybody deploys with an empty state: two-region state recover ${context.stage}, ` +
      `then two-region state return ${context.stage}`,
  );
}
