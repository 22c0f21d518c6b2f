import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { checkConnection } from '#operator/account/connections.ts';
import { accountRemarks } from '#operator/account/questions.ts';
import { type AwsAnswer, type AwsEndpoint, startAwsEndpoint } from '#tests/support/aws-endpoint.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';

const ID = '00000000-0000-4000-8000-000000000004';
const refusal = { status: 400, body: '{"__type":"ParameterNotFound"}' };

describe("the pipeline's connection (S3.14)", () => {
  let endpoint: AwsEndpoint;
  let service = 'codeconnections';
  let status: string | undefined;
  const answer: AwsAnswer = ({ target }) => {
    if (target === 'AmazonSSM.GetParameter') {
      const Value = `arn:aws:${service}:eu-west-1:123456789012:connection/${ID}`;
      return status === undefined ? refusal : { status: 200, body: JSON.stringify({ Parameter: { Value } }) };
    }
    if (!target.endsWith('.GetConnection')) return { status: 400, body: '{"__type":"AccessDeniedException"}' };
    if (status === 'unknown') return { status: 400, body: '{"__type":"ResourceNotFoundException"}' };
    return { status: 200, body: JSON.stringify({ Connection: { ConnectionStatus: status } }) };
  };
  beforeAll(async () => {
    endpoint = await startAwsEndpoint(answer);
    vi.stubEnv('AWS_ENDPOINT_URL', endpoint.url);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await endpoint.close();
  });

  it('is well when somebody has confirmed it, by either name of the service', async () => {
    status = 'AVAILABLE';
    for (service of ['codeconnections', 'codestar-connections']) {
      expect(await checkConnection(context)).toEqual({ outcome: 'ok', found: 'the connection is available' });
    }
    expect(endpoint.requests.map(({ target }) => target).filter((target) => target.includes('GetConnection'))).toEqual([
      'com.amazonaws.codeconnections.CodeConnections_20231201.GetConnection',
      'com.amazonaws.codestar.connections.CodeStar_connections_20191201.GetConnection',
    ]);
  });

  it('is warned of while it waits for that, with where to do it; doctor and status say so where there is a pipeline', async () => {
    [status, service] = ['PENDING', 'codeconnections'];
    const found = `the connection arn:aws:codeconnections:eu-west-1:123456789012:connection/${ID} is PENDING, so that no execution has its source`;
    expect(await checkConnection(context)).toEqual({
      outcome: 'warn',
      found,
      fix: expect.stringContaining('"Update pending connection"'),
    });
    const ofPipeline = (remarks: readonly string[]) =>
      remarks.filter((each) => each.startsWith('pipeline connection:'));
    expect(ofPipeline(await accountRemarks(context))).toEqual([]);
    const pipeline = { ...context.settings.pipeline, isActive: true };
    const active = { ...context, settings: { ...context.settings, pipeline } };
    expect(ofPipeline(await accountRemarks(active))).toEqual([expect.stringContaining('is PENDING')]);
  });

  it('is skipped without its parameter, and what the service says is said', async () => {
    status = undefined;
    expect(await checkConnection(context)).toMatchObject({ outcome: 'skipped', fix: 'two-region params put dev' });
    status = 'unknown';
    await expect(checkConnection(context)).rejects.toThrow(/eu-west-1 responds with 400: .*ResourceNotFoundException/);
  });
});
