import { confirmSwitch } from '#operator/cli/confirm.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { listenForInterruption } from '#operator/cli/interruption.ts';
import { type CommandReport, runCommand, runInStage, type Surroundings } from '#operator/cli/run-command.ts';
import { minutes } from '#operator/cli/terminal.ts';
import { thisCommand } from '#operator/lock/hold-lock.ts';
import type { RegionType } from '#stacks/context.ts';
import { describeEnd, describeSwitch } from './describe-switch.ts';
import { describeStep } from './planned-steps.ts';
import type { SwitchPlace, SwitchReport, SwitchRequest } from './switch-ports.ts';
import { switchStage } from './switch-stage.ts';

interface SwitchFlags {
  readonly local?: true;
  /** Milliseconds, see {@link openLocalSwitchPlace}. */
  readonly propagation?: number;
  readonly yes?: true;
  readonly json?: true;
  /** The region that is lost. @default - none */
  readonly without?: RegionType;
}

/** Moves live traffic; exit code 1 when it is not where it was asked to be. @throws whatever refuses it */
export function runSwitch(stage: string, request: SwitchRequest, flags: SwitchFlags): Promise<void> {
  if (flags.local) {
    return runCommand(
      flags,
      async (surroundings) => {
        const { openLocalSwitchPlace } = await import('./local/local-switch-place.ts');
        return performSwitch(await openLocalSwitchPlace(stage, flags), request, flags, surroundings);
      },
      SWITCH_REPORT,
    );
  }
  return runInStage(
    stage,
    flags,
    async (context, surroundings) => {
      const { awsSwitchPlace } = await import('./aws/aws-switch-place.ts');
      const place = awsSwitchPlace(context, (progress) => surroundings.view.progress(progress), flags.without);
      return performSwitch(place, request, flags, surroundings);
    },
    SWITCH_REPORT,
  );
}

/** What became of a switch, and what stands behind the stage's name in commands that follow it. */
interface PerformedSwitch {
  readonly report: SwitchReport;
  readonly flags: string;
}

/** A switch that failed is reported like one that went through. */
export const SWITCH_REPORT: CommandReport<PerformedSwitch> = {
  text: ({ report, flags }, colors) => describeSwitch(report, flags, colors),
  document: ({ report }) => report,
  exitCode: ({ report: { outcome, problem } }) =>
    outcome === 'stuck' || problem !== undefined ? ExitCode.Failed : ExitCode.Done,
};

/** Switches at a place, which is closed at the end. @throws what {@link switchStage} throws */
export async function performSwitch(
  place: SwitchPlace,
  request: SwitchRequest,
  { yes }: Pick<SwitchFlags, 'yes'>,
  { view, colors, atEnd }: Surroundings,
): Promise<PerformedSwitch> {
  const { stage, isProduction, flags, without } = place;
  atEnd(place.close);
  let told = false;
  let watching = '';
  const { signal, dispose } = listenForInterruption(() => {
    view.line(
      told ? 'Still at it …' : 'Interrupted: the step under way is finished, then what was moved is put back …',
    );
    told = true;
  });
  atEnd(dispose);
  const report = await switchStage(place, request, {
    owner: thisCommand(),
    signal,
    confirm: async ({ from, to, staggerSeconds, canary }) => {
      view.end();
      await confirmSwitch({ stage, isProduction, from, to, staggerSeconds, canary, without, yes: yes === true });
    },
    onWatch: (left, problem, comparison) => {
      if (problem !== undefined) return view.line(colors.yellow(`not well: ${problem}`));
      const text =
        comparison === undefined
          ? `one region has moved and is watched, the other one follows in ${minutes(left)}`
          : `new versions ran for ${comparison.requests} requests so far, all traffic follows in ${minutes(left)}`;
      if (text !== watching) view.phase(text);
      watching = text;
    },
    onPhase: (text) => view.phase(text),
    onRemark: (text) => view.line(text),
    onStep: (step, outcome) => {
      if (outcome === 'begun') return view.phase(describeStep(step));
      if (step.action === 'move') view.finished(step.subject);
      view.line(describeEnd(step, outcome, colors));
    },
  });
  return { report, flags };
}
