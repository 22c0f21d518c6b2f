// @ts-check

const INTERVAL_MILLISECONDS = 50;
/** What counts at most of a time in which the event loop did not turn: more than that is a breakpoint. */
const LONGEST_TURN_MILLISECONDS = 200;

/**
 * A clock for a process that is debugged: it stands while the process does.
 *
 * @returns {() => number} milliseconds since the call
 */
export function runningClock() {
  let passed = 0;
  let last = performance.now();
  const look = () => {
    const now = performance.now();
    passed += Math.min(now - last, LONGEST_TURN_MILLISECONDS);
    last = now;
    return passed;
  };
  setInterval(look, INTERVAL_MILLISECONDS).unref();
  return look;
}
