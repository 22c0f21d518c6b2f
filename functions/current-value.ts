export interface ValueSource<T> {
  /** What it is, for the log: `replacement map`. */
  readonly what: string;
  /** Reads it as text. */
  readonly read: () => Promise<string>;
  /** Makes of a text what is used. @throws for a text that is none */
  readonly parse: (text: string) => T;
  /** Milliseconds until it is read again, at most; up to a fifth less, so that those that started together part. */
  readonly lifetimeMs: number;
  /** Told when the value could not be read, and once of each value that is none. */
  readonly onFailure: (message: string, cause: unknown) => void;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
  /** From 0 to 1. @default Math.random */
  readonly random?: () => number;
}

/** Milliseconds after the first failure of who has no value yet: somebody waits. */
const FIRST_WAIT_MS = 250;
/** Lifetimes that the longest wait takes. */
const LONGEST_WAIT = 4;

/**
 * A value that changes while it is used, as of its last good one: whatever is wrong with the one after it, this one stays. A text is parsed
 * once, and requests that come while it is read wait for the same reading. Parameter Store answers few reads a second, which deploys need too: after a
 * failure it is asked again later and later, up to four lifetimes, and not by every request.
 *
 * Source: AWS Well-Architected, REL05, "Control and limit retry calls".
 *
 * @returns a function that resolves to undefined as long as there never was a good one
 */
export function currentValue<T>(source: ValueSource<T>): () => Promise<T | undefined> {
  const { what, read, parse, lifetimeMs, onFailure, now = Date.now, random = Math.random } = source;
  let good: T | undefined;
  let seen: string | undefined;
  let freshUntil = Number.NEGATIVE_INFINITY;
  let failures = 0;
  let reading: Promise<void> | undefined;

  const parsed = (text: string): T | undefined => {
    try {
      return parse(text);
    } catch (cause) {
      onFailure(`The ${what} is refused; the last good one stays`, cause);
      return undefined;
    }
  };

  const refresh = async () => {
    try {
      const text = await read();
      const usable = text === seen ? good : parsed(text);
      seen = text;
      good = usable ?? good;
      failures = usable === undefined && good === undefined ? failures + 1 : 0;
    } catch (cause) {
      failures++;
      onFailure(`The ${what} cannot be read; the last good one stays`, cause);
    }
    freshUntil = now() + waitAfter(failures, good === undefined ? FIRST_WAIT_MS : lifetimeMs);
    reading = undefined;
  };

  function waitAfter(failed: number, first: number): number {
    if (failed === 0) return lifetimeMs * (1 - 0.2 * random());
    return Math.min(LONGEST_WAIT * lifetimeMs, first * 2 ** (failed - 1)) * (1 - 0.5 * random());
  }

  return async () => {
    if (now() >= freshUntil) {
      reading ??= refresh();
      await reading;
    }
    return good;
  };
}
