import { once } from 'node:events';
import { createServer } from 'node:net';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, describe, expect, it } from 'vitest';
import { clientSettings } from '#operator/aws/aws-access.ts';
import { explainingCredentials } from '#operator/cli/credentials-error.ts';

const silent = createServer(() => undefined);
afterEach(() => {
  silent.close();
});

describe('clients of AWS', () => {
  it('give up a region that takes connections and answers nothing, and say so', async () => {
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const { requestHandler, ...settings } = clientSettings({ stage: 'dev' }, 'eu-central-1');
    const ssm = new SSMClient({
      ...settings,
      requestHandler: { ...requestHandler, requestTimeout: 50 },
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'example' },
      maxAttempts: 1,
    });
    const asked = explainingCredentials({ stage: 'dev' }, () => ssm.send(new GetParameterCommand({ Name: '/a' })));
    await expect(asked).rejects.toThrow(/^AWS did not answer: .+Is there a network\?$/s);
    ssm.destroy();
  });

  it('wait for seconds, not for minutes', () => {
    const { connectionTimeout, requestTimeout } = clientSettings({ stage: 'dev' }, 'eu-central-1').requestHandler;
    expect([connectionTimeout, requestTimeout].every((each) => each > 0 && each <= 10_000)).toBe(true);
  });
});
