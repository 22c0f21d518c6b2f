import { once } from 'node:events';
import { Agent, createServer, get, type RequestListener, request } from 'node:http';
import { connect } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { listen } from '../../../../tools/local/listen.ts';
import { startEntry } from '../../../../tools/local/route53/entry.ts';
import type { Resolution } from '../../../../tools/local/route53/resolver.ts';
import type { Service } from '../../../../tools/local/service.ts';

const started: Service[] = [];
afterEach(async () => {
  for (const service of started.splice(0).reverse()) await service.close();
});

/** An entry in front of one or two regions; `lead` moves the public name. */
async function entryBefore(primary: RequestListener, secondary: RequestListener = primary) {
  const origins: string[] = [];
  for (const listener of [primary, secondary]) {
    const region = await listen(createServer(listener), 0);
    started.push(region);
    origins.push(region.url);
  }
  let resolution: Resolution | undefined;
  const lead = (region: 'primary' | 'secondary' | undefined) => {
    const origin = origins[region === 'primary' ? 0 : 1] ?? '';
    resolution = region && { region, origin, since: 0, ttlSeconds: 60 };
  };
  lead('primary');
  const entry = await startEntry({
    name: 'api.example.com',
    port: 0,
    resolver: { current: () => resolution, close: async () => {} },
  });
  started.push(entry);
  return { ...entry, lead };
}

/** Sends bytes as they are and returns everything that comes back. */
async function raw(port: number, bytes: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  return text(socket);
}

describe('the entry', () => {
  it('passes method, path, query, headers in order and repetition, and bodies, with the public name as host', async () => {
    const { url } = await entryBefore(async (incoming, response) => {
      const body = await text(incoming);
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.writeHead(201, 'Made');
      response.end(JSON.stringify({ method: incoming.method, url: incoming.url, raw: incoming.rawHeaders, body }));
    });
    const sent = request(`${url}/user/a%20b?x=1&x=2`, {
      method: 'POST',
      headers: [
        'Host',
        'localhost',
        'X-One',
        '1',
        'X-Two',
        'a',
        'X-Two',
        'b',
        'X-Forwarded-For',
        '203.0.113.9',
        'Content-Length',
        '5',
      ],
    });
    sent.end('hello');
    const [response] = await once(sent, 'response');
    const seen = JSON.parse(await text(response));
    expect(response).toMatchObject({ statusCode: 201, statusMessage: 'Made' });
    expect(response.headers).toMatchObject({ 'set-cookie': ['a=1', 'b=2'], 'x-two-region-served-by': 'primary' });
    expect(seen).toMatchObject({ method: 'POST', url: '/user/a%20b?x=1&x=2', body: 'hello' });
    const headers = seen.raw.join('\n').toLowerCase();
    expect(headers).toContain('host\napi.example.com\n');
    expect(headers).toContain('x-one\n1\nx-two\na\nx-two\nb\n');
    expect(headers).toContain('x-forwarded-for\n203.0.113.9, 127.0.0.1');
  });

  it('streams: the first bytes of an answer arrive before the last are sent, and so do those of a body', async () => {
    const { url } = await entryBefore((incoming, response) => {
      response.flushHeaders();
      incoming.on('data', (chunk) => response.write(chunk));
      incoming.on('end', () => response.end());
    });
    const sent = request(url, { method: 'POST' });
    sent.write('first');
    const [response] = await once(sent, 'response');
    expect(String((await once(response, 'data'))[0])).toBe('first');
    sent.end('last');
    expect(await text(response)).toBe('last');
  });

  it('carries a megabyte of binary unharmed in both directions', async () => {
    const { url } = await entryBefore((incoming, response) => incoming.pipe(response));
    const bytes = Buffer.from(Array.from({ length: 1_000_000 }, (_, at) => (at * 31) % 256));
    const sent = request(url, { method: 'PUT' });
    sent.end(bytes);
    const [response] = await once(sent, 'response');
    expect(Buffer.compare(await buffer(response), bytes)).toBe(0);
  });

  it('answers HEAD, 204 and 304 without a body and goes on serving the connection', async () => {
    const { port } = await entryBefore((incoming, response) => {
      response.writeHead(incoming.url === '/204' ? 204 : incoming.url === '/304' ? 304 : 200);
      response.end();
    });
    const asked = (line: string, connection = 'keep-alive') =>
      `${line} HTTP/1.1\r\nHost: x\r\nConnection: ${connection}\r\n\r\n`;
    const answer = await raw(port, asked('HEAD /') + asked('GET /204') + asked('GET /304', 'close'));
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 204', 'HTTP/1.1 304']);
  });

  it('drops headers of the connection, those that Connection names too', async () => {
    const { port } = await entryBefore((incoming, response) => {
      response.setHeader('Connection', 'close, x-private');
      response.setHeader('X-Private', 'hidden');
      response.end(JSON.stringify(incoming.headers));
    });
    const answer = await raw(
      port,
      'GET / HTTP/1.1\r\nHost: x\r\nTE: trailers\r\nX-Hop: 1\r\nConnection: close, X-Hop\r\n\r\n',
    );
    expect(answer).not.toMatch(/x-hop|"te"|x-private/i);
  });

  it('sends the path of an absolute target, and refuses what is no request with 400', async () => {
    const { port } = await entryBefore((incoming, response) => response.end(incoming.url));
    const closing = 'HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    expect(await raw(port, `GET http://elsewhere/path?q ${closing}`)).toMatch(/\/path\?q/);
    expect(await raw(port, `OPTIONS * ${closing}`)).toContain('HTTP/1.1 200');
    expect(await raw(port, 'nonsense\r\n\r\n')).toContain('HTTP/1.1 400');
  });

  it('answers 502 in JSON that names the region when it breaks the connection, and follows the name elsewhere (S0.17)', async () => {
    const { url, lead } = await entryBefore(
      (incoming) => incoming.socket.destroy(),
      (_incoming, response) => response.end('from secondary'),
    );
    const refused = await fetch(url);
    expect(refused.status).toBe(502);
    expect(await refused.json()).toEqual({
      message: expect.stringMatching(/^The primary region does not answer .* would see a connection error\.$/),
      region: 'primary',
    });
    lead('secondary');
    const moved = await fetch(url);
    expect(moved.headers.get('x-two-region-served-by')).toBe('secondary');
    expect(await moved.text()).toBe('from secondary');
    lead(undefined);
    expect(await (await fetch(url)).json()).toMatchObject({ message: expect.stringContaining('does not resolve') });
  });

  it('breaks the connection when the region does so in the middle of an answer', async () => {
    const { url } = await entryBefore((_incoming, response) => {
      response.writeHead(200, { 'content-length': 10 });
      response.write('12345', () => response.destroy());
    });
    await expect(fetch(url).then((response) => response.text())).rejects.toThrow();
  });

  it('tells the region when the client has gone', async () => {
    let gone: (value: unknown) => void = () => {};
    const left = new Promise((resolve) => {
      gone = resolve;
    });
    const { url } = await entryBefore((incoming) => {
      incoming.socket.once('close', gone);
      sent.destroy();
    });
    const sent = get(url, { agent: new Agent() });
    sent.on('error', () => {});
    await left;
  });
});
