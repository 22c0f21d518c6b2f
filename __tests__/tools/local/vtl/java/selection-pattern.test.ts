import { describe, expect, it } from 'vitest';
import { compileSelectionPattern } from '#local/vtl/java/pattern.ts';

describe('S1.2: selection patterns are Java regular expressions that match the whole text', () => {
  it.each([
    ['400: .*', '400: name is required', true],
    ['400: .*', '400: first\nsecond', false],
    ['(?s)400: .*', '400: first\nsecond', true],
    ['400: (.|\\n)*', '400: first\nsecond', true],
    ['400', '400: name', false],
    ['400|404', '404', true],
    ['400|404', '404: x', false],
    ['(?i)not found', 'NOT FOUND', true],
    ['\\Q[a.b]\\E.*', '[a.b] c', true],
    ['\\Aabc\\z', 'abc', true],
    ['\\p{Digit}{3}: [\\p{Alpha} ]+', '500: oh dear', true],
    ['\\p{L}+', 'Größe', true],
    ['.*', '', true],
    ['.+', '', false],
  ])('%s on %j: %s', (pattern, text, matches) => {
    expect(compileSelectionPattern(pattern)?.test(text)).toBe(matches);
  });

  it('is undefined for what JavaScript can not express', () => {
    expect(compileSelectionPattern('a++b(')).toBeUndefined();
  });
});
