import { afterEach, describe, expect, it } from 'vitest';
import { createClient } from '#client/client.ts';
import { UnexpectedResponseError } from '#client/result.ts';
import type { SendOptions } from '#client/send.ts';
import { readSignature } from '#local/iam/signature/read-signature.ts';
import { SignatureVerifier } from '#local/iam/signature/verify-signature.ts';
import { type RecordedAnswer, startRecordingServer } from './recording-server.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret', sessionToken: 'token/+=' };
const region = 'eu-central-1';
const user = { id: 'a1B2c3D4', name: 'Ada' };
let server: Awaited<ReturnType<typeof startRecordingServer>> | undefined;

async function clientOf(answer: Partial<RecordedAnswer>, access: SendOptions = {}) {
  server = await startRecordingServer({ status: 200, body: '{}', ...answer });
  return { client: createClient({ baseUrl: `${server.url}/envA/`, ...access }), requests: server.requests };
}

afterEach(async () => {
  await server?.close();
  server = undefined;
});

describe('createClient (B2)', () => {
  it('fills path and body of a REST operation and hands back status, headers and body', async () => {
    const answer = { body: JSON.stringify(user), headers: { 'x-test': 'yes' } };
    const { client, requests } = await clientOf(answer, { apiKey: 'k' });
    const result = await client.postUser({ path: { id: 'a1B2c3D4' }, body: { name: 'Ada' } });
    expect(result).toMatchObject({ status: 200, body: user });
    expect(result.headers.get('x-test')).toBe('yes');
    const [request] = requests;
    expect(request).toMatchObject({ method: 'POST', url: '/envA/user/a1B2c3D4' });
    expect(request?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(String(request?.body))).toEqual({ name: 'Ada' });
  });

  it('escapes what goes into the path', async () => {
    const { client, requests } = await clientOf({ status: 404, body: '{"error":"No such route","requestId":"r"}' });
    await client.getUser({ path: { id: '../a b/?#%é' } });
    expect(requests[0]?.url).toBe('/envA/user/..%2Fa%20b%2F%3F%23%25%C3%A9');
  });

  it('sends the key only to operations that ask for one', async () => {
    const { client, requests } = await clientOf({}, { apiKey: 'k-1' });
    await client.test().catch(() => undefined);
    await client.healthcheck({ query: { shallow: '' } }).catch(() => undefined);
    expect(requests.map(({ url, headers }) => [url, headers['x-api-key']])).toEqual([
      ['/envA/test', 'k-1'],
      ['/envA/healthcheck?shallow=', undefined],
    ]);
  });

  it.each(['the credentials', 'what a function answers'])(
    'signs operations for IAM principals with %s',
    async (how) => {
      const given = how === 'the credentials' ? credentials : async () => credentials;
      const page = { Items: [], Count: 0 };
      const { client, requests } = await clientOf({ body: JSON.stringify(page) }, { credentials: given, region });
      const result = await client.listEvents({ query: { date: '2021-08-28', next: 'a b&c=d/é', limit: undefined } });
      expect(result).toMatchObject({ status: 200, body: page });
      for (const request of requests) {
        const reading = readSignature(request);
        if (reading.kind !== 'signed') throw new Error(`The request is ${reading.kind}.`);
        const scope = { credentials, region, service: 'execute-api', now: Date.now() };
        expect(new SignatureVerifier().verify({ request, signature: reading.signature, ...scope })).toBeUndefined();
      }
      expect(requests).toHaveLength(1);
      expect(requests[0]?.url).not.toContain('limit');
    },
  );

  it('signs the body too', async () => {
    const { client, requests } = await clientOf({ body: '"Put item Zoë"' }, { credentials, region });
    const body = { date: '2021-08-28', time: '14:19:00', userId: 'Zoë', eventType: 'login' };
    expect(await client.postEvent({ body })).toMatchObject({ status: 200, body: 'Put item Zoë' });
    const [request] = requests;
    if (request === undefined) throw new Error('Nothing was sent.');
    const reading = readSignature(request);
    if (reading.kind !== 'signed') throw new Error(`The request is ${reading.kind}.`);
    const scope = { signature: reading.signature, credentials, region, service: 'execute-api', now: Date.now() };
    const verifier = new SignatureVerifier();
    expect(verifier.verify({ request, ...scope })).toBeUndefined();
    expect(verifier.verify({ request: { ...request, body: Buffer.from('{}') }, ...scope })).toBeDefined();
  });

  it('does not sign without a region', async () => {
    const { client } = await clientOf({}, { credentials });
    await expect(client.listEvents()).rejects.toThrow('give createClient a region');
  });

  it('asks the HTTP API where it answers', async () => {
    server = await startRecordingServer({ status: 403, body: '{"message":"Forbidden"}' });
    const client = createClient({ baseUrl: 'http://127.0.0.1:1', httpBaseUrl: server.url });
    expect(await client.listEvents()).toMatchObject({ status: 403, body: { error: 'Forbidden' } });
  });
});

describe('what a client answers when the operation could not', () => {
  it('is the status with an error of one shape, whichever gateway says it', async () => {
    const refused = { error: 'Too Many Requests', requestId: 'r-1' };
    const rest = await clientOf({ status: 429, body: JSON.stringify(refused) });
    expect(await rest.client.getUser({ path: { id: user.id } })).toMatchObject({ status: 429, body: refused });
    await server?.close();
    const http = await clientOf({
      status: 403,
      body: '{"message":"Forbidden"}',
      headers: { 'apigw-requestid': 'r-2' },
    });
    expect(await http.client.listEvents()).toMatchObject({
      status: 403,
      body: { error: 'Forbidden', requestId: 'r-2' },
    });
  });

  it('is told also where the gateway does not escape what its validator quotes (B29)', async () => {
    const body =
      '{"error":"Invalid request body: [object has missing required properties (["name"])]","requestId":"r-3"}';
    const { client } = await clientOf({ status: 400, body });
    expect(await client.getUser({ path: { id: user.id } })).toMatchObject({
      status: 400,
      body: { error: 'Invalid request body: [object has missing required properties (["name"])]', requestId: 'r-3' },
    });
  });

  it.each([
    { status: 200, body: '{"id":"a1B2c3D4"}' },
    { status: 200, body: '<html>a proxy</html>' },
    { status: 502, body: '<html>a proxy</html>' },
    { status: 418, body: '{"error":"teapot","requestId":"r"}' },
    { status: 302, body: '' },
  ])('is refused when nobody who knows the contract answers: %j', async (answer) => {
    const fetch = async () => new Response(answer.body, { status: answer.status });
    const { client } = await clientOf({}, { fetch });
    const call = client.getUser({ path: { id: user.id } });
    const { status, body: text } = answer;
    await expect(call).rejects.toBeInstanceOf(UnexpectedResponseError);
    await expect(call).rejects.toMatchObject({ status, text });
  });

  it('is the error of fetch when nothing answers or the caller gives up', async () => {
    const nobody = createClient({ baseUrl: 'http://127.0.0.1:1' });
    await expect(nobody.test()).rejects.toThrow(TypeError);
    await expect(nobody.test({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
  });
});
