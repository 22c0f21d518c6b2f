import { accessOf } from '#operator/aws/aws-access.ts';
import { explainingCredentials } from '#operator/aws/credentials-error.ts';
import { progressView } from '#operator/cli/progress-view.ts';
import { loadStageContext } from '#operator/cli/stage-context.ts';
import { colorsFor } from '#operator/cli/terminal.ts';
import { awsLiveSources } from '#operator/live/open-live.ts';
import { listenForInterruption } from '#operator/terraform/interruption.ts';
import { openTerraform } from '#operator/terraform/open-terraform.ts';
import { describePlans, endWithPlans } from '#operator/terraform/plan/describe-plans.ts';
import { synthesizeStacks } from '#operator/terraform/synthesize-stage.ts';
import { type DiffPorts, diffStage } from './diff-stage.ts';

/** Plans a stage's stacks and prints one table; exit code 0 without changes, 2 with, 1 when a plan failed. */
export async function runDiff(
  stage: string,
  stacks: readonly string[],
  flags: { readonly details?: true; readonly json?: true },
): Promise<void> {
  const context = loadStageContext(stage);
  const view = progressView(process.stderr, colorsFor(process.stderr));
  const interruption = listenForInterruption((message) => view.line(message));
  const terraform = openTerraform({ signal: interruption.signal, onProgress: (progress) => view.progress(progress) });
  const ports: DiffPorts = {
    live: awsLiveSources(context),
    synthesize: () => synthesizeStacks(context),
    terraform,
    onPhase: (phase) => view.phase(phase),
  };
  try {
    const report = await explainingCredentials(accessOf(context), () =>
      diffStage(context, ports, stacks, {
        details: flags.details === true,
        signal: interruption.signal,
        onPlanned: ({ stack }) => view.finished(stack),
      }),
    );
    view.end();
    if (report.regionsDisagree) {
      view.line(
        `The regions lead to different environments; each is planned with its own. See: two-region status ${stage}`,
      );
    }
    const colors = colorsFor(process.stdout);
    console.log(flags.json ? JSON.stringify(report) : describePlans(report.stacks, context.stage, colors));
    endWithPlans(report.stacks);
  } finally {
    view.end();
    interruption.dispose();
    await terraform.close();
  }
}
