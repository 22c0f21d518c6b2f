import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseReplacementMap,
  ReplacementMapError,
} from '#functions/string-replace/replacement/parse-replacement-map.ts';
import { compileReplacements } from '#functions/string-replace/replacement/replacements.ts';

function problemsOf(json: string): readonly string[] {
  try {
    parseReplacementMap(json);
    return [];
  } catch (error) {
    if (error instanceof ReplacementMapError) return error.problems;
    throw error;
  }
}

describe('S3.1 the replacement map', () => {
  it('is an object of strings', () => {
    expect(parseReplacementMap('{"a":"b","New York":"","ß":"😀"}')).toEqual({ a: 'b', 'New York': '', ß: '😀' });
    expect(parseReplacementMap('{}')).toEqual({});
  });

  it('keeps keys that objects have by birth', () => {
    const map = parseReplacementMap('{"__proto__":"p","constructor":"c"}');
    expect(Object.entries(map)).toEqual([
      ['__proto__', 'p'],
      ['constructor', 'c'],
    ]);
    expect(compileReplacements(map)('__PROTO__')).toBe('p');
  });

  it.each([
    ['{"a":', 'It is not valid JSON'],
    ['', 'It is not valid JSON'],
    ['[]', 'Got an array'],
    ['null', 'Got null'],
    ['"a"', 'Got a string'],
    ['{"word":1}', '"word" has a number for its value'],
    ['{"word":null}', '"word" has null for its value'],
    ['{"word":{"a":"b"}}', '"word" has an object for its value'],
    ['{"":"x"}', '"" is an empty key'],
    ['{"Straße":"x","STRASSE":"y"}', '"STRASSE" and "Straße" differ in case only'],
    [`{"${'k'.repeat(257)}":"x"}`, 'has 257 characters; a key has at most 256'],
    [`{"key":"${'v'.repeat(4097)}"}`, '"key" has a value of 4097 characters'],
    [JSON.stringify(Object.fromEntries(Array.from({ length: 10_001 }, (_, n) => [`k${n}`, '']))), '10001 keys'],
  ])('is refused with its cause: %#', (json, problem) => {
    expect(problemsOf(json)).toEqual([expect.stringContaining(problem)]);
  });

  it('is refused with all mistakes at once', () => {
    expect(problemsOf('{"":"x","one":1,"two":[],"Two":"2"}')).toHaveLength(4);
  });

  it('is read or refused, whatever JSON it is', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const value: unknown = JSON.parse(json);
        if (problemsOf(json).length === 0) expect(parseReplacementMap(json)).toEqual(value);
      }),
    );
  });
});
