import { progressView } from '#operator/cli/progress-view.ts';
import { colorsFor } from '#operator/cli/terminal.ts';
import { awsLiveSources } from '#operator/live/open-live.ts';
import { listenForInterruption } from '#operator/terraform/interruption.ts';
import { openTerraform } from '#operator/terraform/open-terraform.ts';
import { describePlans, endWithPlans } from '#operator/terraform/plan/describe-plans.ts';
import { planSteps } from '#operator/terraform/plan/plan-steps.ts';
import { stackVariables } from '#operator/terraform/stack-variables.ts';
import { synthesizeStacks } from '#operator/terraform/synthesize-stage.ts';
import type { StageContext } from '#stacks/context.ts';
import { type DeployOptions, prepareDeploy } from './deploy-stage.ts';
import { describeDecision } from './describe-deploy.ts';

/** `deploy --plan`: what the deploy would do, with nothing applied. Exit codes as those of `diff`. */
export async function planDeploy(
  context: StageContext,
  options: DeployOptions,
  flags: { readonly json?: true; readonly lockTimeout?: number },
): Promise<void> {
  const view = progressView(process.stderr, colorsFor(process.stderr));
  const interruption = listenForInterruption((message) => view.line(message));
  const terraform = openTerraform({
    signal: interruption.signal,
    onProgress: (progress) => view.progress(progress),
    lockTimeoutSeconds: flags.lockTimeout,
  });
  try {
    const ports = {
      live: awsLiveSources(context),
      synthesize: () => synthesizeStacks(context),
      onPhase: (phase: string) => view.phase(phase),
    };
    const { decision, live, pinned } = await prepareDeploy(context, ports, options);
    view.line(describeDecision(decision));
    const stacks = await planSteps(terraform, decision.steps, {
      live,
      signal: interruption.signal,
      variablesOf: (stack) => stackVariables(stack, decision.target, pinned),
      onPlanned: ({ stack }) => view.finished(stack),
    });
    view.end();
    const { isFirst: first, target, environments } = decision;
    const report = { stage: context.stage, first, target, environments, stacks };
    console.log(flags.json ? JSON.stringify(report) : describePlans(stacks, context.stage, colorsFor(process.stdout)));
    endWithPlans(stacks);
  } finally {
    view.end();
    interruption.dispose();
    await terraform.close();
  }
}
