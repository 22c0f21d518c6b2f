import { confirmBeginning } from '#operator/cli/confirm.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { runInStage, type Surroundings } from '#operator/cli/run-command.ts';
import { describeResult } from '#operator/deploy/describe-deploy.ts';
import { awsSwitchRecords } from '#operator/journal/stage-records.ts';
import { awsLiveSources } from '#operator/live/open-live.ts';
import { readRecords } from '#operator/live/read-records.ts';
import { readTargets } from '#operator/live/read-region.ts';
import { liveTarget } from '#operator/live/target.ts';
import { terraformOf } from '#operator/terraform/command-terraform.ts';
import { synthesizeStacks } from '#operator/terraform/synthesize-stage.ts';
import { underUsableStage } from '#operator/without/aws-usable.ts';
import type { StageContext } from '#stacks/context.ts';
import { awsTidyRegion } from './aws-region.ts';
import { describePlan, describeTidy } from './describe-tidy.ts';
import { isNothing, type TidyPorts, type TidyReport, tidyStage } from './tidy-stage.ts';

interface TidyFlags {
  readonly dryRun?: true;
  readonly allowDataLoss?: true;
  readonly yes?: true;
  readonly json?: true;
}

/** Removes what nothing needs any more. No other command changes the stage meanwhile. */
export function runTidy(stage: string, flags: TidyFlags): Promise<void> {
  const options = { dryRun: flags.dryRun === true, allowDataLoss: flags.allowDataLoss === true };
  return runInStage(
    stage,
    flags,
    (context, surroundings) => {
      const work = () => tidyStage(context, portsOf(context, surroundings, flags), options);
      return options.dryRun ? work() : underUsableStage(context, work);
    },
    { text: describeTidy, exitCode: exitCodeOf },
  );
}

/** 4 when a stack failed, 1 when AWS refused something; with `--dry-run` 2 where there is something to remove. */
function exitCodeOf(report: TidyReport): ExitCode {
  if (report.dryRun) return isNothing(report) ? ExitCode.Done : ExitCode.Usage;
  if (report.stacks.some(({ outcome }) => outcome === 'failed')) return ExitCode.DeployFailed;
  const all = report.regions.flatMap(({ leftovers }) => leftovers);
  return all.some(({ outcome }) => outcome !== 'removed') ? ExitCode.Failed : ExitCode.Done;
}

function portsOf(
  context: StageContext,
  surroundings: Surroundings,
  { yes = false }: { readonly yes?: boolean },
): TidyPorts {
  const { view, colors } = surroundings;
  const { terraform, signal } = terraformOf(surroundings);
  const { regions } = awsLiveSources(context);
  return {
    regions: { primary: awsTidyRegion(context, 'primary'), secondary: awsTidyRegion(context, 'secondary') },
    records: () => readRecords(regions),
    target: async () => liveTarget(await readTargets(context, regions)),
    journal: awsSwitchRecords(context).journal,
    synthesize: (records) => synthesizeStacks(context, records),
    terraform,
    signal,
    confirm: async (plan) => {
      for (const line of describePlan(plan)) view.line(line);
      view.end();
      await confirmBeginning('They are removed for good.', yes);
    },
    onPhase: (phase) => view.phase(phase),
    onResult: (result) => {
      view.finished(result.stack);
      view.line(describeResult(result, colors));
    },
  };
}
