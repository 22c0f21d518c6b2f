import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileReplacements } from '#functions/string-replace/replacement/replacements.ts';
import { replaceNaively } from './naive-replacement.ts';

function replace(map: Readonly<Record<string, string>>, content: string): string {
  return compileReplacements(map)(content);
}

describe('S3.1 replaces whole words by a map', () => {
  const cases: readonly (readonly [
    rule: string,
    map: Readonly<Record<string, string>>,
    content: string,
    expected: string,
  ])[] = [
    ['in any case', { Cloud: 'Sky' }, 'cloud CLOUD Cloud', 'Sky Sky Sky'],
    ['only whole words', { cat: 'dog' }, 'concat cats cat_ cat1 cat', 'concat cats cat_ cat1 dog'],
    ['beside punctuation and at the ends', { a: 'x' }, 'a,(a)-a/"a"\na', 'x,(x)-x/"x"\nx'],
    ['once: what was put in is not looked at again', { a: 'b', b: 'a' }, 'a b', 'b a'],
    ['the longer key first', { new: 'n', 'new york': 'NY', york: 'y' }, 'New York, new, york', 'NY, n, y'],
    ['the shorter key where the longer does not fit', { 'a b c': '1', a: '2', b: '3' }, 'a b d a b c', '2 3 d 1'],
    ['the key that starts first', { 'a b': '1', 'b c d': '2' }, 'a b c d', '1 c d'],
    [
      'keys with punctuation',
      { 'c++': 'C', 'c#': 'S', '.net': 'N' },
      'c++ c# (C++) .NET c++11 asp.net',
      'C S (C) N c++11 asp.net',
    ],
    ['keys of punctuation only', { '&': 'and', '->': 'to' }, 'a & b, a&b, a -> b, a->b', 'a and b, a&b, a to b, a->b'],
    ['the same space only', { 'new york': 'NY' }, 'new  york new\tyork new york', 'new  york new\tyork NY'],
    [
      'letters of all scripts',
      { straße: 'road', 東京: 'Tokyo', москва: 'M' },
      'Straße 東京 МОСКВА 東京都',
      'road Tokyo M 東京都',
    ],
    ['ß, ẞ and SS as one', { straße: 'x' }, 'STRASSE STRAẞE strasse straße', 'x x x x'],
    ['no half of a letter that folds to two', { s: 'x', ss: 'y' }, 's ß ss', 'x y y'],
    ['Σ, σ and ς as one', { ΟΔΟΣ: 'x' }, 'οδος οδοσ ΟΔΟΣ', 'x x x'],
    ['Turkish letters apart', { istanbul: 'x', ısı: 'y' }, 'İstanbul istanbul ISTANBUL ısı isi', 'İstanbul x x y isi'],
    ['marks as part of the word', { cafe: 'x' }, 'cafe\u0301 cafe', 'cafe\u0301 x'],
    ['beyond the first plane', { 𐐀: 'x', '😀': ':)' }, '𐐨 𐐀𐐀 😀 😀😀 a😀', 'x 𐐀𐐀 :) :):) a😀'],
    ['around lone surrogates, which stay', { a: 'x' }, '\ud800a\udc00 \udbff', '\ud800x\udc00 \udbff'],
    [
      'keys that objects have by birth',
      JSON.parse('{"__proto__":"p","constructor":"c"}'),
      '__proto__ constructor toString',
      'p c toString',
    ],
    ['values as they are', { a: '$& $1 \\ \u0000' }, 'a', '$& $1 \\ \u0000'],
    ['by nothing', { very: '' }, 'very good', ' good'],
    ['nothing in empty content', { a: 'x' }, '', ''],
    ['nothing by an empty map', {}, 'a b', 'a b'],
  ];
  for (const [rule, map, content, expected] of cases) {
    it(`replaces ${rule}`, () => {
      expect(replace(map, content)).toBe(expected);
      expect(replaceNaively(map, content)).toBe(expected);
    });
  }

  it('refuses an empty key', () => {
    expect(() => compileReplacements({ '': 'x' })).toThrow('empty key');
  });
});

describe('S3.1 on generated maps and contents', () => {
  const unit = fc.constantFrom(...Array.from('aAbB_1 .+-ßẞsSσςΣiİıI\u0307\u0301é\u0345ſKk😀𐐀𐐨東ﬁ'), '\ud800', '\udc00');
  const text = fc.array(unit, { maxLength: 60 }).map((units) => units.join(''));
  const key = fc.array(unit, { minLength: 1, maxLength: 5 }).map((units) => units.join(''));
  const map = fc.dictionary(key, fc.string({ maxLength: 4 }), { maxKeys: 12 });

  it('does what the rule says, word by word', () => {
    fc.assert(
      fc.property(map, text, (each, content) => {
        expect(replace(each, content)).toBe(replaceNaively(each, content));
      }),
      { numRuns: 2000 },
    );
  });

  it('agrees with a regular expression where letters have one fold each', () => {
    const plain = fc.constantFrom(...Array.from('aAbBéÉ_1 .+𐐀𐐨'));
    const plainText = (minLength: number, maxLength: number) =>
      fc.array(plain, { minLength, maxLength }).map((units) => units.join(''));
    fc.assert(
      fc.property(
        fc.dictionary(plainText(1, 4), fc.string(), { minKeys: 1, maxKeys: 8 }),
        plainText(0, 80),
        (each, content) => {
          const byFold = new Map(Object.entries(each).map(([name, value]) => [name.toLowerCase(), value]));
          const alternatives = [...byFold.keys()].sort((one, other) => other.length - one.length);
          const pattern = alternatives.map((name) => name.replace(/[.+]/g, '\\$&')).join('|');
          const expression = new RegExp(`(?<![\\p{L}\\p{M}\\p{N}_])(?:${pattern})(?![\\p{L}\\p{M}\\p{N}_])`, 'giu');
          expect(replace(each, content)).toBe(
            content.replace(expression, (found) => byFold.get(found.toLowerCase()) ?? found),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('leaves any content alone that has no key, to the unit', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
        (content) => {
          expect(replace({ 'not in there': 'x', 'nor+this': 'y' }, content)).toBe(content);
        },
      ),
    );
  });
});
