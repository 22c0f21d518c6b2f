import { KeyMatcher, noKey } from './key-matcher.ts';
import { Vocabulary } from './vocabulary.ts';

/**
 * Prepares the replacement of whole words by a map.
 *
 * A key is replaced wherever it stands without a word character (letter, mark, number, underscore) directly before or after it, in any case. Where several keys
 * start at the same place the longest counts; what was put in is not looked at again. Keys may hold spaces and punctuation: `c++`, `New York`. Case
 * is compared as `foldCase` says. Time grows with the content's length, whatever the number of keys and their length.
 *
 * @param map - key → what stands in its place; of keys that differ in case only the last counts
 * @returns the replacing function; everything that is no key stays as it is, lone surrogates included
 * @throws Error for an empty key
 */
export function compileReplacements(map: Readonly<Record<string, string>>): (content: string) => string {
  const vocabulary = new Vocabulary();
  const values = Object.values(map);
  const keys = Object.keys(map).map((key) => vocabulary.learn(key));
  if (keys.some((pieces) => pieces.length === 0)) throw new Error('The replacement map has an empty key: remove it.');
  if (keys.length === 0) return (content) => content;
  const matcher = new KeyMatcher(keys, vocabulary.size);
  return (content) => {
    let replaced = '';
    let copied = 0;
    vocabulary.recognize(content, (run) => {
      const longest = matcher.longestKeys(run);
      for (let index = 0; index < run.length; index++) {
        const key = longest[index] ?? noKey;
        if (key === noKey) continue;
        replaced += content.slice(copied, run.starts[index]) + values[key];
        index += (keys[key]?.length ?? 1) - 1;
        copied = run.ends[index] ?? content.length;
      }
    });
    return copied === 0 ? content : replaced + content.slice(copied);
  };
}
