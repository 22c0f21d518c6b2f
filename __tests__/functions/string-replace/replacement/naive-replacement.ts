import { foldCase, isWordCharacter } from '#functions/string-replace/replacement/characters.ts';

/** The rule of S3.1 word by word, with no thought of speed: at each place every key is tried, the longest stretch that fits wins. */
export function replaceNaively(map: Readonly<Record<string, string>>, content: string): string {
  const characters = Array.from(content);
  const isWord = (index: number) => isWordCharacter(characters[index]?.codePointAt(0) ?? 0x20);
  const keys = Object.entries(map).map(([key, value]) => ({ folded: foldCase(key), value }));
  let replaced = '';
  for (let start = 0; start < characters.length; ) {
    let best: { readonly end: number; readonly value: string } | undefined;
    for (const { folded, value } of isWord(start - 1) ? [] : keys) {
      let end = start;
      let rest = folded;
      while (rest !== '' && end < characters.length) {
        const next = foldCase(characters[end] ?? '');
        if (!rest.startsWith(next)) break;
        rest = rest.slice(next.length);
        end += 1;
      }
      if (rest === '' && !isWord(end) && end >= (best?.end ?? 0)) best = { end, value };
    }
    replaced += best ? best.value : characters[start];
    start = best ? best.end : start + 1;
  }
  return replaced;
}
