import { accountRemarks } from '#operator/account/questions.ts';
import { runInStage } from '#operator/cli/run-command.ts';
import { awsRouting, routingProblem } from '#operator/deploy/routing-change.ts';
import { awsLiveSources } from '#operator/live/open-live.ts';
import { inLeftRegion } from '#operator/regions/left-region.ts';
import { terraformOf } from '#operator/terraform/command-terraform.ts';
import { describePlans, exitCodeOfPlans } from '#operator/terraform/plan/describe-plans.ts';
import { declaredStacks, selectStacks } from '#operator/terraform/select-stacks.ts';
import { synthesizeStacks } from '#operator/terraform/synthesize-stage.ts';
import { leftSources, leftStacks } from '#operator/without/left-stacks.ts';
import type { RegionType } from '#stacks/context.ts';
import type { ReleaseRecords } from '#stacks/release-record.ts';
import { diffStage } from './diff-stage.ts';

/** Plans a stage's stacks and prints one table; exit code 0 without changes, 2 with, 1 when a plan failed. */
export function runDiff(
  stage: string,
  stacks: readonly string[],
  flags: { readonly details?: true; readonly json?: true; readonly without?: RegionType },
): Promise<void> {
  return runInStage(
    stage,
    flags,
    async (given, surroundings) => {
      const { without } = flags;
      const context = inLeftRegion(given, without);
      // A wrong name needs no account to be told.
      selectStacks(declaredStacks(context), stacks);
      const { view } = surroundings;
      const { terraform, signal } = terraformOf(surroundings);
      const ports = {
        live: leftSources(context, awsLiveSources(context), without),
        synthesize: async (records: ReleaseRecords) => leftStacks(await synthesizeStacks(context, records), without),
        terraform,
        onPhase: (phase: string) => view.phase(phase),
      };
      const planned = diffStage(context, ports, stacks, {
        details: flags.details === true,
        signal,
        onPlanned: ({ stack }) => view.finished(stack),
      });
      const [report, account] = await Promise.all([planned, without === undefined ? accountRemarks(context) : []]);
      const isLive = report.target !== undefined || report.regionsDisagree;
      const moving = isLive ? await routingProblem(context, awsRouting(context)) : undefined;
      return { ...report, account, ...(moving !== undefined && { refused: moving }) };
    },
    {
      text: (report, colors) => describePlans(report.stacks, report.stage, colors),
      remark: ({ stage: name, regionsDisagree, account, refused }) => {
        const disagreement = `The regions lead to different environments; each is planned with its own. See: two-region status ${name}`;
        // No stack has these, so no plan shows them.
        const refusal = refused === undefined ? [] : [`A deploy would be refused. ${refused}`];
        return [...refusal, ...(regionsDisagree ? [disagreement] : []), ...account].join('\n') || undefined;
      },
      exitCode: ({ stacks: plans }) => exitCodeOfPlans(plans),
    },
  );
}
