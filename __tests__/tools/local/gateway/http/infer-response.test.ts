import { describe, expect, it } from 'vitest';
import { returning, startTestGateway } from './support/gateway.ts';

async function answerTo(payload: unknown) {
  const gateway = await startTestGateway({ invoke: returning(payload) });
  return { answer: await gateway.send('/envA/events'), warnings: gateway.warnings() };
}

const JSON_TYPE = 'application/json';
const TEXT_TYPE = 'text/plain;charset=UTF-8';

describe("S2.1: the response that a function's result becomes", () => {
  it.each<[string, unknown, number, string | undefined, string]>([
    ['an object without statusCode is the body', { message: 'hi' }, 200, JSON_TYPE, '{"message":"hi"}'],
    ['its other fields mean nothing then', { body: 'x', headers: 1 }, 200, JSON_TYPE, '{"body":"x","headers":1}'],
    ['a text is the body as it is', 'Hello', 200, JSON_TYPE, 'Hello'],
    ['so is an empty one', '', 200, JSON_TYPE, ''],
    ['a number is JSON', 5, 200, JSON_TYPE, '5'],
    ['an array is JSON', [1, { statusCode: 400 }], 200, JSON_TYPE, '[1,{"statusCode":400}]'],
    ['nothing is null', undefined, 200, JSON_TYPE, 'null'],
    ['a status code makes it a response', { statusCode: 201 }, 201, TEXT_TYPE, ''],
    ['with a body', { statusCode: 404, body: '{"a":1}' }, 404, TEXT_TYPE, '{"a":1}'],
    ['of its own type', { statusCode: '200', body: 'x', headers: { 'content-TYPE': 'a/b' } }, 200, 'a/b', 'x'],
    ['without any', { statusCode: 204, body: null, headers: null, cookies: null }, 204, undefined, ''],
    ['fields of other formats mean nothing', { statusCode: 200, multiValueHeaders: 1, x: 2 }, 200, TEXT_TYPE, ''],
  ])('%s', async (_, payload, status, contentType, text) => {
    const { answer, warnings } = await answerTo(payload);
    expect(answer).toMatchObject({ status, text });
    expect(answer.headers['content-type']).toBe(contentType);
    expect(answer.headers['apigw-requestid']).toMatch(/=$/);
    expect(warnings).toEqual([]);
  });

  it('decodes a base64 body', async () => {
    const bytes = Buffer.from([0, 1, 0xfe, 0xff]);
    const headers = { 'content-type': 'image/png' };
    const payload = { statusCode: 200, headers, body: bytes.toString('base64'), isBase64Encoded: true };
    const { answer } = await answerTo(payload);
    expect(answer.bytes).toEqual(bytes);
    expect(answer.headers).toMatchObject({ ...headers, 'content-length': '4' });
  });

  it("sends each cookie as a header, and no header that is the gateway's or the connection's", async () => {
    const { answer } = await answerTo({
      statusCode: 200,
      headers: {
        'x-number': 5,
        'x-flag': true,
        'Content-Length': '99',
        'Transfer-Encoding': 'chunked',
        Connection: 'close',
        'apigw-requestid': 'mine',
      },
      cookies: ['a=1; Secure', 'b=2'],
      body: 'four',
    });
    expect(answer.headers).toMatchObject({ 'x-number': '5', 'x-flag': 'true', 'content-length': '4' });
    expect(answer.headers['set-cookie']).toEqual(['a=1; Secure', 'b=2']);
    expect(answer.headers['transfer-encoding']).toBeUndefined();
    expect(answer.headers['apigw-requestid']).not.toBe('mine');
  });

  it.each<[string, Record<string, unknown>]>([
    ['statusCode is the string "abc"', { statusCode: 'abc' }],
    ['statusCode is null', { statusCode: null }],
    ['statusCode is the number 0', { statusCode: 0 }],
    ['statusCode is the number 101', { statusCode: 101 }],
    ['statusCode is the number 200.5', { statusCode: 200.5 }],
    ['body is an object', { statusCode: 200, body: { a: 1 } }],
    ['body is the number 5', { statusCode: 200, body: 5 }],
    ['headers is the string "x"', { statusCode: 200, headers: 'x' }],
    ['headers is an array', { statusCode: 200, headers: ['x'] }],
    ['the header "a" is null', { statusCode: 200, headers: { a: null } }],
    ['the header "a" has', { statusCode: 200, headers: { a: 'x\r\ny: z' } }],
    ['the header "a b" has', { statusCode: 200, headers: { 'a b': 'x' } }],
    ['cookies is the string "a=1"', { statusCode: 200, cookies: 'a=1' }],
    ['a cookie is the number 1', { statusCode: 200, cookies: [1] }],
    ['the cookie "a\n" has', { statusCode: 200, cookies: ['a\n'] }],
    ['isBase64Encoded is the string "yes"', { statusCode: 200, isBase64Encoded: 'yes' }],
    ['isBase64Encoded is true, but body is not base64', { statusCode: 200, isBase64Encoded: true, body: '{}' }],
  ])('is 500 when %s, and the log says so', async (problem, payload) => {
    const { answer, warnings } = await answerTo(payload);
    expect(answer).toMatchObject({ status: 500, text: '{"message":"Internal Server Error"}' });
    expect(warnings).toEqual([expect.stringContaining(problem)]);
    expect(warnings[0]).toContain(`app-test`);
  });
});
