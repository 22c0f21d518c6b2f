import { parseReplacementMap } from './replacement/parse-replacement-map.ts';
import { compileReplacements } from './replacement/replacements.ts';

/** Replaces the words of a content. */
export type Replace = (content: string) => string;

export interface ReplacementsSource {
  /** Reads the replacement map as JSON. */
  readonly read: () => Promise<string>;
  /** Milliseconds until a map is read again. */
  readonly lifetimeMs: number;
  /** Told when the map could not be read, and once of each value that is not a replacement map. */
  readonly onFailure: (message: string, cause: unknown) => void;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
}

/**
 * The replacements as of the map's last good value: whatever is wrong with the one after it, this one stays. A map is compiled once, and
 * requests that come while it is read wait for the same reading.
 *
 * @returns a function that resolves to undefined as long as there never was a good one; then every call reads anew
 */
export function currentReplacements(source: ReplacementsSource): () => Promise<Replace | undefined> {
  const { read, lifetimeMs, onFailure, now = Date.now } = source;
  let good: Replace | undefined;
  let seen: string | undefined;
  let freshUntil = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  const refresh = async () => {
    try {
      const json = await read();
      if (json !== seen) {
        seen = json;
        good = compiled(json, onFailure) ?? good;
      }
    } catch (cause) {
      onFailure('The replacement map cannot be read; the last good one stays', cause);
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

function compiled(json: string, onFailure: ReplacementsSource['onFailure']): Replace | undefined {
  try {
    return compileReplacements(parseReplacementMap(json));
  } catch (cause) {
    onFailure('The replacement map is refused; the last good one stays', cause);
    return undefined;
  }
}
