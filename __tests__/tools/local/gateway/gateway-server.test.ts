import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { startGatewayServer } from '#local/gateway/gateway-server.ts';
import { sendRaw } from './rest/support/send.ts';

/** Responds with the request's path, at the end of the event loop's turn after the next. */
const echo: RequestListener = async (request, response) => {
  await text(request).catch(() => '');
  setImmediate(() => response.end(request.url));
};

async function start(receiveMilliseconds?: number): Promise<number> {
  const server = await startGatewayServer(0, echo, receiveMilliseconds === undefined ? {} : { receiveMilliseconds });
  onTestFinished(() => server.close());
  return server.port;
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
const lines = /HTTP\/1\.1 \d+|\/(?:one|two)/g;

it.each([
  ['bytes that are no request', `${get('/one')}${get('/two')}\0\0\0`],
  [
    'a request with two lengths',
    `${get('/one')}${get('/two')}POST /x HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n`,
  ],
  [
    'a body whose chunk has no size',
    `${get('/one')}${get('/two')}POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
  ],
])('responds to the requests before %s, then 400', async (_, bytes) => {
  const received = await sendRaw(await start(), bytes);
  expect(received.match(lines)).toEqual(['HTTP/1.1 200', '/one', 'HTTP/1.1 200', '/two', 'HTTP/1.1 400']);
});

it('ends with 408 a request whose body does not arrive in the time that it has', async () => {
  const port = await start(50);
  const received = await sendRaw(port, 'POST /one HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhalf');
  expect(received).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n[\s\S]*\{"message":"Request Timeout"\}$/);
});

it('ends with 408 a request whose headers do not arrive in the time that they have', async () => {
  expect(await sendRaw(await start(50), 'GET /one HTTP/1.1\r\nHost: loc')).toMatch(/^HTTP\/1\.1 408 /);
});
