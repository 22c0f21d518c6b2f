import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { correlationId } from '#functions/http/correlation-id.ts';
import { anyCharacter } from '#tests/support/hostile/any-character.ts';

describe('correlationId', () => {
  it.each(['x-correlation-id', 'X-Correlation-Id', 'X-CORRELATION-ID'])("takes the caller's %s", (name) => {
    expect(correlationId({ accept: '*/*', [name]: 'order-4711' }, 'request')).toBe('order-4711');
  });

  it('falls back to the request id when there is none', () => {
    expect(correlationId({ 'x-correlation': 'a' }, 'request')).toBe('request');
    expect(correlationId(null, 'request')).toBe('request');
  });

  it.each(['', 'a b', 'a\nb', '"', 'ü', 'a'.repeat(129)])('does not let %j into the log', (value) => {
    expect(correlationId({ 'x-correlation-id': value }, 'request')).toBe('request');
  });

  it('answers one line of at most 128 characters whatever the caller sends', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 200 }), (value) => {
        expect(correlationId({ 'x-correlation-id': value }, 'request')).toMatch(/^[\x21-\x7e]{1,128}$/);
      }),
    );
  });
});
