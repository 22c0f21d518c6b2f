import { describe, expect, it } from 'vitest';
import { foldCase, isWordCharacter } from '#functions/string-replace/replacement/characters.ts';

// Nothing has a case beyond the second plane.
const allCharacters = Array.from({ length: 0x20000 }, (_, codePoint) => String.fromCodePoint(codePoint));

describe('S3.1 case folding', () => {
  it('never moves a word boundary: what folds keeps being part of words, or not', () => {
    const folding = allCharacters.filter((character) => foldCase(character) !== character);
    expect(folding.length).toBeGreaterThan(1400);
    const moved = folding.filter((character) => {
      const folded = Array.from(foldCase(character), (each) => isWordCharacter(each.codePointAt(0) ?? 0));
      const isWord = isWordCharacter(character.codePointAt(0) ?? 0);
      return folded.some((each) => each !== isWord) || (!isWord && folded.length !== 1);
    });
    expect(moved).toEqual([]);
  });

  it('is done after one time', () => {
    expect(allCharacters.filter((character) => foldCase(foldCase(character)) !== foldCase(character))).toEqual([]);
  });

  it('joins every two characters that a regular expression with the flags i and u takes for one', () => {
    const cased = allCharacters.filter(
      (character) => character !== character.toLowerCase() || character !== character.toUpperCase(),
    );
    const apart = cased.filter((character) =>
      [character.toLowerCase(), character.toUpperCase()].some(
        (variant) =>
          Array.from(variant).length === 1 &&
          new RegExp(`^\\u{${character.codePointAt(0)?.toString(16)}}$`, 'iu').test(variant) &&
          foldCase(variant) !== foldCase(character),
      ),
    );
    expect(apart).toEqual([]);
  });
});
