import type { StageContext } from '../../../stacks/context.ts';
import { accessOf } from '../aws/aws-access.ts';
import { explainingCredentials } from '../aws/credentials-error.ts';
import { type ProgressView, progressView } from '../deploy/progress-view.ts';
import { RefusedError } from '../deploy/refused-error.ts';
import { EndWith, ExitCode } from '../exit-codes.ts';
import { loadStageContext } from '../stage-context.ts';
import { colorsFor } from '../terminal.ts';
import { listenForInterruption } from '../terraform/interruption.ts';
import { confirmSwitch } from './confirm-switch.ts';
import { describeProgress, describeSwitch } from './describe-switch.ts';
import { thisCommand } from './lock/owner.ts';
import type { SwitchPlace } from './switch-ports.ts';
import type { SwitchRequest } from './switch-request.ts';
import { switchStage } from './switch-stage.ts';

export interface SwitchFlags {
  readonly local?: true;
  readonly yes?: true;
  readonly json?: true;
}

/**
 * Moves live traffic. Progress goes to stderr, the report to stdout.
 *
 * @throws EndWith exit code 1 when it was not done, and whatever refuses it
 */
export async function runSwitch(stage: string, request: SwitchRequest, flags: SwitchFlags): Promise<void> {
  const view = progressView(process.stderr, colorsFor(process.stderr));
  if (flags.local) return run(await openLocal(stage), request, flags, view);
  const context = loadStageContext(stage);
  await explainingCredentials(accessOf(context), async () => run(await openAws(context, view), request, flags, view));
}

async function openLocal(stage: string): Promise<SwitchPlace> {
  const { localSwitchPlace } = await import('./local/local-switch-place.ts');
  const place = await localSwitchPlace();
  if (place.stage === stage) return place;
  throw new RefusedError(`The local runtime runs the stage ${place.stage}, not ${stage}.`);
}

async function openAws(context: StageContext, view: ProgressView): Promise<SwitchPlace> {
  const { awsSwitchPlace } = await import('./aws/aws-switch-place.ts');
  return awsSwitchPlace(context, (progress) => view.progress(progress));
}

async function run(place: SwitchPlace, request: SwitchRequest, flags: SwitchFlags, view: ProgressView): Promise<void> {
  const colors = colorsFor(process.stderr);
  const { stage, isProduction } = place;
  const yes = flags.yes === true;
  let told = false;
  const interruption = listenForInterruption(() => {
    view.line(
      told ? 'Still at it …' : 'Interrupted: the step under way is finished, then what was moved is put back …',
    );
    told = true;
  });
  try {
    const report = await switchStage(place, request, {
      owner: thisCommand(),
      signal: interruption.signal,
      confirm: async ({ from, to }) => {
        view.end();
        await confirmSwitch({ stage, isProduction, from, to, yes });
      },
      onPhase: (text) => view.line(text),
      onStep: (step, outcome) => {
        if (outcome !== 'begun' && step.action === 'move') view.finished(step.subject);
        view.line(describeProgress(step, outcome, colors));
      },
    });
    view.end();
    console.log(flags.json ? JSON.stringify(report) : describeSwitch(report, place.flags, colorsFor(process.stdout)));
    const asWanted = report.outcome !== 'stuck' && report.problem === undefined;
    if (!asWanted) throw new EndWith(ExitCode.Failed);
  } finally {
    view.end();
    interruption.dispose();
    await place.close();
  }
}
