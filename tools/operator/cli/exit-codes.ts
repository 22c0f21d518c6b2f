import { CommanderError } from 'commander';

/**
 * What the command's exit codes mean. A runtime that is ended by Ctrl-C or SIGTERM has done what it was asked to: 0, not 130 or 143, so that
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

/** By name, so that the classes, and what they import, need not be loaded to know them. */
const codes: Readonly<Record<string, ExitCode>> = {
  UsageError: ExitCode.Usage,
  SettingsError: ExitCode.Usage,
  PortTakenError: ExitCode.Usage,
  RuntimeRunningError: ExitCode.Usage,
  NoRuntimeError: ExitCode.Usage,
  StateStorageError: ExitCode.Usage,
  ParametersError: ExitCode.Usage,
  RefusedError: ExitCode.Usage,
  TargetDisagreementError: ExitCode.Usage,
  TerraformMissingError: ExitCode.Usage,
  CallError: ExitCode.Usage,
  MarksError: ExitCode.Usage,
  DoctorError: ExitCode.Usage,
  CancelledError: ExitCode.Failed,
  JournalError: ExitCode.Failed,
  LostLockError: ExitCode.Failed,
  TerraformError: ExitCode.Failed,
  UnreachableError: ExitCode.Failed,
  FailedRegionError: ExitCode.Failed,
  CredentialsError: ExitCode.Credentials,
  CredentialsProviderError: ExitCode.Credentials,
  DeployError: ExitCode.DeployFailed,
  PromoteError: ExitCode.DeployFailed,
  KeysError: ExitCode.Failed,
};

/** The exit code for whatever a command threw. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.Done : ExitCode.Usage;
  if (error instanceof EndWith) return error.exitCode;
  if (error instanceof Error && Object.hasOwn(codes, error.name)) return codes[error.name] ?? ExitCode.Failed;
  return ExitCode.Failed;
}

/** Whether an error's message says all that a user needs; of any other kind the stack is shown too. */
export function isExpected(error: unknown): boolean {
  return exitCodeOf(error) !== ExitCode.Failed || (error instanceof Error && Object.hasOwn(codes, error.name));
}
