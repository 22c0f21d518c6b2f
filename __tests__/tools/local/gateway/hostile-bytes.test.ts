import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { sendRaw } from './rest/support/send.ts';
import { KINDS } from './support/kinds.ts';

describe.each(KINDS)('bytes that a client of $kind APIs sends', ({ startOpen, nowhere }) => {
  const leadsNowhere = new RegExp(`^HTTP/1\\.1 ${nowhere.status} `);

  it.each<[string, string | Buffer, RegExp]>([
    ['no HTTP at all', Buffer.from([0x16, 0x03, 0x01, 0x00, 0xff, 0x00]), /^HTTP\/1\.1 400 /],
    ['no version, which makes it HTTP 0.9', 'GET /envA/any/x\r\n\r\n', leadsNowhere],
    ['an empty host', 'GET /envA/any/x HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n', leadsNowhere],
    ['no host', 'GET /envA/any/x HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['a method that is no token', 'G{T /envA/any/x HTTP/1.1\r\nHost: localhost\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['a header without a colon', 'GET /envA/any/x HTTP/1.1\r\nHost: localhost\r\nbroken\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['a NUL in a header', 'GET /envA/any/x HTTP/1.1\r\nHost: localhost\r\na: \0\r\n\r\n', /^HTTP\/1\.1 400 /],
    [
      'two lengths',
      'POST /envA/any/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      /^HTTP\/1\.1 400 /,
    ],
    [
      'a length beside chunks (request smuggling)',
      'POST /envA/any/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n',
      /^HTTP\/1\.1 400 /,
    ],
    [
      'a chunk without a size',
      'POST /envA/any/x HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      /^HTTP\/1\.1 400 /,
    ],
    [
      'a length that is no number',
      'POST /envA/any/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n',
      /^HTTP\/1\.1 400 /,
    ],
    ['a tunnel', 'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n', /^HTTP\/1\.1 400 /],
    [
      'far too large headers',
      `GET /envA/any/x HTTP/1.1\r\nHost: localhost\r\na: ${'x'.repeat(200_000)}\r\n\r\n`,
      /^HTTP\/1\.1 431 /,
    ],
    [
      'two hosts',
      'GET /envA/any/x HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\nConnection: close\r\n\r\n',
      /^HTTP\/1\.1 400 /,
    ],
    ['the asterisk', 'OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', leadsNowhere],
    [
      'an absolute URL',
      'GET http://evil.example/envA/any/x HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
      leadsNowhere,
    ],
    [
      'data after the last request',
      'GET /envA/any/x HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\ngarbage',
      /^HTTP\/1\.1 200 OK(?![\s\S]*HTTP\/1\.1)/,
    ],
    [
      'garbage behind a request',
      'GET /envA/any/x HTTP/1.1\r\nHost: localhost\r\n\r\n\0\0\0',
      /^HTTP\/1\.1 200 [\s\S]*HTTP\/1\.1 400 /,
    ],
    [
      'an upgrade, which is ignored',
      'GET /envA/any/x HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: upgrade, close\r\n\r\n',
      /^HTTP\/1\.1 200 /,
    ],
    [
      'an origin with a line end',
      'GET /envA/any/x HTTP/1.1\r\nHost: localhost\r\nOrigin: https://app.example.com\rx: y\r\n\r\n',
      /^HTTP\/1\.1 400 /,
    ],
  ])('what is %s ends in a plain response, and the gateway lives', async (_, bytes, response) => {
    const gateway = await startOpen();
    expect(await sendRaw(gateway.port, bytes)).toMatch(response);
    expect((await gateway.send('/envA/any/x')).status).toBe(200);
  });

  it('survives clients that go away in the middle of a body', async () => {
    const gateway = await startOpen();
    await new Promise<void>((resolve) => {
      const options = { port: gateway.port, path: '/envA/any/x', method: 'POST', headers: { 'content-length': 100 } };
      const asked = request(options).on('error', () => resolve());
      asked.write('half', () => asked.destroy());
      asked.on('close', () => resolve());
    });
    expect((await gateway.send('/envA/any/x')).status).toBe(200);
    expect(gateway.warnings()).toEqual([]);
  });
});
