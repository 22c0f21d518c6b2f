import { errorReason } from '#functions/error-reason.ts';
import { protectCopies } from '#operator/account/copies.ts';
import { accountObstacles } from '#operator/account/questions.ts';
import { askIdentity } from '#operator/cli/ask-identity.ts';
import { confirm, confirmBeginning, confirmLiveChange } from '#operator/cli/confirm.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { runInStage, type Surroundings } from '#operator/cli/run-command.ts';
import { awsSwitchRecords } from '#operator/journal/stage-records.ts';
import { awsLiveSources } from '#operator/live/open-live.ts';
import { rightsQuestion } from '#operator/permissions/check-rights.ts';
import { oweRelease } from '#operator/regions/catch-up.ts';
import { inLeftRegion } from '#operator/regions/left-region.ts';
import { awaitCopies, describeCopies } from '#operator/state/await-copies.ts';
import { awsStateStores } from '#operator/state/aws-state-store.ts';
import { terraformOf } from '#operator/terraform/command-terraform.ts';
import { describePlans, exitCodeOfPlans } from '#operator/terraform/plan/describe-plans.ts';
import { type PlannedStack, planSteps } from '#operator/terraform/plan/plan-steps.ts';
import { countChanges } from '#operator/terraform/plan/planned-change.ts';
import { stackVariables } from '#operator/terraform/stack-variables.ts';
import { synthesizeStacks } from '#operator/terraform/synthesize-stage.ts';
import { underUsableStage } from '#operator/without/aws-usable.ts';
import { leftSources, leftStacks } from '#operator/without/left-stacks.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';
import type { ReleaseRecords } from '#stacks/release-record.ts';
import { liveStateLocation, stateKeyPrefix } from '#stacks/terraform/state-location.ts';
import { type DeployDecision, requireSettled } from './decide-deploy.ts';
import type { DeployReport } from './deploy-report.ts';
import { type DeployOptions, type DeployPorts, deployStage, prepareDeploy } from './deploy-stage.ts';
import { describeCounts, describeDecision, describeDeploy, describeFirst, describeResult } from './describe-deploy.ts';
import { awsRouting, routingProblem } from './routing-change.ts';

interface DeployFlags {
  readonly stack?: readonly string[];
  readonly only?: readonly string[];
  readonly take?: RegionType;
  readonly withNewVersions?: true;
  readonly allowDataLoss?: true;
  readonly allowLiveChange?: true;
  readonly lockTimeout?: number;
  readonly plan?: true;
  /** false: the copies of the states are not waited for. @default true */
  readonly wait?: boolean;
  /** The region that is lost. @default - none */
  readonly without?: RegionType;
  readonly yes?: true;
  readonly json?: true;
}

/** Deploys a stage, or with `--plan` shows what a deploy would do; exit codes of that are those of `diff`. */
export function runDeploy(stage: string, environment: string | undefined, flags: DeployFlags): Promise<void> {
  const options = optionsOf(stage, environment, flags);
  if (flags.plan) {
    return runInStage(stage, flags, (context, surroundings) => plan(context, surroundings, options, flags), {
      text: ({ stage: name, stacks }, colors) => describePlans(stacks, name, colors),
      exitCode: ({ stacks }) => exitCodeOfPlans(stacks),
    });
  }
  return runInStage(
    stage,
    flags,
    async (context, surroundings) => {
      // A wrong name needs no account to be told.
      requireSettled(context, options);
      return deploy(context, surroundings, options, flags);
    },
    { text: describeDeploy, remark: ({ catchUp }) => catchUp?.join('\n') },
  );
}

