const wordCharacter = /^[\p{L}\p{M}\p{N}_]$/u;

/** {@link foldUnit} of what belongs to no word. */
export const noWord = -1;
/** {@link foldUnit} of what one UTF-16 unit cannot tell: half a pair, or a character that folds to several. */
export const manyUnits = 0x10000;

const unknown = 0;

/** One entry for each UTF-16 unit, filled as they are met. */
const unitFolds = new Int32Array(0x10000);

/** The folded UTF-16 unit of a word's character, or {@link noWord}, or {@link manyUnits}. */
export function foldUnit(unit: number): number {
  const known = unitFolds[unit] ?? unknown;
  return known === unknown ? learnUnit(unit) : known;
}

function learnUnit(unit: number): number {
  const character = String.fromCharCode(unit);
  const folded = foldCase(character);
  let fold = folded.length === 1 ? folded.charCodeAt(0) : manyUnits;
  if (unit >= 0xd800 && unit <= 0xdfff) fold = manyUnits;
  else if (!wordCharacter.test(character)) fold = noWord;
  unitFolds[unit] = fold;
  return fold;
}

/** Whether a code point belongs to words: letters, marks, numbers and the underscore. A lone surrogate does not. */
export function isWordCharacter(codePoint: number): boolean {
  const fold = codePoint > 0xffff ? manyUnits : foldUnit(codePoint);
  return fold === manyUnits ? wordCharacter.test(String.fromCodePoint(codePoint)) : fold !== noWord;
}

const folds = new Map<string, string>();

/**
 * Case folding, one code point after the other, as the full folding of Unicode's CaseFolding.txt: `ß`, `ẞ` and `SS` are one, as are `Σ`, `σ` and `ς`, `K`
 * (Kelvin) and `k`. The Turkish letters stay apart: `İ` is `i` with a dot above, and `ı` only itself. Nothing is normalized: `é` and `e` + U+0301 differ.
 */
export function foldCase(text: string): string {
  let folded = '';
  for (const character of text) folded += folds.get(character) ?? foldCharacter(character);
  return folded;
}

function foldCharacter(character: string): string {
  // The way over the capitals joins what has one capital: `ς` and `σ`, `ſ` and `s`. It would join `ı` and `i` as well.
  const folded = character === 'ı' ? character : character.toLowerCase().toUpperCase().toLowerCase();
  folds.set(character, folded);
  return folded;
}
