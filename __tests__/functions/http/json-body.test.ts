import { describe, expect, it } from 'vitest';
import { readJson } from '#functions/http/json-body.ts';

const raw = (body: string | null, headers: Record<string, string> | null = null, isBase64Encoded = false) => ({
  body,
  headers,
  isBase64Encoded,
});
const base64 = (bytes: readonly number[]) => Buffer.from(bytes).toString('base64');

describe('readJson', () => {
  it.each([undefined, 'application/json', 'Application/JSON; charset=utf-8', 'application/vnd.api+json'])(
    'reads JSON of the content type %s',
    (type) => {
      expect(readJson(raw('{"a":[1]}', type === undefined ? {} : { 'Content-Type': type }))).toEqual({ a: [1] });
    },
  );

  it('decodes a body that the gateway encoded', () => {
    expect(readJson(raw(Buffer.from('{"name":"Zoë"}').toString('base64'), null, true))).toEqual({ name: 'Zoë' });
  });

  it.each([
    ['content-type: ', raw('{}', { 'content-type': 'text/plain' })],
    ['content-type: ', raw('{}', { 'CONTENT-TYPE': 'application/x-www-form-urlencoded' })],
    ['content-type: ', raw('{}', { 'content-type': 'application/jsonp' })],
    ['content-type: ', raw('{}', { 'content-type': '' })],
    ['body: Missing', raw(null)],
    ['body: Missing', raw('')],
    ['body: Invalid JSON', raw('{"a":')],
    ['body: Invalid JSON', raw('\ufeff{}')],
    ['body: Invalid JSON', raw(Buffer.from('not JSON').toString('base64'), null, true)],
    ['body: Invalid UTF-8', raw(base64([0x22, 0xc3, 0x28, 0x22]), null, true)],
  ])('says %s of what it refuses', (says, request) => {
    expect(() => readJson(request)).toThrow(expect.objectContaining({ name: 'BadRequestError' }));
    expect(() => readJson(request)).toThrow(says);
  });

  it('takes the last of a key that comes twice, and lets no key reach a prototype', () => {
    expect(readJson(raw('{"a":1,"a":2}'))).toEqual({ a: 2 });
    const read = readJson(raw('{"__proto__":{"polluted":true}}'));
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect({}).not.toHaveProperty('polluted');
  });
});
