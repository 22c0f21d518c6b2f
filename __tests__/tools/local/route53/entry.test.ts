import { once } from 'node:events';
import { Agent, type RequestListener, request } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Service } from '#local/http/listen.ts';
import type { RegionType } from '#local/model/model.ts';
import { startEntry } from '#local/route53/entry.ts';
import { send } from '#tests/tools/local/gateway/rest/support/send.ts';

const started: Service[] = [];
afterEach(async () => {
  for (const service of started.splice(0).reverse()) await service.close();
});

/** An entry in front of two regions; `lead` moves the public name, `failed` holds the regions that don't answer. */
async function entryBefore(primary: RequestListener, secondary: RequestListener = primary) {
  let region: RegionType | undefined = 'primary';
  const failed = new Set<RegionType>();
  const untrusted = new Set<RegionType>();
  const refusing = (type: RegionType) => (failed.has(type) ? { kind: 'refuse' as const } : undefined);
  const entry = await startEntry({
    name: 'api.example.com',
    port: 0,
    resolver: {
      current: (place) => {
        const there = place === 'us-east-1' ? 'secondary' : region;
        return there && { region: there, since: 0, ttlSeconds: 60 };
      },
      close: async () => {},
    },
    gateways: {
      primary: { handle: primary, failure: () => refusing('primary') },
      secondary: { handle: secondary, failure: () => refusing('secondary') },
    },
    certificateFails: (type) => untrusted.has(type),
  });
  started.push(entry);
  const lead = (to: RegionType | undefined) => {
    region = to;
  };
  return { ...entry, lead, failed, untrusted };
}

