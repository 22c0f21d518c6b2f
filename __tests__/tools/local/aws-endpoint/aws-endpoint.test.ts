import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type AwsRequest, startAwsEndpoint } from '#local/aws-endpoint/aws-endpoint.ts';
import { AwsError } from '#local/aws-endpoint/aws-error.ts';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import type { HttpService } from '#local/http/listen.ts';
import { sendRaw } from './raw-request.ts';

const log = new RuntimeLog();
let service: HttpService | undefined;
afterEach(() => service?.close());

async function started(handle: (request: AwsRequest) => Promise<string>): Promise<string> {
  service = await startAwsEndpoint({
    service: 'test',
    maxBodyBytes: 10,
    handle: async (received) => ({ status: 200, headers: {}, body: await handle(received) }),
    errorResponse: ({ status, code, message }) => ({ status, headers: {}, body: `${code}: ${message}` }),
    log,
  });
  return service.url;
}

describe('an AWS endpoint of the local runtime', () => {
  it('hands over the request whole and answers what the service says', async () => {
    const url = await started(
      async ({ method, url: path, body, accessKeyId }) => `${method} ${path} ${body} ${accessKeyId}`,
    );
    const authorization = 'AWS4-HMAC-SHA256 Credential=AKID/20240102/eu-central-1/s3/aws4_request, Signature=x';
    const answer = await sendRaw(url, { method: 'PUT', path: '/a/../b?c', headers: { authorization }, body: 'ü' });
    expect(answer).toMatchObject({ status: 200, body: 'PUT /a/../b?c ü AKID' });
    expect(answer.headers['x-amzn-requestid']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("puts what the service refuses in the service's own way", async () => {
    const url = await started(async () => {
      throw new AwsError(409, 'Conflict', 'no');
    });
    expect(await sendRaw(url, {})).toMatchObject({ status: 409, body: 'Conflict: no' });
  });

  it('a fault of the runtime is 500 without its cause; the cause goes to the log', async () => {
    const url = await started(async () => {
      throw new TypeError('the cause');
    });
    const answer = await sendRaw(url, { path: '/where' });
    expect(answer.status).toBe(500);
    expect(answer.body).not.toContain('the cause');
    const [warning] = log.query(({ kind }) => kind === 'warning');
    expect(warning).toMatchObject({
      message: expect.stringMatching(/^test: POST \/where failed: TypeError: the cause/),
    });
  });

  it.each([
    ['announced', { headers: { 'content-length': 11 } }],
    ['sent in chunks', { headers: { 'transfer-encoding': 'chunked' } }],
  ])('a body that is too large, %s, is refused with 413', async (_, more) => {
    const url = await started(async () => 'never');
    const answer = await sendRaw(url, { ...more, body: 'x'.repeat(11) });
    expect(answer).toMatchObject({ status: 413, body: expect.stringContaining('10 bytes') });
  });

  it('what is not HTTP is answered with 400, and the next request is served', async () => {
    const url = await started(async () => 'fine');
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.on('data', (data) => resolve(data.toString()));
      socket.on('error', reject);
      socket.end('NOT HTTP AT ALL\r\n\r\n');
    });
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect((await sendRaw(url, {})).body).toBe('fine');
  });

  it('a client that goes away in the middle of its body harms nobody', async () => {
    const url = await started(async () => 'fine');
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.on('close', () => resolve());
      socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nab', () => socket.destroy());
    });
    expect((await sendRaw(url, {})).body).toBe('fine');
  });

  it('closes with connections kept alive and with a request under way, and twice', async () => {
    let received: (() => void) | undefined;
    const arrived = new Promise<void>((resolve) => {
      received = resolve;
    });
    const url = await started(async ({ url: path }) => {
      if (path === '/idle') return 'fine';
      received?.();
      return new Promise(() => undefined);
    });
    const agent = new Agent({ keepAlive: true });
    await new Promise((resolve) =>
      request(`${url}/idle`, { agent }, (answer) => answer.resume().on('end', resolve)).end(),
    );
    const hanging = new Promise((resolve) => request(`${url}/hang`).on('error', resolve).end());
    await arrived;
    await service?.close();
    expect(await hanging).toMatchObject({ code: 'ECONNRESET' });
    await expect(sendRaw(url, {})).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await expect(service?.close()).resolves.toBeUndefined();
    agent.destroy();
  });
});
