import { ExitCode } from './exit-codes.ts';
/** A command line that can't be understood: every problem in it, one per line. Nothing was done. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly exitCode = ExitCode.Usage;
}

/** What a command about parameters was given can't be used. Secret values are not part of the message. */
export class ParametersError extends Error {
  override readonly name = 'ParametersError';
  readonly exitCode = ExitCode.Usage;
}

/** Keys are not as they should be in both regions. What was done stays, and no key that was valid is lost by it. */
export class KeysError extends Error {
  override readonly name = 'KeysError';
  readonly exitCode = ExitCode.Failed;
}

/** A call that cannot be made as it was asked for. */
export class CallError extends Error {
  override readonly name = 'CallError';
  readonly exitCode = ExitCode.Usage;
}

/** The command was asked for something that it doesn't do; nothing was changed. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly exitCode = ExitCode.Usage;
}

/** What stands where the state or its locks should be kept can't be used, and isn't changed. */
export class StateStorageError extends Error {
  override readonly name = 'StateStorageError';
  readonly exitCode = ExitCode.Usage;
}
