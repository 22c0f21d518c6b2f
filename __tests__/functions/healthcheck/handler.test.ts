import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AwsAnswer, type AwsEndpoint, healthy, startAwsEndpoint } from '#tests/support/aws-endpoint.ts';
import { lambdaContext } from '#tests/support/lambda-context.ts';
import { restEvent } from '#tests/support/rest-event.ts';

let endpoint: AwsEndpoint | undefined;

async function request(answer: AwsAnswer, query?: Readonly<Record<string, string>>) {
  endpoint = await startAwsEndpoint(answer);
  vi.stubEnv('AWS_ENDPOINT_URL', endpoint.url);
  vi.resetModules();
  const { handler } = await import('#functions/healthcheck/handler.ts');
  const result = await handler(restEvent({ path: '/healthcheck', query }), lambdaContext('healthcheck'));
  return { status: result.statusCode, body: JSON.parse(result.body), requests: endpoint.requests };
}

/** Answers `failure` to the first `times` requests of those that match, and well to all others. */
function failing(times: number, matches: (body: string, target: string) => boolean, failure: AwsAnswer): AwsAnswer {
  let left = times;
  return (sent) => (matches(sent.body, sent.target) && left-- > 0 ? failure(sent) : healthy(sent));
}

const unavailable: AwsAnswer = () => ({ status: 500, body: '{"__type":"InternalServerError"}' });
const isTableA = (body: string) => body.includes('"app-dev-table-a"');
const isBucket = (_: string, target: string) => target === '';

beforeEach(() => {
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('TABLE_A_NAME', 'app-dev-table-a');
  vi.stubEnv('TABLE_B_NAME', 'app-dev-table-b');
  vi.stubEnv('DATA_BUCKET_NAME', 'app-dev-data');
  for (const level of ['error', 'warn', 'info'] as const) vi.spyOn(console, level).mockReturnValue();
});

afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await endpoint?.close();
  endpoint = undefined;
});

describe('GET /healthcheck (S0.9)', () => {
  it('reads both tables and the bucket through the real SDK', async () => {
    const { status, body, requests } = await request(healthy);
    expect(status).toBe(200);
    expect(body).toEqual({ status: 'ok', check: 'deep', env: 'envA', region: 'eu-central-1' });
    const sent = requests.map(({ method, path, target, body }) => `${method} ${path} ${target} ${body}`).sort();
    expect(sent).toEqual([
      expect.stringMatching(/^HEAD \/app-dev-data/),
      expect.stringMatching(/^POST \/ DynamoDB_20120810.GetItem .*"app-dev-table-a"/),
      expect.stringMatching(/^POST \/ DynamoDB_20120810.GetItem .*"app-dev-table-b"/),
    ]);
  });

  it('retries: a table that answers at the second attempt is healthy', async () => {
    const { status, requests } = await request(failing(1, isTableA, unavailable));
    expect(status).toBe(200);
    expect(requests.filter(({ body }) => isTableA(body))).toHaveLength(2);
  });

  it('retries a bounded number of times, then names the table and keeps the cause to the log', async () => {
    const { status, body, requests } = await request(failing(99, isTableA, unavailable));
    expect(status).toBe(503);
    expect(body).toEqual({
      status: 'unavailable',
      failing: ['table-a'],
      late: [],
      env: 'envA',
      region: 'eu-central-1',
    });
    expect(requests.filter(({ body }) => isTableA(body)).length).toBeLessThanOrEqual(3);
    const logged = JSON.parse(String(vi.mocked(console.error).mock.calls[0]?.[0]));
    expect(logged).toMatchObject({ level: 'ERROR', dependency: 'table-a', error: { name: 'InternalServerError' } });
  });

  it('gives up one attempt that hangs and succeeds with the next', async () => {
    const { status } = await request(failing(1, isTableA, () => undefined));
    expect(status).toBe(200);
  });

  it('names what hangs for good, before the health checker gives up', async () => {
    const { status, body } = await request(failing(99, isBucket, () => undefined));
    expect(status).toBe(503);
    expect(body.failing).toEqual(['bucket']);
  });

  it('does not retry a bucket that is not there', async () => {
    const { status, body, requests } = await request(failing(99, isBucket, () => ({ status: 404 })));
    expect(status).toBe(503);
    expect(body.failing).toEqual(['bucket']);
    expect(requests.filter(({ body, target }) => isBucket(body, target))).toHaveLength(1);
  });

  it('answers 500 without a word of the cause when the environment lacks a table', async () => {
    vi.stubEnv('TABLE_B_NAME', '');
    const { status, body } = await request(healthy);
    expect(status).toBe(500);
    expect(body).toEqual({ error: 'Internal server error', requestId: expect.any(String) });
    expect(vi.mocked(console.error).mock.calls[0]?.[0]).toContain('TABLE_B_NAME is not set');
  });
});

describe('GET /healthcheck?shallow', () => {
  it.each([{ shallow: '' }, { shallow: '1' }])(
    'answers without data, clients or a line in the log: %j',
    async (query) => {
      const send = [vi.spyOn(DynamoDBClient.prototype, 'send'), vi.spyOn(S3Client.prototype, 'send')];
      vi.stubEnv('TABLE_A_NAME', '');
      const { status, body, requests } = await request(unavailable, query);
      expect(status).toBe(200);
      expect(body).toEqual({ status: 'ok', check: 'shallow', env: 'envA', region: 'eu-central-1' });
      expect(requests).toEqual([]);
      for (const spy of send) expect(spy).not.toHaveBeenCalled();
      for (const level of ['error', 'warn', 'info'] as const) expect(console[level]).not.toHaveBeenCalled();
    },
  );
});
