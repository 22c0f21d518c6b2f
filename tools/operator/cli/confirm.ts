import { RefusedError } from './errors.ts';
import { type Ask, askAtTerminal } from './prompt.ts';

export interface Confirmation {
  /** What is about to happen: `Key 1a2b3c4d stops working.` */
  readonly what: string;
  /** What is to be typed. */
  readonly word: string;
  /** It was given beforehand. */
  readonly yes: boolean;
}

/**
 * Asks before something that can't be taken back quickly: a word is to be typed.
 *
 * @throws RefusedError where there is no terminal to ask at; CancelledError when the user leaves
 */
export async function confirm(
  { what, word, yes }: Confirmation,
  { isTerminal = process.stdin.isTTY === true, ask = askAtTerminal }: { isTerminal?: boolean; ask?: Ask } = {},
): Promise<void> {
  if (yes) return;
  if (!isTerminal) throw new RefusedError(`${what} There is no terminal to ask at. If it is meant: --yes`);
  await ask({
    message: `${what} Type ${word} to go on.`,
    placeholder: word,
    hidden: false,
    problem: (answer) => (answer.trim() === word ? undefined : `Type ${word}, or leave with Ctrl-C.`),
  });
}
