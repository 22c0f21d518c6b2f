import { RefusedError } from '../deploy/refused-error.ts';
import { type Ask, askAtTerminal } from '../prompt.ts';

export interface SwitchConfirmation {
  readonly stage: string;
  readonly isProduction: boolean;
  readonly from: string;
  readonly to: string;
  /** It was given beforehand. */
  readonly yes: boolean;
}

/**
 * Asks before live traffic moves: in production the stage's name is to be typed, elsewhere y.
 *
 * @throws RefusedError where there is no terminal to ask at; CancelledError when the user leaves
 */
export async function confirmSwitch(
  { stage, isProduction, from, to, yes }: SwitchConfirmation,
  { isTerminal = process.stdin.isTTY === true, ask = askAtTerminal }: { isTerminal?: boolean; ask?: Ask } = {},
): Promise<void> {
  if (yes) return;
  const question = `Live traffic of ${stage} moves from ${from} to ${to}.`;
  if (!isTerminal) throw new RefusedError(`${question} There is no terminal to ask at. If it is meant: --yes`);
  const expected = isProduction ? [stage] : ['y', 'yes'];
  const wanted = expected[0] ?? '';
  await ask({
    message: isProduction ? `${question} Type the stage’s name to go on.` : `${question} Go on? Type y.`,
    placeholder: wanted,
    hidden: false,
    problem: (answer) =>
      expected.includes(answer.trim()) ? undefined : `Type ${wanted}, or leave with Ctrl-C: nothing is changed then.`,
  });
}
