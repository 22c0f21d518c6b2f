import { confirm } from '#operator/cli/confirm.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { runInStage, type Surroundings } from '#operator/cli/run-command.ts';
import { describeResult } from '#operator/deploy/describe-deploy.ts';
import { awsRouting, requireUnusedEdge } from '#operator/deploy/routing-change.ts';
import { awsSwitchRecords } from '#operator/journal/stage-records.ts';
import { awsLiveSources } from '#operator/live/open-live.ts';
import { readRecords } from '#operator/live/read-records.ts';
import { readTargets } from '#operator/live/read-region.ts';
import { liveTarget } from '#operator/live/target.ts';
import { awsStateStores } from '#operator/state/aws-state-store.ts';
import { terraformOf } from '#operator/terraform/command-terraform.ts';
import { synthesizeStacks } from '#operator/terraform/synthesize-stage.ts';
import { underUsableStage } from '#operator/without/aws-usable.ts';
import type { StageContext } from '#stacks/context.ts';
import { liveStateLocation } from '#stacks/terraform/state-location.ts';
import { destroyEnvironment, type EnvironmentPorts, requireApiEnvironment } from './destroy-environment.ts';
import { type DestroyReport, describeDestroyed, describePlan, describeReport } from './destroy-report.ts';
import { type DestroyPorts, destroyStage, requireKnownStacks } from './destroy-stage.ts';
import { heldStacks } from './held-stacks.ts';
import { awsStageData } from './stage-data.ts';

interface DestroyFlags {
  readonly stack?: readonly string[];
  readonly env?: string;
  readonly allowDataLoss?: true;
  readonly allowNoRollback?: true;
  readonly dryRun?: true;
  readonly yes?: true;
  readonly json?: true;
}

/** Takes a stage, some of its stacks or one environment down; with `--dry-run` exit code 2 where there is something to destroy. */
export function runDestroy(stage: string, flags: DestroyFlags): Promise<void> {
  return runInStage(
    stage,
    flags,
    async (context, surroundings) => {
      // A wrong name needs no account to be told.
      requireKnownStacks(context, flags.stack);
      if (flags.env !== undefined) requireApiEnvironment(context.stage, flags.env);
      if (flags.stack?.includes('edge')) requireUnusedEdge(context.stage, await awsRouting(context).live());
      const work = () => destroy(context, portsOf(context, surroundings, flags), flags);
      return flags.dryRun ? work() : underUsableStage(context, work);
    },
    {
      text: describeReport,
      exitCode: ({ dryRun, stacks }) => (dryRun && stacks.length > 0 ? ExitCode.Usage : ExitCode.Done),
    },
  );
}

function destroy(
  context: StageContext,
  ports: DestroyPorts & EnvironmentPorts,
  flags: DestroyFlags,
): Promise<DestroyReport> {
  const { env, stack, allowDataLoss, allowNoRollback, dryRun } = flags;
  const shared = { again: commandLine(context.stage, flags), ...(dryRun && { dryRun }) };
  if (env !== undefined) {
    return destroyEnvironment(context, ports, {
      ...shared,
      environment: env,
      ...(allowNoRollback && { allowNoRollback }),
    });
  }
  return destroyStage(context, ports, {
    ...shared,
    ...(stack && { stacks: stack }),
    ...(allowDataLoss && { allowDataLoss }),
  });
}

function commandLine(stage: string, { env, stack, allowDataLoss, allowNoRollback, yes }: DestroyFlags): string {
  return [
    'two-region destroy',
    stage,
    ...(stack === undefined ? [] : ['--stack', ...stack]),
    ...(env === undefined ? [] : ['--env', env]),
    ...(allowDataLoss ? ['--allow-data-loss'] : []),
    ...(allowNoRollback ? ['--allow-no-rollback'] : []),
    ...(yes ? ['--yes'] : []),
  ].join(' ');
}

function portsOf(
  context: StageContext,
  surroundings: Surroundings,
  { yes = false }: { readonly yes?: boolean },
): DestroyPorts & EnvironmentPorts {
  const { view, colors } = surroundings;
  const { terraform, signal } = terraformOf(surroundings);
  const { regions } = awsLiveSources(context);
  const { stage } = context;
  return {
    held: () => heldStacks(context, awsStateStores(context)[liveStateLocation(context).regionType]),
    records: () => readRecords(regions),
    target: async () => liveTarget(await readTargets(context, regions)),
    journal: awsSwitchRecords(context).journal,
    synthesize: synthesizeStacks,
    terraform,
    signal,
    data: awsStageData(context),
    confirm: async (plan) => {
      for (const line of describePlan(plan)) view.line(line);
      await confirm({ what: `${whatGoes(plan)} cannot be brought back.`, word: plan.environment ?? stage, yes });
    },
    confirmData: (data) =>
      confirm({
        what: `${data.length} tables and buckets of ${stage} are protected, and what they hold goes with them.`,
        word: `data of ${stage}`,
        yes,
      }),
    onPhase: (phase) => view.phase(phase),
    onApplied: (result) => {
      view.finished(result.stack);
      view.line(describeResult(result, colors));
    },
    onResult: (result) => {
      view.finished(result.stack);
      view.line(describeDestroyed(result, colors));
    },
  };
}

function whatGoes({ stage, environment, stacks }: DestroyReport): string {
  if (environment !== undefined) return `${environment} of ${stage}`;
  return stacks.some(({ stack }) => stack === 'routing')
    ? `What these ${stacks.length} stacks of ${stage} have, with its public names,`
    : `What these ${stacks.length} stacks of ${stage} have`;
}
