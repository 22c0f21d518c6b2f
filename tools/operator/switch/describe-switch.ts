import { columns } from '#operator/cli/columns.ts';
import { type Colors, seconds } from '#operator/cli/terminal.ts';
import type { SwitchReport } from './switch-ports.ts';
import { describeStep, type PlannedStep } from './transaction.ts';

/** One line per step, when it has ended. */
export function describeEnd(step: PlannedStep, outcome: 'done' | 'failed', colors: Colors): string {
  return `${outcome === 'done' ? colors.green('✓') : colors.red('✗')} ${describeStep(step)}`;
}

/** What changed, how long it took, how to go back. @param flags - what stands behind the stage's name in commands */
export function describeSwitch(
  { stage, from, to, outcome, seconds: took, steps, problem, isAllBack }: SwitchReport,
  flags: string,
  colors: Colors,
): string {
  const rows = steps.map((step) => [
    describeStep(step),
    step.outcome,
    step.seconds === undefined ? '' : seconds(step.seconds),
  ]);
  const head = {
    done: colors.green(`Live traffic of ${stage} goes to ${to} (before: ${from}), after ${seconds(took)}.`),
    unchanged: `Live traffic of ${stage} goes to ${to} already: there was nothing to do.`,
    reverted: colors.yellow(
      `Live traffic of ${stage} goes to ${from}, as before; everything that was moved is put back.`,
    ),
    stuck: colors.red(
      isAllBack
        ? `Every target of ${stage} leads to ${from}, as before. That ${from} answers is not verified.`
        : `Live traffic of ${stage} is neither wholly on ${from} nor on ${to}.`,
    ),
  }[outcome];
  return [
    ...columns(rows),
    head,
    ...(problem === undefined ? [] : [problem]),
    ...(outcome === 'done' ? [`Back again: two-region rollback ${stage}${flags}`] : []),
  ].join('\n');
}
