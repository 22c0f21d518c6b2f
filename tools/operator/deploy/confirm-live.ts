import { RefusedError } from './refused-error.ts';

/**
 * Asks before the environment that receives live traffic is applied: its name is to be typed.
 *
 * @throws RefusedError where there is no terminal to ask at; CancelledError when the user leaves
 */
export async function confirmLive(environment: string, { yes }: { readonly yes: boolean }): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) {
    throw new RefusedError(
      `${environment} receives live traffic, and there is no terminal to ask at. If it is meant: --yes`,
    );
  }
  const { askAtTerminal } = await import('../prompt.ts');
  await askAtTerminal({
    message: `${environment} receives live traffic. Type its name to apply it.`,
    placeholder: environment,
    hidden: false,
    problem: (answer) => (answer.trim() === environment ? undefined : `Type ${environment}, or leave with Ctrl-C.`),
  });
}