async function deploy(
  given: StageContext,
  surroundings: Surroundings,
  options: DeployOptions,
  flags: DeployFlags,
): Promise<DeployReport> {
  const { view, colors } = surroundings;
  const { without } = flags;
  const context = inLeftRegion(given, without);
  const { terraform, signal } = terraformOf(surroundings, flags.lockTimeout);
  const records = awsSwitchRecords(context, without);
  const ports: DeployPorts = {
    live: leftSources(context, awsLiveSources(context), without),
    journal: records.journal,
    synthesize: async (releases) => leftStacks(await synthesizeStacks(context, releases), without),
    terraform,
    signal,
    routing: awsRouting(context),
    protectCopies: () => protectCopies(context),
    confirmFirst: async (decision, names) => {
      if (without !== undefined)
        throw new RefusedError('A first deploy needs both regions: give it without --without.');
      const { primaryRegion, secondaryRegion } = context.settings;
      const { account } = (await askIdentity(context, primaryRegion)).identity();
      const what = describeFirst(decision, { account, regions: [primaryRegion, secondaryRegion], names });
      view.end();
      await confirmBeginning(what, flags.yes === true);
    },
    // The account is asked in both regions, and in IAM's one.
    ...(without === undefined && {
      obstacles: (isFirst: boolean) => accountObstacles(context, { isFirst, more: [rightsQuestion(context, isFirst)] }),
    }),
    ...(without && {
      owe: ({ environments }: DeployDecision) =>
        oweRelease(records.catchUp, without, {
          environments,
          what: `its stacks are to be deployed as the other region's were (${options.again})`,
        }),
    }),
    confirmLive: (environment) =>
      confirm({ what: `${environment} receives live traffic.`, word: environment, yes: flags.yes === true }),
    confirmLiveChange: (changes) => confirmLiveChange(changes, flags.allowLiveChange === true),
    onPhase: (phase) => view.phase(phase),
    onDecision: (decision) => view.line(describeDecision(decision)),
    onPlan: ({ stack, changes, isEmpty }) => {
      if (!isEmpty) view.line(`  ${stack.name}: ${describeCounts(countChanges(changes))}`);
    },
    onWait: ({ name }, cause, seconds) => view.line(`  ${name}: ${cause}; it is tried again in ${seconds} s`),
    onResult: (result) => {
      view.finished(result.stack);
      view.line(describeResult(result, colors));
    },
  };
  const report = await underUsableStage(given, () => deployStage(context, ports, options), without);
  if (flags.wait !== false && without === undefined) await waitForCopies(context, report, surroundings);
  return report;
}

/** A release that only one region knows of is lost with it: it has ended when the other one has its states. */
async function waitForCopies(context: StageContext, { stacks }: DeployReport, { view }: Surroundings): Promise<void> {
  // Of states that are in the secondary region S3 makes no copies.
  if (liveStateLocation(context).regionType === 'secondary') return;
  const written = stacks.filter(({ outcome }) => outcome === 'applied').map(({ stack }) => stack);
  if (written.length === 0) return;
  view.phase('waiting until the states are in the other region');
  const keys = written.map((name) => `${stateKeyPrefix(context)}${context.stage}-${name}.tfstate`);
  const said = await awaitCopies(awsStateStores(context).primary, keys).then(
    (copies) => describeCopies(copies, context.stage),
    (error: unknown) => `Whether the states are copied could not be asked: ${errorReason(error)}`,
  );
  if (said !== undefined) view.line(said);
}

async function plan(
  given: StageContext,
  surroundings: Surroundings,
  options: DeployOptions,
  flags: DeployFlags,
): Promise<PlanReport> {
  const { view } = surroundings;
  const { without } = flags;
  const context = inLeftRegion(given, without);
  const { terraform, signal } = terraformOf(surroundings, flags.lockTimeout);
  const ports = {
    live: leftSources(context, awsLiveSources(context), without),
    synthesize: async (records: ReleaseRecords) => leftStacks(await synthesizeStacks(context, records), without),
    onPhase: (phase: string) => view.phase(phase),
  };
  const { decision, live, pinned } = await prepareDeploy(context, ports, options);
  view.line(describeDecision(decision));
  const moving = live === undefined ? undefined : await routingProblem(context, awsRouting(context));
  if (moving !== undefined) view.line(`A deploy would be refused. ${moving}`);
  const { isFirst: first, target, environments, steps } = decision;
  const stacks = await planSteps(terraform, steps, {
    live,
    signal,
    variablesOf: (stack) => stackVariables(stack, target, pinned),
    onPlanned: ({ stack }) => view.finished(stack),
  });
  return { stage: context.stage, first, target, environments, stacks };
}

/** What a deploy would do. */
interface PlanReport extends Omit<DeployReport, 'names' | 'pinned' | 'stacks'> {
  readonly stacks: readonly PlannedStack[];
}

/** What the flags ask for, with the command line that goes on after a failure. */
export function optionsOf(stage: string, environment: string | undefined, flags: DeployFlags): DeployOptions {
  const { stack, only, take, withNewVersions, allowDataLoss } = flags;
  const again = [
    'two-region deploy',
    stage,
    ...(environment === undefined ? [] : [environment]),
    ...(stack === undefined ? [] : ['--stack', ...stack]),
    ...(only === undefined ? [] : ['--only', ...only]),
    ...(take === undefined ? [] : ['--take', take]),
    ...(flags.without === undefined ? [] : ['--without', flags.without]),
    ...(withNewVersions ? ['--with-new-versions'] : []),
    ...(allowDataLoss ? ['--allow-data-loss'] : []),
    ...(flags.allowLiveChange ? ['--allow-live-change'] : []),
    ...(flags.yes ? ['--yes'] : []),
  ].join(' ');
  return {
    again,
    ...(environment !== undefined && { environment }),
    ...(stack !== undefined && { stacks: stack }),
    ...(only !== undefined && { only }),
    ...(take !== undefined && { take }),
    ...(withNewVersions && { withNewVersions }),
    ...(allowDataLoss && { allowDataLoss }),
  };
}
