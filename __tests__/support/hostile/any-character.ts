import fc from 'fast-check';

/** UTF-16 has no characters from here on, so many. */
const SURROGATES = { first: 0xd800, count: 0x800 };

/**
 * As fast-check's unit `binary`: any code point but a surrogate, the same ones for the same seed. fast-check finds a character's number in a table
 * of all of them, which takes a second to make and 115 MB for as long as the process lives; here it is calculated.
 */
export const anyCharacter = fc
  .nat({ max: 0x10ffff - SURROGATES.count })
  .map((index) => String.fromCodePoint(index < SURROGATES.first ? index : index + SURROGATES.count), indexOf);

function indexOf(character: unknown): number {
  const codePoint = typeof character === 'string' ? character.codePointAt(0) : undefined;
  if (codePoint === undefined || String.fromCodePoint(codePoint) !== character) throw new Error('is no one character');
  return codePoint < SURROGATES.first ? codePoint : codePoint - SURROGATES.count;
}
