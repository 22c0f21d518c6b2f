import { isCancel, password, text } from '@clack/prompts';
import { ExitCode } from './exit-codes.ts';

/** One question. */
export interface Question {
  readonly message: string;
  /** What an empty answer means. */
  readonly placeholder: string;
  /** What is typed is not shown. */
  readonly hidden: boolean;
  /** Why an answer won't do; `undefined` when it will. */
  readonly problem: (answer: string) => string | undefined;
}

/** Asks at the terminal. @throws CancelledError when the user leaves */
export type Ask = (question: Question) => Promise<string>;

/** The user left a prompt, or said no. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  readonly exitCode = ExitCode.Failed;
}

/** Asks at the terminal, on stderr, as stdout is for data. @throws CancelledError on Ctrl-C and Escape */
export async function askAtTerminal({ message, placeholder, hidden, problem }: Question): Promise<string> {
  const validate = (value: string | undefined) => problem(value ?? '');
  const output = process.stderr;
  const answer = hidden
    ? await password({ message: `${message} (${placeholder})`, validate, output })
    : await text({ message, placeholder, validate, output });
  if (isCancel(answer)) throw new CancelledError('Cancelled: nothing was changed.');
  // An empty answer comes back as undefined.
  return answer ?? '';
}