describe('the entry (S0.17)', () => {
  it('hands requests over as they came, with the public name as host', async () => {
    const { url } = await entryBefore(async (incoming, response) => {
      const body = await text(incoming);
      response.setHeader('set-cookie', ['a=1', 'b=2']);
      response.writeHead(201, 'Made', { 'x-made': 'yes' });
      response.end(JSON.stringify({ url: incoming.url, host: incoming.headers.host, raw: incoming.rawHeaders, body }));
    });
    const sent = request(`${url}/user/a%20b?x=1&x=2`, {
      method: 'POST',
      headers: ['Host', 'localhost', 'X-Two', 'a', 'X-Two', 'b', 'Content-Length', '5'],
    });
    sent.end('hello');
    const [response] = await once(sent, 'response');
    expect(response).toMatchObject({ statusCode: 201, statusMessage: 'Made' });
    expect(response.headers).toMatchObject({
      'set-cookie': ['a=1', 'b=2'],
      'x-made': 'yes',
      'x-two-region-served-by': 'primary',
    });
    const seen = JSON.parse(await text(response));
    expect(seen).toMatchObject({ url: '/user/a%20b?x=1&x=2', host: 'api.example.com', body: 'hello' });
    expect(seen.raw.slice(0, 6)).toEqual(['Host', 'api.example.com', 'X-Two', 'a', 'X-Two', 'b']);
  });

  it('leads clients of a place where that place is led, by a header that gateways do not see (S4.2)', async () => {
    const { port } = await entryBefore((incoming, response) => response.end(JSON.stringify(incoming.rawHeaders)));
    const from = (place: string) => send(port, '/', { headers: { host: 'localhost', 'X-Two-Region-Place': place } });
    const there = await from('us-east-1');
    expect(there.headers).toMatchObject({ 'x-two-region-served-by': 'secondary' });
    expect(there.text.toLowerCase()).not.toContain('place');
    expect((await from('eu-west-1')).headers).toMatchObject({ 'x-two-region-served-by': 'primary' });
    expect(await from('nowhere')).toMatchObject({
      status: 400,
      text: expect.stringContaining('x-two-region-place: got \\"nowhere\\", allowed: the code of an AWS region'),
    });
  });

  it.each(['api.example.com', 'API.example.com.:443', 'localhost:3001', '127.0.0.1', '[::1]:3001'])(
    'takes requests for %s',
    async (host) => {
      const { port } = await entryBefore((incoming, response) => response.end(incoming.headers.host));
      expect(await send(port, '/', { headers: { host } })).toMatchObject({ status: 200, text: 'api.example.com' });
    },
  );

  it.each(['evil.example.com', 'localhost.evil.example.com', '127.0.0.1.evil.example.com', 'api.example.com.evil.org'])(
    'refuses a page that has made %s lead to this machine',
    async (host) => {
      const { port } = await entryBefore((_incoming, response) => response.end('read'));
      const response = await send(port, '/', { headers: { host } });
      expect(response).toMatchObject({ status: 403, text: '{"message":"Forbidden"}' });
    },
  );

  it('streams both ways: the first bytes are answered before the last are sent, and binary stays unharmed', async () => {
    const { url } = await entryBefore((incoming, response) => incoming.pipe(response));
    const sent = request(url, { method: 'PUT' });
    const bytes = Buffer.from(Array.from({ length: 1_000_000 }, (_, at) => (at * 31) % 256));
    sent.write(bytes.subarray(0, 10));
    const [response] = await once(sent, 'response');
    sent.end(bytes.subarray(10));
    expect(Buffer.compare(await buffer(response), bytes)).toBe(0);
  });

  it('leaves a connection with the region that it was made to, and leads a new one where the name leads by then', async () => {
    const { port, lead } = await entryBefore(
      (_incoming, response) => response.end('from primary'),
      (_incoming, response) => response.end('from secondary'),
    );
    const kept = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => kept.destroy());
    const ask = (agent: Agent | false) => send(port, '/', { agent });
    expect((await ask(kept)).text).toBe('from primary');
    lead('secondary');
    expect((await ask(kept)).text).toBe('from primary');
    const moved = await ask(false);
    expect(moved).toMatchObject({ text: 'from secondary', headers: { 'x-two-region-served-by': 'secondary' } });
  });

  it('ends the connection to a region that fails: the next one goes where the name leads', async () => {
    const { url, lead, failed } = await entryBefore(
      (_incoming, response) => response.end('from primary'),
      (_incoming, response) => response.end('from secondary'),
    );
    failed.add('primary');
    const refused = await fetch(url);
    expect([refused.status, refused.headers.get('connection')]).toEqual([502, 'close']);
    lead('secondary');
    expect(await (await fetch(url)).text()).toBe('from secondary');
  });

  it('responds 502 for a certificate that clients would refuse', async () => {
    const { url, untrusted } = await entryBefore((_incoming, response) => response.end());
    untrusted.add('primary');
    const refused = await fetch(url);
    expect(refused.status).toBe(502);
    expect(await refused.json()).toMatchObject({ message: expect.stringContaining('certificate is not valid') });
  });

  it('answers 502 that names the region while it fails, and that the name has no answer', async () => {
    const { url, lead, failed } = await entryBefore((_incoming, response) => response.end());
    failed.add('primary');
    const refused = await fetch(url);
    expect(refused.status).toBe(502);
    expect(await refused.json()).toEqual({
      message: expect.stringMatching(/^The primary region does not answer: a client of api\.example\.com would see/),
      region: 'primary',
    });
    lead(undefined);
    expect(await (await fetch(url)).json()).toEqual({ message: expect.stringContaining('does not resolve') });
  });

  it("breaks what is under way to a region that fails, and leaves the other region's clients alone", async () => {
    const waiting: (() => void)[] = [];
    const { url, breakConnectionsTo } = await entryBefore((_incoming, response) => {
      waiting.splice(0).forEach((resolve) => {
        resolve();
      });
      setTimeout(() => response.end('late'), 50);
    });
    const arrived = () => new Promise<void>((resolve) => waiting.push(resolve));
    const untouched = fetch(url);
    await arrived();
    breakConnectionsTo('secondary');
    expect(await (await untouched).text()).toBe('late');
    const broken = expect(fetch(url)).rejects.toThrow();
    await arrived();
    breakConnectionsTo('primary');
    await broken;
  });
});
