/** A command line that can't be understood: every mistake in it, one per line. Nothing was done. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What a command about parameters was given can't be used. Secret values are not part of the message. */
export class ParametersError extends Error {
  override readonly name = 'ParametersError';
}

/** Keys are not as they should be in both regions. What was done stays, and no key that was valid is lost by it. */
export class KeysError extends Error {
  override readonly name = 'KeysError';
}

/** A call that cannot be made as it was asked for. */
export class CallError extends Error {
  override readonly name = 'CallError';
}

/** The command was asked for something that it doesn't do; nothing was changed. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
}
