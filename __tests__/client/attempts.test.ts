import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createSender } from '#client/attempts.ts';
import { type ClientOptions, createClient } from '#client/client.ts';

const regions = ['eu-central-1', 'eu-west-1'];
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const event = { date: '2021-08-28', time: '14:19:00', userId: 'ada', eventType: 'login' };
const page = '{"Items":[],"Count":0}';
const healthy = '{"status":"ok","check":"shallow","env":"envA","region":"eu-west-1"}';
const unavailable = '{"error":"Service unavailable","requestId":"r"}';

interface Asked {
  readonly host: string;
  /** Region that the request is signed for. */
  readonly region: string | undefined;
  readonly headers: Headers;
  readonly signal: AbortSignal | null | undefined;
}

type Answer = (asked: Asked) => Promise<Response> | Response;

/** A client of an API that answers as it is told, and what it was asked. */
function clientOf(answer: Answer, options: Partial<ClientOptions> = {}) {
  const asked: Asked[] = [];
  const fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const headers = new Headers(init.headers);
    const [, region] = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(headers.get('authorization') ?? '') ?? [];
    const request = { host: new URL(String(input)).host, region, headers, signal: init.signal };
    asked.push(request);
    return answer(request);
  };
  const client = createClient({
    baseUrl: 'https://api.example.com',
    httpBaseUrl: 'https://events.example.com',
    regions,
    credentials,
    fetch,
    ...options,
  });
  return {
    client,
    asked,
    hosts: () => asked.splice(0).map(({ host, region }) => (region ? `${host} ${region}` : host)),
  };
}

/** What a gateway of this region says of a request. */
const signedFor =
  (region: string, body = page): Answer =>
  (asked) =>
    asked.region === region
      ? new Response(body)
      : new Response(
          `{"message":"Credential should be scoped to a valid region, not '${asked.region}', but '${region}'."}`,
          { status: 403 },
        );

function unconnected(code = 'ECONNREFUSED'): never {
  throw new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}

const hangs: Answer = ({ signal }) =>
  new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));

describe('a client of two regions (B23)', () => {
  it('goes to the other region by its own name, signed for it, when its signature is refused there, and remembers it', async () => {
    let serving = 'eu-central-1';
    const { client, hosts } = clientOf((asked) => signedFor(serving)(asked));
    expect(await client.listEvents()).toMatchObject({ status: 200 });
    expect(hosts()).toEqual(['events.example.com eu-central-1']);
    serving = 'eu-west-1';
    expect(await client.listEvents()).toMatchObject({ status: 200 });
    expect(hosts()).toEqual(['events.example.com eu-central-1', 'eu-west-1.events.example.com eu-west-1']);
    expect(await client.listEvents()).toMatchObject({ status: 200 });
    expect(hosts()).toEqual(['events.example.com eu-west-1']);
    serving = 'eu-central-1';
    expect(await client.listEvents()).toMatchObject({ status: 200 });
    expect(hosts()).toEqual(['events.example.com eu-west-1', 'eu-central-1.events.example.com eu-central-1']);
  });

  it('asks the other region once when an HTTP API refuses without a reason, and hands back what that says', async () => {
    const { client, hosts } = clientOf(() => new Response('{"message":"Forbidden"}', { status: 403 }));
    const refused = { status: 403, body: { error: 'Forbidden' } };
    expect(await client.listEvents()).toMatchObject(refused);
    const asked = ['events.example.com eu-central-1', 'eu-west-1.events.example.com eu-west-1'];
    expect(hosts()).toEqual(asked);
    expect(await client.listEvents()).toMatchObject(refused);
    expect(hosts()).toEqual(asked);
  });

  it('hands back a 403 that is about something else', async () => {
    const { client, asked } = clientOf(() => new Response('{"message":"User is not authorized"}', { status: 403 }));
    expect(await client.listEvents()).toMatchObject({ status: 403 });
    expect(await client.test()).toMatchObject({ status: 403 });
    expect(asked).toHaveLength(2);
  });

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT'])(
    'asks the regions by name after %s, whatever is to be sent: nothing was',
    async (code) => {
      const { client, hosts } = clientOf(({ host }) =>
        host.startsWith('eu-west-1.') ? new Response('{"id":"a1B2c3D4","name":"Ada"}') : unconnected(code),
      );
      expect(await client.postUser({ path: { id: 'a1B2c3D4' }, body: { name: 'Ada' } })).toMatchObject({ status: 200 });
      expect(hosts()).toEqual(['api.example.com', 'eu-west-1.api.example.com']);
    },
  );

  it('tries the public name, the other region and the first one, and then gives up', async () => {
    const { client, hosts } = clientOf(() => unconnected());
    await expect(client.healthcheck()).rejects.toThrow('fetch failed');
    expect(hosts()).toEqual(['api.example.com', 'eu-west-1.api.example.com', 'eu-central-1.api.example.com']);
  });

  it('stays with the public name where no regions are given', async () => {
    const { client, hosts } = clientOf(() => unconnected(), { regions: [] });
    await expect(client.healthcheck()).rejects.toThrow('fetch failed');
    expect(hosts()).toEqual(Array.from({ length: 3 }, () => 'api.example.com'));
  });
});

