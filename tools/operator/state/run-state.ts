import { ensureSettings } from '#operator/aws/setting.ts';
import { stateClients } from '#operator/aws/state-clients.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { type CommandReport, runInStage } from '#operator/cli/run-command.ts';
import { awsCatchUp, awsJournal } from '#operator/journal/stage-records.ts';
import { isProtected, type RegionType, type StageContext } from '#stacks/context.ts';
import { stateLocation } from '#stacks/terraform/state-location.ts';
import { awsStateStores } from './aws-state-store.ts';
import { bootstrapState, isAfterLoss } from './bootstrap.ts';
import { awsLiveParts } from './compare-live.ts';
import { backendSettings, describeRecovery, describeReturn, settingLine } from './describe-move.ts';
import { describeBootstrap, describeVerify } from './describe-verify.ts';
import { type RecoverReport, recoverState } from './recover-state.ts';
import { type ReturnReport, returnState } from './return-state.ts';
import { askAccount, inspectStorage } from './storage/inspect-storage.ts';
import { claimLockTable, lockTableSettings } from './storage/lock-table.ts';
import { storageResources } from './storage/storage-resources.ts';
import { type VerifyReport, verifyState } from './verify-state.ts';

interface StateFlags {
  readonly json?: true;
}

/** `state verify`: exit code 2 when something differs. */
export function runVerify(stage: string, flags: StateFlags): Promise<void> {
  return runInStage(
    stage,
    flags,
    async (context, { view }) => {
      view.line(`Comparing the state of ${context.stage} in both regions …`);
      const { primaryRegion, secondaryRegion } = context.settings;
      const account = await askAccount(context, primaryRegion, secondaryRegion);
      const storage = await inspectStorage(storageResources(context, account));
      return verifyState(context, awsStateStores(context), storage);
    },
    VERIFY,
  );
}

/** How `state verify` tells what it found. */
export const VERIFY: CommandReport<VerifyReport> = {
  text: describeVerify,
  exitCode: ({ differences }) => (differences.length > 0 ? ExitCode.Usage : ExitCode.Done),
};

/** `state recover`: the second region's copy becomes one that Terraform takes. */
export function runRecover(stage: string, flags: StateFlags & { readonly accept?: true }): Promise<void> {
  return runInStage(
    stage,
    flags,
    async (context, { view }) => {
      const report = await recoverState(context, {
        stores: awsStateStores(context),
        claimLockTable: () => claimSecondaryLockTable(context),
        liveParts: () => awsLiveParts(context, 'secondary'),
        accept: flags.accept === true,
        onStep: (message) => view.line(message),
      });
      return { context, report };
    },
    {
      text: ({ context, report }, colors) => describeRecovery(context, report, colors),
      document: ({ context, report }) => moved(context, report, 'secondary'),
    },
  );
}

/** `state return`: what is newer goes back to the primary region. */
export function runReturn(stage: string, flags: StateFlags): Promise<void> {
  return runInStage(
    stage,
    flags,
    async (context, { view }) => {
      const report = await returnStateOnAws(context, (message) => view.line(message));
      return { context, report };
    },
    {
      text: ({ context, report }, colors) => describeReturn(context, report, colors),
      document: ({ context, report }) => moved(context, report, 'primary'),
    },
  );
}

/** Takes a stage's states on AWS back to the primary region. @throws StateStorageError */
export function returnStateOnAws(context: StageContext, onStep: (message: string) => void): Promise<ReturnReport> {
  return returnState(context, {
    stores: awsStateStores(context),
    journals: {
      primary: awsJournal(context, stateLocation(context, 'primary')),
      secondary: awsJournal(context, stateLocation(context, 'secondary')),
    },
    catchUp: awsCatchUp(context),
    bootstrap: async () => {
      await bootstrapState(context, onStep);
    },
    onStep,
  });
}

/** A report with what has to be set for everybody to use the state where it is now. */
function moved(context: StageContext, report: RecoverReport | ReturnReport, to: RegionType): object {
  return { ...report, backend: backendSettings(context, report.live), setting: settingLine(context, to) };
}

/** Makes the table unless it is there; nothing of the primary region is asked. */
async function claimSecondaryLockTable(context: StageContext): Promise<void> {
  const { region, lockTable } = stateLocation(context, 'secondary');
  const { dynamoDb } = stateClients(context, region);
  const isNew = await claimLockTable(dynamoDb, lockTable);
  const deletionProtection = isProtected(context.stage);
  await ensureSettings(isNew, lockTableSettings(dynamoDb, lockTable, { deletionProtection }));
}

/** Bootstraps a stage's state and prints what was found and done. */
export function runBootstrap(stage: string | undefined, flags: StateFlags): Promise<void> {
  return runInStage(stage, flags, (context, { view }) => bootstrapState(context, (message) => view.line(message)), {
    text: describeBootstrap,
    remark: (report) =>
      isAfterLoss(report)
        ? `The primary region's bucket is new, the secondary's was there. Before anybody deploys with an empty state: two-region state recover ${report.stage}, ` +
          `then two-region state return ${report.stage}`
        : undefined,
  });
}
