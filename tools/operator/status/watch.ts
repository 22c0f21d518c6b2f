import { setTimeout as sleep } from 'node:timers/promises';

export interface WatchOptions {
  /** Between the end of one look and the next. */
  readonly seconds: number;
  /** Aborted: the watch ends. */
  readonly signal: AbortSignal;
  /** Hears why a look other than the first failed. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Looks again and again. A region that is lost, and the network with it, is when somebody watches: a look that fails does not end it.
 *
 * @throws what the first look throws: nothing suggests that another one would go better
 */
export async function watch(look: () => Promise<void>, { seconds, signal, onFailure }: WatchOptions): Promise<void> {
  await look();
  while (await isOverdue(seconds, signal)) await look().catch(onFailure);
}

/** Waits. @returns false when the signal came in between */
function isOverdue(seconds: number, signal: AbortSignal): Promise<boolean> {
  return sleep(1000 * seconds, true, { signal }).catch(() => false);
}
