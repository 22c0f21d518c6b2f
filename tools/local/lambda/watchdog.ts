import { readFileSync } from 'node:fs';

/** How often a running invocation's memory is looked at. */
const INTERVAL_MILLISECONDS = 100;

/**
 * Watches what runs in a process. One timer that looks again rather than one for each invocation: most are over long before it fires.
 */
export class Watchdog {
  readonly #remainingMilliseconds: () => number | undefined;
  readonly #isOverMemory: () => boolean;
  readonly #bite: (why: 'memory' | 'timeout') => void;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param of.remainingMilliseconds - until the limit of what runs; undefined when nothing does
   * @param of.bite - called when a limit is passed
   */
  constructor(of: {
    readonly remainingMilliseconds: () => number | undefined;
    readonly isOverMemory: () => boolean;
    readonly bite: (why: 'memory' | 'timeout') => void;
  }) {
    this.#remainingMilliseconds = of.remainingMilliseconds;
    this.#isOverMemory = of.isOverMemory;
    this.#bite = of.bite;
  }

  /** To be called when something begins to run. */
  wake(): void {
    if (this.#timer) return;
    const remaining = this.#remainingMilliseconds();
    if (remaining === undefined) return;
    this.#timer = setTimeout(() => this.#look(), Math.max(0, Math.min(remaining, INTERVAL_MILLISECONDS)));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    this.#timer = undefined;
    const remaining = this.#remainingMilliseconds();
    if (remaining === undefined) return;
    // A response may have come while this thread was busy: it is read before the limit is judged.
    if (remaining <= 0) setImmediate(() => this.#judge());
    else if (this.#isOverMemory()) this.#bite('memory');
    else this.wake();
  }

  #judge(): void {
    const remaining = this.#remainingMilliseconds();
    if (remaining !== undefined && remaining <= 0) this.#bite('timeout');
    else this.wake();
  }
}

/**
 * What a process has in memory without the files it maps, which is what counts against a container's limit.
 *
 * @returns megabytes; undefined where there is no `/proc` or the process has ended
 */
export function residentMemoryMb(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /^RssAnon:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}
