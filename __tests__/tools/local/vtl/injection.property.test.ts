import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileTemplate } from '#local/vtl/compile-template.ts';
import { anyCharacter } from '#tests/support/hostile/any-character.ts';
import { templateContext } from './support.ts';

/** A reference in its formal notation. */
const FORMAL = '$' + '{x}';

const hostile = fc.oneof(
  fc.string({ unit: anyCharacter }),
  fc.string({
    unit: fc.constantFrom(
      '$',
      '#',
      '{',
      '}',
      '"',
      "'",
      '\\',
      '/',
      '\n',
      '\r',
      '\u2028',
      '\0',
      'a',
      '(',
      ')',
      '.',
      '\ud800',
      '\udc00',
      'é',
    ),
  }),
  fc.constantFrom(
    '$input.body',
    '#set($x = 1)',
    '#end',
    FORMAL,
    "\\\\'",
    "\\'",
    '$util.escapeJavaScript("x")',
    '__proto__',
    '$1',
    '\\u0041',
    '#[[x]]#',
  ),
);

function sent(value: string) {
  return templateContext({
    body: JSON.stringify({ name: value }),
    params: { path: { name: value }, querystring: {}, header: {} },
    stageVariables: { name: value },
  });
}

describe('values in mapping templates are data', () => {
  it('S1.1: an escaped value parses back to exactly what was sent', () => {
    const template = compileTemplate(
      `{"name": "$util.escapeJavaScript($input.params('name')).replaceAll("\\\\'","'")"}`,
    );
    fc.assert(
      fc.property(hostile, (value) => {
        expect(JSON.parse(template(sent(value)))).toEqual({ name: value });
      }),
      { numRuns: 2_000 },
    );
  });

  it("S1.1: a body's value parses back to exactly what was sent, by $input.json and by $input.path", () => {
    const template = compileTemplate(
      `{"a": $input.json('$.name'), "b": "$util.escapeJavaScript($input.path('$.name')).replaceAll("\\\\'","'")"}`,
    );
    const expected = (value: string) => ({ a: value, b: value });
    fc.assert(
      fc.property(hostile, (value) => {
        expect(JSON.parse(template(sent(value)))).toEqual(expected(value));
      }),
      { numRuns: 2_000 },
    );
  });

  it('a value is never read as a template, wherever it goes', () => {
    const template = compileTemplate(
      `#set($v = $input.params('name'))#set($copy = "<$v>")#macro(show $m)$m#end#foreach($x in [$v])$x#end|$copy|#show($v)|$stageVariables.name|$input.params('name')`,
    );
    fc.assert(
      fc.property(hostile, (value) => {
        expect(template(sent(value))).toBe(`${value}|<${value}>|${value}|${value}|${value}`);
      }),
      { numRuns: 1_000 },
    );
  });

  it('any template either compiles and renders or fails with a cause', () => {
    const piece = fc.constantFrom(
      '#if',
      '(',
      ')',
      '$x',
      '#end',
      '#foreach',
      '$i in [1..3]',
      '#set($x = ',
      '"',
      "'",
      '#else',
      '$input.path(',
      '.a',
      '[',
      ']',
      '{',
      '}',
      '1',
      '\n',
      '$!',
      '#macro(m)',
      '#m()',
      '\\',
      '##',
      '#*',
      '*#',
      '&&',
      '==',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        try {
          expect(compileTemplate(pieces.join(''))(sent('x'))).toBeTypeOf('string');
        } catch (error) {
          expect(error).toMatchObject({ name: expect.stringMatching(/^Template(Input)?Error$/) });
        }
      }),
      { numRuns: 3_000 },
    );
  });
});
