/** What stands where the journal should isn't one. */
export class JournalError extends Error {
  override readonly name = 'JournalError';
  constructor(where: string, problem: string, options?: ErrorOptions) {
    super(
      `${where} is not a journal of switches: ${problem}.\n` +
        'Put an earlier version of it back. Where no switch is unfinished it may be deleted, too: only `rollback` needs what it held.',
      options,
    );
  }
}
