/** Time, and what waits for it: this machine's, or one that a simulation moves. */
export interface Clock {
  /** Milliseconds since the epoch. */
  time(): number;
  /** Milliseconds that only grow, as of `performance.now()`. */
  now(): number;
  /** As `setTimeout`. @returns ends it */
  after(milliseconds: number, work: () => void): () => void;
  /** As `setImmediate`: never within what runs now. @returns ends it */
  soon(work: () => void): () => void;
}

export const MACHINE_CLOCK: Clock = {
  time: () => Date.now(),
  now: () => performance.now(),
  after: (milliseconds, work) => {
    const timer = setTimeout(work, milliseconds);
    return () => clearTimeout(timer);
  },
  soon: (work) => {
    const immediate = setImmediate(work);
    return () => clearImmediate(immediate);
  },
};
