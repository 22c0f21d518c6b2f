import { describe, expect, expectTypeOf, it } from 'vitest';
import * as z from 'zod/mini';
import { text } from '#contract/text.ts';
import { parseRequest } from '#functions/http/parse-request.ts';

const schema = z.object({ name: text({ maxLength: 3 }), tags: z.optional(z.array(z.string())) });

describe('parseRequest', () => {
  it('returns the declared fields and no others', () => {
    const value = JSON.parse('{"name":"Ada","extra":1,"__proto__":{"tags":[]}}');
    const parsed = parseRequest(schema, value);
    expect(parsed).toEqual({ name: 'Ada' });
    expectTypeOf(parsed).toEqualTypeOf<{ name: string; tags?: string[] | undefined }>();
  });

  it('names every field that is wrong, and where in it', () => {
    expect(() => parseRequest(schema, { name: 7, tags: ['a', null] })).toThrow(
      'name: Invalid input: expected string, received number; tags.1: Invalid input: expected string, received null',
    );
  });

  it('says of what the mistake is when it is in no field', () => {
    expect(() => parseRequest(schema, [])).toThrow('body: Invalid input: expected object, received array');
    expect(() => parseRequest(z.string(), 1, 'query')).toThrow('query: Invalid input: expected string');
  });

  it.each([
    ['', 'Too small'],
    ['abcd', 'Too big'],
    ['\ud83d', 'half of a surrogate pair'],
    [undefined, 'expected string, received undefined'],
  ])('refuses %j as a text', (name, says) => {
    expect(() => parseRequest(schema, { name })).toThrow(says);
  });

  it('takes whole surrogate pairs for text', () => {
    expect(parseRequest(schema, { name: '😀' })).toEqual({ name: '😀' });
  });
});
