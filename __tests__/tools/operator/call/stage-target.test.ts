import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stageTarget } from '#operator/call/stage-target.ts';
import { startRecordingServer } from '#tests/client/recording-server.ts';

const ssm = mockClient(SSMClient);
afterAll(() => ssm.restore());
const rest = { api: 'rest', auth: 'apiKey' } as const;
const http = { api: 'http', auth: 'iam' } as const;
const path = '/two-region-api/dev';
let server: Awaited<ReturnType<typeof startRecordingServer>> | undefined;

beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  ssm.reset();
  const values = {
    domain_name: 'api.example.com',
    events_domain_name: 'events.example.com',
    api_key: 'k',
    preview_api_key: 'p',
  };
  for (const [name, Value] of Object.entries(values)) {
    ssm.on(GetParameterCommand, { Name: `${path}/${name}` }).resolves({ Parameter: { Value } });
  }
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
  server = undefined;
});

describe('where a call goes on AWS (S3.10)', () => {
  it('is the public name of the API, with the key that the stage keeps', async () => {
    const target = await stageTarget(rest, {}, 'dev');
    expect(target).toMatchObject({ baseUrl: 'https://api.example.com', apiKey: 'k', region: 'eu-central-1' });
  });

  it('is signed with the credentials of the surroundings where the route asks for a signature, and no key is read', async () => {
    const { credentials, ...target } = await stageTarget(http, {}, 'dev');
    expect(target).toEqual({ baseUrl: 'https://events.example.com', apiKey: undefined, region: 'eu-central-1' });
    expect(typeof credentials === 'function' && (await credentials())).toMatchObject({ accessKeyId: 'AKIDEXAMPLE' });
    expect(ssm.commandCalls(GetParameterCommand)).toHaveLength(1);
  });

  it('is the gateway of a region, in an environment', async () => {
    server = await startRecordingServer({ status: 200, body: '{"item":[{"id":"a1b2","name":"two-region-api-dev"}]}' });
    vi.stubEnv('AWS_ENDPOINT_URL', server.url);
    const target = await stageTarget(rest, { env: 'preview', region: 'secondary' }, 'dev');
    expect(target).toMatchObject({
      baseUrl: 'https://a1b2.execute-api.eu-west-1.amazonaws.com/preview',
      apiKey: 'p',
      region: 'eu-west-1',
    });
  });

  it('takes another key and reads none', async () => {
    expect(await stageTarget(rest, { key: 'mine' }, 'dev')).toMatchObject({ apiKey: 'mine' });
    expect(ssm.commandCalls(GetParameterCommand)).toHaveLength(1);
  });

  it('takes the new key while a rotation keeps the old one (S4.3)', async () => {
    ssm.on(GetParameterCommand, { Name: `${path}/api_key` }).resolves({ Parameter: { Value: 'new,old' } });
    expect(await stageTarget(rest, {}, 'dev')).toMatchObject({ apiKey: 'new' });
  });

  it('says which parameter is not set and how to set it', async () => {
    ssm
      .on(GetParameterCommand, { Name: `${path}/domain_name` })
      .rejects(new ParameterNotFound({ message: '', $metadata: {} }));
    await expect(stageTarget(rest, {}, 'dev')).rejects.toThrow('two-region params put dev domain_name');
  });

  it('refuses stages and environments that the settings lack, and credentials that AWS refuses', async () => {
    await expect(stageTarget(rest, {}, 'nope')).rejects.toThrow('allowed are');
    await expect(stageTarget(rest, { env: 'envC' }, 'dev')).rejects.toThrow('allowed are envA, envB, preview.');
    const refused = Object.assign(new Error('The security token is invalid.'), { name: 'UnrecognizedClientException' });
    ssm.on(GetParameterCommand).rejects(refused);
    await expect(stageTarget(rest, {}, 'dev')).rejects.toMatchObject({ name: 'CredentialsError' });
  });
});
