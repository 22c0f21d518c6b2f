import { GetParametersByPathCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ssmParameterStore } from '#operator/parameters/ssm-store.ts';

const ssm = mockClient(SSMClient);
afterAll(() => ssm.restore());
const store = ssmParameterStore(new SSMClient({ region: 'eu-central-1' }), 'eu-central-1', '/app/dev/');

beforeEach(() => {
  ssm.reset();
});

describe('parameters in SSM Parameter Store (S0.5)', () => {
  it("are read page by page, decrypted, under the stage's path", async () => {
    const page = (name: string, NextToken?: string) => ({
      Parameters: [{ Name: `/app/dev/${name}`, Value: name }],
      NextToken,
    });
    ssm.on(GetParametersByPathCommand).resolvesOnce(page('a', 'more')).resolvesOnce(page('b'));
    expect(await store.readAll()).toEqual(
      new Map([
        ['a', 'a'],
        ['b', 'b'],
      ]),
    );
    expect(ssm.commandCalls(GetParametersByPathCommand)[0]?.args[0].input).toMatchObject({
      Path: '/app/dev',
      WithDecryption: true,
    });
  });

  it('are written as SecureString over what there is', async () => {
    ssm.on(PutParameterCommand).resolves({});
    await store.write('a', 'value', 'What it is.');
    expect(ssm.commandCalls(PutParameterCommand)[0]?.args[0].input).toMatchObject({
      Name: '/app/dev/a',
      Value: 'value',
      Type: 'SecureString',
      Overwrite: true,
    });
  });

  it('are encrypted with the key that they are to have, whose absence is said with what to do', async () => {
    const region = 'eu-central-1';
    const keyed = ssmParameterStore(new SSMClient({ region }), region, '/app/dev/', 'alias/app-dev-region');
    ssm
      .on(PutParameterCommand)
      .resolvesOnce({})
      .rejects(Object.assign(new Error('x'), { name: 'InvalidKeyId' }));
    await keyed.write('a', 'value', '');
    expect(ssm.commandCalls(PutParameterCommand)[0]?.args[0].input).toMatchObject({ KeyId: 'alias/app-dev-region' });
    await expect(keyed.write('a', 'value', '')).rejects.toThrow(
      /no usable key alias\/app-dev-region in eu-central-1.+take "parameters" out, .+deploy/,
    );
  });

  it('do not come back in the error that refuses them', async () => {
    const message = "Value 'hunter2-hunter2' at 'value' failed to satisfy constraint";
    ssm.on(PutParameterCommand).rejects(Object.assign(new Error(message), { name: 'ValidationException' }));
    const error = await store.write('a', 'hunter2-hunter2', '').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ValidationException', message: expect.stringContaining('(the value)') });
    expect(`${error instanceof Error ? error.stack : ''}`).not.toContain('hunter2');
  });
});
