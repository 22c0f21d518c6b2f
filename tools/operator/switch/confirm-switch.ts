import { RefusedError } from '../deploy/refused-error.ts';
import { type Ask, askAtTerminal, CancelledError } from '../prompt.ts';

export interface SwitchConfirmation {
  readonly stage: string;
  readonly isProduction: boolean;
  readonly from: string;
  readonly to: string;
  /** It was given beforehand. */
  readonly yes: boolean;
}

/**
 * Asks before live traffic moves: in production the stage's name is to be typed, elsewhere y is enough.
 *
 * @throws RefusedError where there is no terminal to ask at; CancelledError when the user leaves, or says no
 */
export async function confirmSwitch(
  { stage, isProduction, from, to, yes }: SwitchConfirmation,
  { isTerminal = process.stdin.isTTY === true, ask = askAtTerminal }: { isTerminal?: boolean; ask?: Ask } = {},
): Promise<void> {
  if (yes) return;
  const question = `Live traffic of ${stage} moves from ${from} to ${to}.`;
  if (!isTerminal) throw new RefusedError(`${question} There is no terminal to ask at. If it is meant: --yes`);
  const taken = (text: string) =>
    isProduction ? text.trim() === stage : ['y', 'yes', 'n', 'no', ''].includes(text.trim().toLowerCase());
  const answer = await ask({
    message: isProduction ? `${question} Type the stage’s name to go on.` : `${question} Go on? [y/N]`,
    placeholder: isProduction ? stage : 'N',
    hidden: false,
    problem: (text) =>
      taken(text)
        ? undefined
        : `Type ${isProduction ? stage : 'y or n'}, or leave with Ctrl-C: nothing is changed then.`,
  });
  if (!isProduction && !answer.trim().toLowerCase().startsWith('y')) {
    throw new CancelledError('Cancelled: nothing was changed.');
  }
}
