import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTemplate } from '#local/terraform/expression/syntax/read-expression.ts';
import { anyCharacter } from '#tests/support/hostile/any-character.ts';
import { render } from './scope-fixture.ts';

/** Terraform keeps texts in the normal form C of Unicode. */
const normal = (given: string) => given.replace(/\p{Surrogate}/gu, '').normalize('NFC');
const text = fc.oneof(
  fc.string({ unit: anyCharacter }).map(normal),
  fc
    .array(fc.constantFrom('$', '%', '{', '}', '"', '\\', '~', 'a', '\n', `\${`, `$\${`, '%%{'))
    .map((parts) => parts.join('')),
);
/** What CDKTF writes for a text that is to stand as it is. */
const escapeTemplate = (literal: string) => literal.replace(/\$\{|%\{/g, (mark) => mark.charAt(0) + mark);
/** A quoted string of an expression. */
const quote = (literal: string) =>
  escapeTemplate(JSON.stringify(literal).replaceAll('\\b', '\\u0008').replaceAll('\\f', '\\u000c'));

describe('a template of any text', () => {
  it('is the text itself where nothing is interpolated', () => {
    fc.assert(
      fc.property(text, (literal) => {
        fc.pre(!literal.includes(`\${`) && !literal.includes('%{'));
        expect(render(literal)).toBe(literal);
      }),
    );
  });

  it('is the text again when its interpolations and directives are escaped', () => {
    fc.assert(
      fc.property(text, (literal) => {
        expect(render(escapeTemplate(literal))).toBe(literal);
      }),
    );
  });

  it('is the text again as a quoted string of an expression', () => {
    fc.assert(
      fc.property(text, (literal) => {
        expect(render(`\${${quote(literal)}}`)).toBe(literal);
      }),
    );
  });

  it('joins what stands around an interpolation', () => {
    fc.assert(
      fc.property(text, text, text, (before, value, after) => {
        fc.pre(!before.endsWith('$') && !before.endsWith('%'));
        const template = `${escapeTemplate(before)}\${x}${escapeTemplate(after)}`;
        fc.pre(before + after !== '');
        expect(render(template, { x: value })).toBe(normal(before + value + after));
      }),
    );
  });

  it('keeps the type of a lone interpolation, for any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (json) => {
        const value = JSON.parse(normal(JSON.stringify(json)));
        expect(render(`\${x}`, { x: value })).toEqual(value);
        expect(render(`\${jsondecode(jsonencode(x))}`, { x: value })).toEqual(value);
      }),
    );
  });

  it('is parsed or refused with a message, never anything else', () => {
    fc.assert(
      fc.property(text, (broken) => {
        let failure: unknown;
        try {
          parseTemplate(`\${${broken}`);
        } catch (error) {
          failure = error;
        }
        expect(failure === undefined || (failure instanceof Error && failure.name === 'ExpressionError')).toBe(true);
      }),
    );
  });
});
