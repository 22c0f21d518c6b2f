/** Who holds a lock, and until when. */
export interface LockRecord {
  /** Tells holders apart, also two of one process. */
  readonly token: string;
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** ISO 8601. */
  readonly begun: string;
  /** When anybody may take the lock over; ISO 8601. Moves on while the holder runs. */
  readonly expires: string;
}

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
