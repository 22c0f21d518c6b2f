import { currentValue, type ValueSource } from '#functions/current-value.ts';
import { parseReplacementMap } from './replacement/parse-replacement-map.ts';
import { compileReplacements } from './replacement/replacements.ts';

/** Replaces the words of a content. */
export type Replace = (content: string) => string;

/** The replacements as of the last good value of the map, which is read as JSON; a map is compiled once. See {@link currentValue}. */
export function currentReplacements(
  source: Omit<ValueSource<Replace>, 'parse' | 'what'>,
): () => Promise<Replace | undefined> {
  const parse = (json: string) => compileReplacements(parseReplacementMap(json));
  return currentValue({ ...source, what: 'replacement map', parse });
}
