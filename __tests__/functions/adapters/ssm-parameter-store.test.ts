import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { ssmParameterStore } from '#functions/adapters/ssm-parameter-store.ts';

const client = new SSMClient({ region: 'eu-central-1' });
const ssm = mockClient(client);
const store = ssmParameterStore(client);

beforeEach(() => {
  ssm.reset();
});

describe('ssmParameterStore', () => {
  it('reads a parameter by its full path, decrypted: every parameter of a stage is a SecureString', async () => {
    const input = { Name: '/app/dev/replacement_map', WithDecryption: true };
    ssm.on(GetParameterCommand, input, true).resolves({ Parameter: { Value: '{}' } });
    expect(await store.read('/app/dev/replacement_map')).toBe('{}');
  });

  it('refuses an answer without a value', async () => {
    ssm.on(GetParameterCommand).resolves({});
    await expect(store.read('/app/dev/replacement_map')).rejects.toThrow('/app/dev/replacement_map has no value');
  });

  it('lets errors through', async () => {
    ssm.on(GetParameterCommand).rejects(new Error('ParameterNotFound'));
    await expect(store.read('x')).rejects.toThrow('ParameterNotFound');
  });
});
