import { accessOf } from '#operator/aws/aws-access.ts';
import { explainingCredentials } from '#operator/aws/credentials-error.ts';
import { confirmSwitch } from '#operator/cli/confirm.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { EndWith, ExitCode } from '#operator/cli/exit-codes.ts';
import { type ProgressView, progressView } from '#operator/cli/progress-view.ts';
import { loadStageContext } from '#operator/cli/stage-context.ts';
import { colorsFor } from '#operator/cli/terminal.ts';
import { thisCommand } from '#operator/lock/owner.ts';
import { listenForInterruption } from '#operator/terraform/interruption.ts';
import type { StageContext } from '#stacks/context.ts';
import { describeEnd, describeSwitch } from './describe-switch.ts';
import type { SwitchPlace, SwitchRequest } from './switch-ports.ts';
import { switchStage } from './switch-stage.ts';
import { describeStep } from './transaction.ts';

interface SwitchFlags {
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
  const options = { yes: flags.yes === true, json: flags.json === true, view };
  if (flags.local) return performSwitch(await openLocal(stage), request, options);
  const context = loadStageContext(stage);
  await explainingCredentials(accessOf(context), async () =>
    performSwitch(await openAws(context, view), request, options),
  );
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

interface PerformOptions {
  /** It was confirmed beforehand. */
  readonly yes?: boolean;
  /** One document instead of text. */
  readonly json?: boolean;
  /** Where progress is shown. */
  readonly view: ProgressView;
}

/**
 * Switches at a place, closes it, and prints what became of it: also of a switch that failed.
 *
 * @throws EndWith exit code 1 when live traffic is not where it was asked to be; what {@link switchStage} throws
 */
export async function performSwitch(
  place: SwitchPlace,
  request: SwitchRequest,
  { yes = false, json = false, view }: PerformOptions,
): Promise<void> {
  const colors = colorsFor(process.stderr);
  const { stage, isProduction } = place;
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
      onPhase: (text) => view.phase(text),
      onStep: (step, outcome) => {
        if (outcome === 'begun') return view.phase(describeStep(step));
        if (step.action === 'move') view.finished(step.subject);
        view.line(describeEnd(step, outcome, colors));
      },
    });
    view.end();
    console.log(json ? JSON.stringify(report) : describeSwitch(report, place.flags, colorsFor(process.stdout)));
    const asWanted = report.outcome !== 'stuck' && report.problem === undefined;
    if (!asWanted) throw new EndWith(ExitCode.Failed);
  } finally {
    view.end();
    interruption.dispose();
    await place.close();
  }
}
