/**
 * String replacement: MB/s by size of content and number of keys, beside one regular expression with all keys as alternatives.
 * Run: node --import tsx bench/replacement.ts
 */
import { compileReplacements } from '#functions/string-replace/replacement/replacements.ts';

const syllables = [
  'ka',
  'lo',
  'mi',
  'ne',
  'pu',
  'ra',
  'so',
  'ti',
  'vu',
  'ze',
  'chi',
  'dor',
  'fen',
  'gal',
  'hum',
  'jet',
];

/** The same words in each run: a linear congruential generator instead of `Math.random`. */
function wordMaker(seed: number): () => string {
  let state = seed;
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return () => Array.from({ length: 1 + next(4) }, () => syllables[next(syllables.length)]).join('');
}

function keysOf(count: number): string[] {
  const makeWord = wordMaker(7);
  const keys = new Set<string>();
  while (keys.size < count) keys.add(keys.size % 10 === 0 ? `${makeWord()} ${makeWord()}` : makeWord());
  return [...keys];
}

function contentOf(bytes: number): string {
  const makeWord = wordMaker(11);
  let content = '';
  while (content.length < bytes) content += `${makeWord()}${content.length % 7 === 0 ? ', ' : ' '}`;
  return content.slice(0, bytes);
}

function naive(map: Readonly<Record<string, string>>): (content: string) => string {
  const valueByKey = new Map(Object.entries(map).map(([key, value]) => [key.toLowerCase(), value]));
  const alternatives = [...valueByKey.keys()].sort((one, other) => other.length - one.length);
  const edge = '[\\p{L}\\p{M}\\p{N}_]';
  const pattern = new RegExp(`(?<!${edge})(?:${alternatives.join('|')})(?!${edge})`, 'giu');
  return (content) => content.replace(pattern, (found) => valueByKey.get(found.toLowerCase()) ?? found);
}

/** Million bytes a second of processor time, which other programs on the machine disturb least; the best of five rounds. */
function measure(replace: (content: string) => string, content: string, milliseconds: number): number {
  let best = 0;
  for (let round = 0; round < 5; round++) {
    const begin = process.cpuUsage();
    let runs = 0;
    let spent = 0;
    while (spent < milliseconds * 1000) {
      replace(content);
      runs += 1;
      if (content.length * runs < 50_000) continue;
      const { user, system } = process.cpuUsage(begin);
      spent = user + system;
    }
    best = Math.max(best, (runs * content.length) / spent);
  }
  return best;
}

function mapOf(keyCount: number): Record<string, string> {
  return Object.fromEntries(keysOf(keyCount).map((key) => [key, key.toUpperCase()]));
}

console.log('keys      content        MB/s   regular expression   ratio');
for (const keyCount of [100, 1000, 5000]) {
  const map = mapOf(keyCount);
  const replace = compileReplacements(map);
  const peer = naive(map);
  for (const bytes of [1000, 10_000, 100_000, 1_000_000]) {
    const content = contentOf(bytes);
    // The peer needs minutes for a megabyte by thousands of keys; its speed depends on the keys only.
    const sample = content.slice(0, 10_000);
    if (replace(sample) !== peer(sample)) throw new Error('The two sides disagree.');
    const ours = measure(replace, content, 200);
    const theirs = measure(peer, sample, 50);
    const columns = [String(keyCount).padEnd(6), `${bytes / 1000} kB`.padStart(10), ours.toFixed(1).padStart(11)];
    console.log(...columns, theirs.toFixed(2).padStart(20), `${(ours / theirs).toFixed(0)}×`.padStart(7));
  }
}

const begin = performance.now();
compileReplacements(mapOf(1000));
console.log(`compiling 1000 keys: ${(performance.now() - begin).toFixed(1)} ms`);

const long = compileReplacements({ [`${'a '.repeat(127)}b`]: 'x' });
console.log(
  `hostile content (1 MB of the beginning of a key of 128 words): ${measure(long, 'a '.repeat(500_000), 200).toFixed(1)} MB/s`,
);
