import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { RefusedError } from '#operator/cli/errors.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import type { LockRecord, LockStore } from './lock-store.ts';

/** How long a lock outlives its last renewal. */
const EXPIRY_MILLISECONDS = 15 * 60_000;
const RENEWAL_MILLISECONDS = 60_000;

/** Somebody else has the lock: they took it over, as it had expired. */
export class LostLockError extends Error {
  override readonly name = 'LostLockError';
  readonly exitCode = ExitCode.Failed;
}

/** A lock that this command holds. */
export interface HeldLock {
  /** Tells it from any other. */
  readonly token: string;
  /** Moves the expiry on. @throws LostLockError when somebody else has the lock */
  readonly renew: () => Promise<void>;
}

export interface LockOptions {
  readonly owner: Owner;
  readonly now?: () => number;
  /** Calls again and again, every so many milliseconds. @default - by this machine's clock @returns ends it */
  readonly every?: (milliseconds: number, work: () => void) => () => void;
  /** Whether a process is known to have ended. @default - those of this machine are looked up */
  readonly isGone?: (owner: Owner) => boolean;
  /** Asked when somebody else holds the lock: true tries again. It waits before it answers. @default - it is refused at once */
  readonly whenTaken?: () => Promise<boolean>;
  /** Of a lock that this command held before and may have failed to give back. @default - it held none */
  readonly formerToken?: string;
  /** Tells this command's lock from any other. @default - made by chance */
  readonly token?: string;
}

/**
 * Works under the lock and renews it meanwhile. A lock that has expired, or whose process ended on this machine, is taken over.
 *
 * @throws RefusedError, naming who holds the lock and until when
 */
export async function underLock<T>(
  store: LockStore,
  options: LockOptions,
  work: (lock: HeldLock) => Promise<T>,
): Promise<T> {
  const lock = await acquireInTime(store, options);
  // What goes wrong here is found out by the next step, which renews too.
  const { every = everyInterval } = options;
  const stop = every(RENEWAL_MILLISECONDS, () => lock.renew().catch(() => undefined));
  try {
    return await work(lock);
  } finally {
    stop();
    // An expiry frees what could not be released.
    await lock.release().catch(() => undefined);
  }
}

function everyInterval(milliseconds: number, work: () => void): () => void {
  const timer = setInterval(work, milliseconds).unref();
  return () => clearInterval(timer);
}

/**
 * The same under several locks, such as one in each region: who can take but one of them, as the other region is out of reach, excludes everybody
 * who needs that one. They are taken in the order that is given, so that nobody waits for somebody who waits.
 */
export function underLocks<T>(
  stores: readonly LockStore[],
  options: LockOptions,
  work: (lock: HeldLock) => Promise<T>,
): Promise<T> {
  const shared = { token: randomUUID(), ...options };
  const within = (at: number, held: readonly HeldLock[]): Promise<T> => {
    const store = stores[at];
    if (store !== undefined) return underLock(store, shared, (lock) => within(at + 1, [...held, lock]));
    const renew = async () => {
      const ended = await Promise.allSettled(held.map((lock) => lock.renew()));
      const failures = ended.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
      // A lock that somebody else has says more than a region that does not answer.
      if (failures.length > 0) throw failures.find((each) => each instanceof LostLockError) ?? failures[0];
    };
    return work({ token: shared.token, renew });
  };
  return within(0, []);
}

async function acquireInTime(store: LockStore, options: LockOptions): ReturnType<typeof acquire> {
  for (;;) {
    try {
      return await acquire(store, options);
    } catch (error) {
      if (!(error instanceof RefusedError) || !(await options.whenTaken?.())) throw error;
    }
  }
}

async function acquire(
  store: LockStore,
  { owner, now = Date.now, isGone = isOwnerGone, formerToken, token = randomUUID() }: LockOptions,
): Promise<HeldLock & { readonly release: () => Promise<void> }> {
  const expires = () => new Date(now() + EXPIRY_MILLISECONDS).toISOString();
  const found = await store.read();
  const isFree =
    found === undefined || found.token === formerToken || Date.parse(found.expires) <= now() || isGone(found);
  if (!isFree) throw taken(found);
  let mine: LockRecord = {
    token,
    ...owner,
    begun: new Date(now()).toISOString(),
    expires: expires(),
  };
  if (!(await store.replace(found, mine))) throw taken(await store.read());

  let queue: Promise<void> = Promise.resolve();
  const renew = async () => {
    const next = { ...mine, expires: expires() };
    if (!(await store.replace(mine, next))) throw await lost(store);
    mine = next;
  };
  return {
    token: mine.token,
    // One after the other: each expects what the one before wrote.
    renew: () => {
      queue = queue.catch(() => undefined).then(renew);
      return queue;
    },
    release: async () => {
      await queue.catch(() => undefined);
      await store.replace(mine, undefined);
    },
  };
}

function taken(by: LockRecord | undefined): RefusedError {
  if (by === undefined) return new RefusedError('Another command took the lock in the same moment: try again.');
  return new RefusedError(
    `Another command is at work on the stage's target: ${describe(by)}, since ${by.begun}. ` +
      `Unless it ends before, its lock expires at ${by.expires} and can be taken over then.`,
  );
}

async function lost(store: LockStore): Promise<LostLockError> {
  const by = await store.read().catch(() => undefined);
  const who = by === undefined ? 'it is gone' : `${describe(by)} took it over at ${by.begun}`;
  return new LostLockError(`The lock is lost: ${who}. Nothing else was begun.`);
}

function describe({ user, host, pid }: Owner): string {
  return `${user}@${host} (process ${pid})`;
}

/** A command that is under way. */
export interface Owner {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
}

/** This command. */
export function thisCommand(): Owner {
  return { user: userInfo().username, host: hostname(), pid: process.pid };
}

/** Whether a command of this machine has ended; of other machines nobody here can tell. */
export function isOwnerGone({ host, pid }: Owner): boolean {
  if (host !== hostname()) return false;
  try {
    // Signal 0 asks whether there is such a process (POSIX, kill).
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}
