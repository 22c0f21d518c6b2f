import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQueryString } from '#functions/http/query-string.ts';

describe('query string', () => {
  it('keeps every value, and the last of each name', () => {
    expect(parseQueryString('a=1&b=&a=2&shallow&&c=x=y')).toEqual({
      single: { a: '2', b: '', shallow: '', c: 'x=y' },
      multi: { a: ['1', '2'], b: [''], shallow: [''], c: ['x=y'] },
    });
  });

  it.each(['a=%', 'a=%zz', '%E0%A4=1', 'a=%FF'])('refuses the broken escape in %s', (query) => {
    expect(parseQueryString(query)).toBeUndefined();
  });

  it('reads back what URLSearchParams writes, whatever the names', () => {
    const name = fc.oneof(
      fc.constantFrom('__proto__', 'constructor', 'a'),
      fc.string({ unit: 'grapheme', minLength: 1 }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.string({ unit: 'grapheme' }))), (pairs) => {
        const parsed = parseQueryString(new URLSearchParams(pairs).toString());
        const expected = new Map<string, string[]>();
        for (const [key, value] of pairs) expected.set(key, [...(expected.get(key) ?? []), value]);
        expect(new Map(Object.entries(parsed?.multi ?? {}))).toEqual(expected);
        expect(new Map(Object.entries(parsed?.single ?? {}))).toEqual(
          new Map([...expected].map(([key, values]) => [key, values.at(-1)])),
        );
      }),
    );
  });
});
