export const TIMED_OUT = Symbol('timed out');

/** Waits for work, but not for long: its result, or `TIMED_OUT`. The work itself isn't ended. */
export type Deadline = <T>(work: Promise<T>) => Promise<T | typeof TIMED_OUT>;

interface Wait {
  /** `performance.now()`. */
  readonly until: number;
  readonly giveUp: () => void;
}

/**
 * A deadline that many requests share: one timer, for the oldest of them, since nearly all have their response long before.
 *
 * @param milliseconds - that each may take
 */
export function createDeadline(milliseconds: number): Deadline {
  // In the order in which they began, which is the one in which they run out.
  const waits = new Set<Wait>();
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    timer = undefined;
    const now = performance.now();
    for (const wait of waits) {
      if (wait.until > now) {
        // A timer may fire a little early.
        timer = setTimeout(look, Math.ceil(wait.until - now)).unref();
        return;
      }
      waits.delete(wait);
      wait.giveUp();
    }
  };
  return (work) =>
    new Promise((resolve, reject) => {
      const wait = { until: performance.now() + milliseconds, giveUp: () => resolve(TIMED_OUT) };
      waits.add(wait);
      if (!timer) timer = setTimeout(look, milliseconds).unref();
      work.then(
        (result) => {
          waits.delete(wait);
          resolve(result);
        },
        (error: unknown) => {
          waits.delete(wait);
          reject(error);
        },
      );
    });
}
