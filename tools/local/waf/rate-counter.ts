/** How often AWS WAF counts. Source: AWS WAF Developer Guide, "Rate-based rule caveats". */
export const COUNTED_EVERY_SECONDS = 10;

/** Of one rule. Source: the same page: "the maximum number of unique aggregation instances". */
const MOST_KEYS = 10_000;

interface Counted {
  /** Requests of each count, at its number's remainder. */
  readonly counts: number[];
  total: number;
  isAbove: boolean;
}

/**
 * How many requests each client made in a window that slides. As on AWS it is looked at every ten seconds whose count is above the limit, so that a
 * rule begins and ends to act late; requests that are blocked count like others.
 */
export class RateCounter {
  readonly #limit: number;
  readonly #slots: number;
  readonly #now: () => number;
  readonly #byKey = new Map<string, Counted>();
  #current: number;

  /**
   * @param limit - requests in a window above which a client is
   * @param windowSeconds - a multiple of ten
   * @param now - number of the ten seconds that it is; never goes back
   */
  constructor(limit: number, windowSeconds: number, now: () => number) {
    this.#limit = limit;
    this.#slots = windowSeconds / COUNTED_EVERY_SECONDS;
    this.#now = now;
    this.#current = now();
  }

  /** Counts a request. @returns whether its client was above the limit when it was last looked at */
  add(key: string): boolean {
    this.#lookAgain();
    let counted = this.#byKey.get(key);
    if (!counted) {
      if (this.#byKey.size >= MOST_KEYS) return false;
      counted = { counts: new Array<number>(this.#slots).fill(0), total: 0, isAbove: false };
      this.#byKey.set(key, counted);
    }
    const slot = this.#current % this.#slots;
    counted.counts[slot] = (counted.counts[slot] ?? 0) + 1;
    counted.total += 1;
    return counted.isAbove;
  }

  #lookAgain(): void {
    const now = this.#now();
    if (now === this.#current) return;
    const passed = now - this.#current;
    if (passed > this.#slots) this.#byKey.clear();
    for (const [key, counted] of this.#byKey) {
      for (let at = this.#current + 1; at <= now; at += 1) {
        // The window ends before the present count, whose slot holds the window's oldest one.
        if (at === now) counted.isAbove = counted.total > this.#limit;
        const slot = at % this.#slots;
        counted.total -= counted.counts[slot] ?? 0;
        counted.counts[slot] = 0;
      }
      if (counted.total === 0 && !counted.isAbove) this.#byKey.delete(key);
    }
    this.#current = now;
  }
}
