import * as z from 'zod/mini';

/** Who holds a lock, and until when. Times are ISO 8601. */
export const lockRecordSchema = z.object({
  /** Tells holders apart, also two of one process. */
  token: z.string(),
  user: z.string(),
  host: z.string(),
  pid: z.int(),
  begun: z.iso.datetime(),
  /** When anybody may take the lock over. Moves on while the holder runs. */
  expires: z.iso.datetime(),
});
export type LockRecord = Readonly<z.infer<typeof lockRecordSchema>>;

/** Keeps one lock. */
export interface LockStore {
  readonly read: () => Promise<LockRecord | undefined>;
  /**
   * Puts `next` in the place of `expected`, in one step that nobody can come between. `undefined` stands for no lock.
   *
   * @returns whether `next` is there now: `expected` was still what was there, or an earlier attempt of the same replacement came through
   */
  readonly replace: (expected: LockRecord | undefined, next: LockRecord | undefined) => Promise<boolean>;
}

/** Whether two records are of one holder, and of the same renewal. */
export function isSameLock(one: LockRecord | undefined, other: LockRecord | undefined): boolean {
  return one?.token === other?.token && one?.expires === other?.expires;
}
