import { columns } from '#operator/cli/columns.ts';
import { type Colors, seconds } from '#operator/cli/terminal.ts';
import { otherRegion, type RegionType } from '#stacks/context.ts';
import { describeComparison } from './canary/describe-canary.ts';
import { describeStep, type PlannedStep } from './planned-steps.ts';
import type { Responses, SwitchReport } from './switch-ports.ts';

/** One line per step, when it has ended. */
export function describeEnd(step: PlannedStep, outcome: 'done' | 'failed', colors: Colors): string {
  return `${outcome === 'done' ? colors.green('✓') : colors.red('✗')} ${describeStep(step)}`;
}

/** What changed, how long it took, how to go back. @param flags - what stands behind the stage's name in commands */
export function describeSwitch(
  { stage, from, to, outcome, seconds: took, steps, problem, comparison, targets, without, catchUp = [] }: SwitchReport,
  flags: string,
  colors: Colors,
): string {
  const rows = steps.map((step) => [
    describeStep(step),
    step.outcome,
    step.seconds === undefined ? '' : seconds(step.seconds),
    describeResponses(step.responses),
  ]);
  const alone = without === undefined ? '' : ` in the ${otherRegion(without)} region`;
  const head = {
    done: colors.green(`Live traffic of ${stage} goes to ${to}${alone} (before: ${from}), after ${seconds(took)}.`),
    unchanged: `Live traffic of ${stage} goes to ${to} already: there was nothing to do.`,
    reverted: colors.yellow(
      `Live traffic of ${stage} goes to ${from}, as before${alone}; everything that was moved${alone && ' there'} is put back.`,
    ),
    stuck: colors.red(targets === undefined ? '' : describeTargets(stage, from, targets, without)),
  }[outcome];
  return [
    ...columns(rows),
    ...(comparison === undefined ? [] : describeComparison(comparison)),
    head,
    ...(problem === undefined ? [] : [problem]),
    ...catchUp.map((line) => colors.yellow(line)),
    ...(outcome === 'done' ? [`Back again: two-region rollback ${stage}${flags}`] : []),
  ].join('\n');
}

/** How many responses the old environment still gave while a move was verified. */
function describeResponses(responses: Responses | undefined): string {
  if (responses === undefined || responses.others === 0) return '';
  const { asked, others, lastOther } = responses;
  const last = lastOther === undefined ? '' : `, the last one at ${lastOther}`;
  return `${others} of ${asked} responses by another environment${last}`;
}

/** Where the regions' entries lead after a switch that could be neither finished nor put back. */
function describeTargets(
  stage: string,
  from: string,
  { primary, secondary }: NonNullable<SwitchReport['targets']>,
  without: RegionType | undefined,
): string {
  if (without === undefined && primary === from && secondary === from) {
    return `Every target of ${stage} leads to ${from}, as before, but the switch has not ended.`;
  }
  const where = (environment: string | null) => environment ?? 'not known, as a move of it failed or broke off';
  return `Live traffic of ${stage} is not in one place. Primary region: ${where(primary)}; secondary region: ${where(secondary)}.`;
}
