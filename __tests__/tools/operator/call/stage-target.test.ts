import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stageTarget } from '#operator/call/stage-target.ts';

const ssm = mockClient(SSMClient);
afterAll(() => ssm.restore());
const rest = { api: 'rest', auth: 'apiKey' } as const;
const http = { api: 'http', auth: 'iam' } as const;
const path = '/two-region-api/dev';

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

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('where a call goes on AWS (S3.10)', () => {
  it('is the public name of the API, with the key that the stage keeps', async () => {
    const target = await stageTarget(rest, {}, 'dev');
    expect(target).toMatchObject({ baseUrl: 'https://api.example.com', apiKey: 'k', region: 'eu-central-1' });
  });

  it('is signed with the credentials of the surroundings where the route asks for a signature, and no key is read', async () => {
    const { credentials, ...target } = await stageTarget(http, {}, 'dev');
    expect(target).toEqual({
      baseUrl: 'https://events.example.com',
      apiKey: undefined,
      region: 'eu-central-1',
      regions: { regions: ['eu-central-1', 'eu-west-1'] },
    });
    expect(typeof credentials === 'function' && (await credentials())).toMatchObject({ accessKeyId: 'AKIDEXAMPLE' });
    expect(ssm.commandCalls(GetParameterCommand)).toHaveLength(1);
  });

  it("is a region's own name, and below it an environment, whatever AWS calls the API (B23)", async () => {
    expect(await stageTarget(rest, { region: 'secondary' }, 'dev')).toMatchObject({
      baseUrl: 'https://eu-west-1.api.example.com',
      apiKey: 'k',
      region: 'eu-west-1',
    });
    expect(await stageTarget(http, { env: 'preview' }, 'dev')).toMatchObject({
      baseUrl: 'https://eu-central-1.events.example.com/preview',
    });
    expect(await stageTarget(rest, { env: 'preview', region: 'secondary' }, 'dev')).toMatchObject({
      baseUrl: 'https://eu-west-1.api.example.com/preview',
      apiKey: 'p',
    });
  });

  it('is found in the other region while the primary region does not answer (B23)', async () => {
    ssm
      .on(GetParameterCommand, { Name: `${path}/domain_name` })
      .rejectsOnce(new Error('connect ETIMEDOUT'))
      .resolvesOnce({ Parameter: { Value: 'api.example.com' } })
      .rejects(new Error('connect ETIMEDOUT'));
    expect(await stageTarget(rest, { key: 'mine' }, 'dev')).toMatchObject({ baseUrl: 'https://api.example.com' });
    await expect(stageTarget(rest, { key: 'mine', region: 'primary' }, 'dev')).rejects.toThrow('ETIMEDOUT');
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
