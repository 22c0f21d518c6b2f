import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeToken, encodeToken } from '#functions/events/continuation-token.ts';
import { anyCharacter } from '#tests/support/hostile/any-character.ts';

const wellFormed = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 });

describe('continuation token', () => {
  it('gives back any place in the log', () => {
    fc.assert(
      fc.property(wellFormed, wellFormed, (date, time) => {
        expect(decodeToken(encodeToken({ date, time }))).toEqual({ date, time });
      }),
    );
  });

  it('needs no escaping in a query string', () => {
    fc.assert(
      fc.property(wellFormed, wellFormed, (date, time) => {
        const token = encodeToken({ date, time });
        expect(encodeURIComponent(token)).toBe(token);
      }),
    );
  });

  it.each([
    '',
    'x',
    '%00',
    'bnVsbA',
    Buffer.from('{"date":"2021-08-28"}').toString('base64url'),
    Buffer.from('{"date":"","time":"1"}').toString('base64url'),
    Buffer.from('{"date":{"S":"a"},"time":"1"}').toString('base64url'),
    Buffer.from('{"date":"a","time":"1","more":1}').toString('base64url'),
    Buffer.from('{"date":"a","time":"\\ud800"}').toString('base64url'),
    encodeToken({ date: 'é'.repeat(1025), time: '1' }),
    encodeToken({ date: '1', time: 'x'.repeat(1025) }),
    `${encodeToken({ date: 'a', time: 'b' })}=`,
  ])('refuses %s as a bad request', (forged) => {
    expect(() => decodeToken(forged)).toThrow(expect.objectContaining({ name: 'BadRequestError' }));
  });

  it('refuses whatever else is sent as a bad request', () => {
    const anything = fc.oneof(
      fc.string({ unit: anyCharacter }),
      fc.base64String(),
      fc.json().map((json) => Buffer.from(json).toString('base64url')),
    );
    fc.assert(
      fc.property(anything, (forged) => {
        expect(() => decodeToken(forged)).toThrow('next: Invalid token');
      }),
    );
  });
});
