import { otherRegion, type RegionType } from '#stacks/context.ts';
import { RefusedError } from './errors.ts';
import { type Ask, askAtTerminal, CancelledError } from './prompt.ts';
import { minutes } from './terminal.ts';

interface Confirmation {
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
  if (!isTerminal) throw new RefusedError(`${what} Not a terminal: pass --yes to confirm.`);
  await ask({
    message: `${what} Type ${word} to go on.`,
    placeholder: word,
    hidden: false,
    problem: (answer) => (answer.trim() === word ? undefined : `Type ${word}, or leave with Ctrl-C.`),
  });
}

/**
 * Asks before changes that live traffic notices, as every environment has them at once: y is enough.
 *
 * @param changes - one line for each
 * @param allowed - it was given beforehand
 * @throws RefusedError where there is no terminal to ask at; CancelledError when the user leaves, or says no
 */
export async function confirmLiveChange(
  changes: readonly string[],
  allowed: boolean,
  { isTerminal = process.stdin.isTTY === true, ask = askAtTerminal }: { isTerminal?: boolean; ask?: Ask } = {},
): Promise<void> {
  if (allowed) return;
  const what = `Live traffic has these changes at once, not with the next switch:\n${changes.map((line) => `  ${line}`).join('\n')}`;
  if (!isTerminal) {
    throw new RefusedError(
      `Nothing of this stack was applied. ${what}\nNot a terminal: pass --allow-live-change to confirm.`,
    );
  }
  await askYesOrNo(what, ask);
}

/**
 * Asks before something is begun that can be taken back: y is enough.
 *
 * @param what - is about to happen
 * @param yes - it was given beforehand
 * @throws RefusedError where there is no terminal to ask at; CancelledError when the user leaves, or says no
 */
export async function confirmBeginning(
  what: string,
  yes: boolean,
  { isTerminal = process.stdin.isTTY === true, ask = askAtTerminal }: { isTerminal?: boolean; ask?: Ask } = {},
): Promise<void> {
  if (yes) return;
  if (!isTerminal) throw new RefusedError(`${what} Not a terminal: pass --yes to confirm.`);
  await askYesOrNo(what, ask);
}

interface SwitchConfirmation {
  readonly stage: string;
  readonly isProduction: boolean;
  readonly from: string;
  readonly to: string;
  /** One region goes first, so long before the other one. @default - both at once */
  readonly staggerSeconds?: number | undefined;
  /** The new versions get a share first, so long. @default - nothing comes first */
  readonly canary?: { readonly percent: number; readonly bakeSeconds: number } | undefined;
  /** The region that is left as it is. @default - both move */
  readonly without?: RegionType | undefined;
  /** It was given beforehand. */
  readonly yes: boolean;
}

/**
 * Asks before live traffic moves: in production the stage's name is to be typed, elsewhere y is enough.
 *
 * @throws RefusedError where there is no terminal to ask at; CancelledError when the user leaves, or says no
 */
export async function confirmSwitch(
  { stage, isProduction, from, to, staggerSeconds, canary, without, yes }: SwitchConfirmation,
  { isTerminal = process.stdin.isTTY === true, ask = askAtTerminal }: { isTerminal?: boolean; ask?: Ask } = {},
): Promise<void> {
  const staggered =
    staggerSeconds === undefined ? '' : `: one region now, the other one after ${minutes(staggerSeconds)}`;
  const alone = without === undefined ? '' : ` in the ${otherRegion(without)} region alone`;
  const first =
    canary === undefined
      ? ''
      : `, after ${minutes(canary.bakeSeconds)} in which ${canary.percent} % of it runs the versions of ${to}`;
  const what = `Live traffic of ${stage} moves from ${from} to ${to}${alone}${staggered}${first}.`;
  if (isProduction) return confirm({ what, word: stage, yes }, { isTerminal, ask });
  await confirmBeginning(what, yes, { isTerminal, ask });
}

/** @throws CancelledError for anything but yes */
async function askYesOrNo(what: string, ask: Ask): Promise<void> {
  const answer = await ask({
    message: `${what} Go on? [y/N]`,
    placeholder: 'N',
    hidden: false,
    problem: (text) => (/^(y|yes|n|no|)$/i.test(text.trim()) ? undefined : 'Type y or n, or leave with Ctrl-C.'),
  });
  if (!/^y/i.test(answer.trim())) throw new CancelledError('Cancelled: nothing was changed.');
}
