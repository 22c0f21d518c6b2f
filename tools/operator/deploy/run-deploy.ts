import { accessOf } from '#operator/aws/aws-access.ts';
import { explainingCredentials } from '#operator/aws/credentials-error.ts';
import { confirm } from '#operator/cli/confirm.ts';
import { progressView } from '#operator/cli/progress-view.ts';
import { loadStageContext } from '#operator/cli/stage-context.ts';
import { colorsFor } from '#operator/cli/terminal.ts';
import { awsSwitchRecords, underStageLock } from '#operator/journal/stage-records.ts';
import { awsLiveSources } from '#operator/live/open-live.ts';
import { listenForInterruption } from '#operator/terraform/interruption.ts';
import { openTerraform } from '#operator/terraform/open-terraform.ts';
import { countChanges } from '#operator/terraform/plan/planned-change.ts';
import { synthesizeStacks } from '#operator/terraform/synthesize-stage.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';
import { type DeployOptions, type DeployPorts, deployStage } from './deploy-stage.ts';
import { describeCounts, describeDecision, describeDeploy, describeResult } from './describe-deploy.ts';
import { planDeploy } from './plan-deploy.ts';

export interface DeployFlags {
  readonly stack?: readonly string[];
  readonly only?: readonly string[];
  readonly take?: RegionType;
  readonly withNewVersions?: true;
  readonly allowDataLoss?: true;
  readonly lockTimeout?: number;
  readonly plan?: true;
  readonly yes?: true;
  readonly json?: true;
}

/** Deploys a stage, or with `--plan` shows what a deploy would do. Progress goes to stderr, the report to stdout. */
export async function runDeploy(stage: string, environment: string | undefined, flags: DeployFlags): Promise<void> {
  const context = loadStageContext(stage);
  const options = optionsOf(stage, environment, flags);
  await explainingCredentials(accessOf(context), () =>
    flags.plan ? planDeploy(context, options, flags) : deploy(context, options, flags),
  );
}

async function deploy(context: StageContext, options: DeployOptions, flags: DeployFlags): Promise<void> {
  const colors = colorsFor(process.stderr);
  const view = progressView(process.stderr, colors);
  const interruption = listenForInterruption((message) => view.line(message));
  const terraform = openTerraform({
    signal: interruption.signal,
    onProgress: (progress) => view.progress(progress),
    lockTimeoutSeconds: flags.lockTimeout,
  });
  const ports: DeployPorts = {
    live: awsLiveSources(context),
    journal: awsSwitchRecords(context).journal,
    synthesize: () => synthesizeStacks(context),
    terraform,
    signal: interruption.signal,
    confirmLive: (environment) =>
      confirm({ what: `${environment} receives live traffic.`, word: environment, yes: flags.yes === true }),
    onPhase: (phase) => view.phase(phase),
    onDecision: (decision) => view.line(describeDecision(decision)),
    onPlan: ({ stack, changes, isEmpty }) => {
      if (!isEmpty) view.line(`  ${stack.name}: ${describeCounts(countChanges(changes))}`);
    },
    onResult: (result) => {
      view.finished(result.stack);
      view.line(describeResult(result, colors));
    },
  };
  try {
    const report = await underStageLock(context, () => deployStage(context, ports, options));
    view.end();
    console.log(flags.json ? JSON.stringify(report) : describeDeploy(report, colorsFor(process.stdout)));
  } finally {
    view.end();
    interruption.dispose();
    await terraform.close();
  }
}

function optionsOf(stage: string, environment: string | undefined, flags: DeployFlags): DeployOptions {
  const { stack, only, take, withNewVersions, allowDataLoss } = flags;
  const again = [
    'two-region deploy',
    stage,
    ...(environment === undefined ? [] : [environment]),
    ...(stack === undefined ? [] : ['--stack', ...stack]),
    ...(only === undefined ? [] : ['--only', ...only]),
    ...(take === undefined ? [] : ['--take', take]),
    ...(withNewVersions ? ['--with-new-versions'] : []),
    ...(allowDataLoss ? ['--allow-data-loss'] : []),
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
