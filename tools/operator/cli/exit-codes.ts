import { CommanderError } from 'commander';

/**
 * What the command's exit codes mean. An error whose message says all that a user needs carries its own as `exitCode`. A runtime that is ended by Ctrl-C or SIGTERM has done what it was asked to: 0, not 130 or 143, so that
 * `npm start` ends without npm's error text.
 */
export const ExitCode = {
  Done: 0,
  /** Something went wrong that the caller could not have known. */
  Failed: 1,
  /** Flags, settings or surroundings are not as they must be, or a comparison found a difference. */
  Usage: 2,
  /** AWS credentials are missing, expired or not allowed to do it. */
  Credentials: 3,
  DeployFailed: 4,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The same for help: in a few words each. */
export const EXIT_CODES: Readonly<Record<ExitCode, string>> = {
  [ExitCode.Done]: 'done',
  [ExitCode.Failed]: 'failed',
  [ExitCode.Usage]: 'wrong usage, or a difference found',
  [ExitCode.Credentials]: 'AWS credentials',
  [ExitCode.DeployFailed]: 'a stack failed',
};

/** Ends a command that has said all that it had to say with an exit code other than 0. */
export class EndWith extends Error {
  override readonly name = 'EndWith';
  constructor(readonly exitCode: ExitCode) {
    super(`exit code ${exitCode}`);
  }
}

/** The exit code for whatever a command threw. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.Done : ExitCode.Usage;
  return ownExitCode(error) ?? ExitCode.Failed;
}

/** Whether an error's message says all that a user needs; of any other kind the stack is shown too. */
export function isExpected(error: unknown): boolean {
  return error instanceof CommanderError || ownExitCode(error) !== undefined;
}

function ownExitCode(error: unknown): ExitCode | undefined {
  if (!(error instanceof Error) || !('exitCode' in error)) return undefined;
  return Object.values(ExitCode).find((code) => code === error.exitCode);
}
