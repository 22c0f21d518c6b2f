/** A command line that can't be understood: every mistake in it, one per line. Nothing was done. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