describe('an attempt', () => {
  it('ends, and is made again where the operation may be repeated', async () => {
    const { client, hosts } = clientOf(
      (asked) => (asked.host.startsWith('eu-west-1.') ? new Response(healthy) : hangs(asked)),
      { attemptMilliseconds: 10 },
    );
    expect(await client.healthcheck()).toMatchObject({ status: 200 });
    hosts();
    const stuck = client.postUser({ path: { id: 'a1B2c3D4' }, body: { name: 'Ada' } });
    await expect(stuck).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(hosts()).toEqual(['api.example.com']);
  });

  it('waits as long as the contract lets the operation take, and not shorter than else', async () => {
    const limits: number[] = [];
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockImplementation((milliseconds) => {
      limits.push(milliseconds);
      return new AbortController().signal;
    });
    onTestFinished(() => timeout.mockRestore());
    const request = { method: 'GET', url: new URL('https://api.example.com/test'), headers: {} };
    for (const timeoutSeconds of [undefined, 2, 29]) {
      const send = createSender({ fetch: async () => new Response(healthy) });
      const operation = { auth: 'open', method: 'GET', ...(timeoutSeconds && { timeoutSeconds }) } as const;
      await send(operation, () => request, { publicUrl: 'https://api.example.com' });
    }
    expect(limits).toEqual([5000, 5000, 30_000]);
  });

  it('that is answered with 503 is made again for a GET, not for a write that may have been done', async () => {
    const { client, asked } = clientOf(() => new Response(unavailable, { status: 503 }));
    expect(await client.getUser({ path: { id: 'a1B2c3D4' } })).toMatchObject({ status: 503 });
    expect(asked.splice(0)).toHaveLength(3);
    expect(await client.postUser({ path: { id: 'a1B2c3D4' }, body: { name: 'Ada' } })).toMatchObject({ status: 503 });
    expect(asked).toHaveLength(1);
  });

  it('carries the key of its call where the contract declares one, so that writes are made again, too', async () => {
    let failing = 1;
    const { client, asked } = clientOf(() =>
      failing-- > 0 ? new Response(unavailable, { status: 502 }) : new Response('"Put item ada"'),
    );
    expect(await client.postEvent({ body: event })).toMatchObject({ status: 200 });
    expect(await client.postEvent({ body: event })).toMatchObject({ status: 200 });
    const keys = asked.map(({ headers }) => headers.get('idempotency-key'));
    expect(keys).toEqual([keys[0], keys[0], expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(new Set(keys).size).toBe(2);
  });

  it('is not made again when ten have been, until calls succeed: retries must not double the load of what fails', async () => {
    const { client, asked } = clientOf(() => new Response(unavailable, { status: 503 }));
    for (let call = 0; call < 8; call++) await client.getUser({ path: { id: 'a1B2c3D4' } });
    expect(asked).toHaveLength(8 + 10);
  });

  it('is the last one when the caller has given up', async () => {
    const given = new AbortController();
    const { client, asked } = clientOf((request) => {
      const waiting = hangs(request);
      given.abort(new Error('no longer needed'));
      return waiting;
    });
    await expect(client.healthcheck({ signal: given.signal })).rejects.toThrow('no longer needed');
    expect(asked).toHaveLength(1);
  });
});
