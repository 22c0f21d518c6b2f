import { type Clock, MACHINE_CLOCK } from '#local/clock.ts';

/*
 * Time in which no function stands at a breakpoint. Whatever waits for functions measures its limits by it, so that nothing runs out while
 * somebody looks: the functions' own time-outs, the gateways', the health checks'. One clock for the process: a debugger that stops one function
 * stops those that wait for it, and who they are nobody can tell.
 */

let standing = 0;
let stoodSince = 0;
let stood = 0;

/** Milliseconds, as of `performance.now()`, without those in which a function stood. */
export function runningTime(): number {
  const now = performance.now();
  return now - stood - (standing > 0 ? now - stoodSince : 0);
}

/** A function stands from now on. @returns to be called when it goes on; a second call does nothing */
export function stand(): () => void {
  if (standing === 0) stoodSince = performance.now();
  standing += 1;
  let stands = true;
  return () => {
    if (!stands) return;
    stands = false;
    standing -= 1;
    if (standing === 0) stood += performance.now() - stoodSince;
  };
}

/** As `setTimeout`, in {@link runningTime}. @returns ends it */
export function afterRunning(milliseconds: number, work: () => void): () => void {
  const until = runningTime() + milliseconds;
  let timer: NodeJS.Timeout;
  const wait = (left: number) => {
    timer = setTimeout(() => {
      const still = until - runningTime();
      if (still > 0) wait(Math.ceil(still));
      else work();
    }, left);
  };
  wait(milliseconds);
  return () => clearTimeout(timer);
}

/** The machine's clock, whose waits are in {@link runningTime}. */
export const RUNNING_CLOCK: Clock = { ...MACHINE_CLOCK, after: afterRunning };
