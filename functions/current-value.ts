export interface ValueSource<T> {
  /** What it is, for the log: `replacement map`. */
  readonly what: string;
  /** Reads it as text. */
  readonly read: () => Promise<string>;
  /** Makes of a text what is used. @throws for a text that is none */
  readonly parse: (text: string) => T;
  /** Milliseconds until it is read again. */
  readonly lifetimeMs: number;
  /** Told when the value could not be read, and once of each value that is none. */
  readonly onFailure: (message: string, cause: unknown) => void;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
}

/**
 * A value that changes while it is used, as of its last good one: whatever is wrong with the one after it, this one stays. A text is parsed
 * once, and requests that come while it is read wait for the same reading.
 *
 * @returns a function that resolves to undefined as long as there never was a good one; then every call reads anew
 */
export function currentValue<T>(source: ValueSource<T>): () => Promise<T | undefined> {
  const { what, read, parse, lifetimeMs, onFailure, now = Date.now } = source;
  let good: T | undefined;
  let seen: string | undefined;
  let freshUntil = Number.NEGATIVE_INFINITY;
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
      if (text !== seen) {
        seen = text;
        good = parsed(text) ?? good;
      }
    } catch (cause) {
      onFailure(`The ${what} cannot be read; the last good one stays`, cause);
    }
    freshUntil = now() + lifetimeMs;
    reading = undefined;
  };

  return async () => {
    if (good === undefined || now() >= freshUntil) {
      reading ??= refresh();
      await reading;
    }
    return good;
  };
}
