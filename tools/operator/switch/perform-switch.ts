import { EndWith, ExitCode } from '../cli/exit-codes.ts';
import type { ProgressView } from '../cli/progress-view.ts';
import { colorsFor } from '../cli/terminal.ts';
import { thisCommand } from '../lock/owner.ts';
import { listenForInterruption } from '../terraform/interruption.ts';
import { confirmSwitch } from './confirm-switch.ts';
import { describeEnd, describeSwitch } from './describe-switch.ts';
import { describeStep } from './steps.ts';
import type { SwitchPlace } from './switch-ports.ts';
import type { SwitchRequest } from './switch-request.ts';
import { switchStage } from './switch-stage.ts';

export interface PerformOptions {
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
