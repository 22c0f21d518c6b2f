import { afterEach, describe, expect, it, vi } from 'vitest';
import { findApi } from '#operator/call/find-api.ts';
import { explainingCredentials } from '#operator/cli/credentials-error.ts';
import { startRecordingServer } from '#tests/client/recording-server.ts';

const lookup = {
  name: 'app-dev',
  region: 'eu-central-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
};
let server: Awaited<ReturnType<typeof startRecordingServer>> | undefined;

async function answering(body: unknown, status = 200, headers = {}) {
  server = await startRecordingServer({ status, body: JSON.stringify(body), headers });
  vi.stubEnv('AWS_ENDPOINT_URL', server.url);
  return server.requests;
}

afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
  server = undefined;
});

describe('findApi', () => {
  it('throws what the network said, not that fetch failed', async () => {
    await answering({});
    await server?.close();
    server = undefined;
    const asked = explainingCredentials({ stage: 'dev' }, () => findApi({ ...lookup, api: 'rest' }));
    await expect(asked).rejects.toThrow(/^AWS did not answer: /);
  });

  it('finds a REST API by its name, with a signed request', async () => {
    const requests = await answering({
      item: [
        { id: 'x1', name: 'other' },
        { id: 'a1b2', name: 'app-dev' },
      ],
    });
    expect(await findApi({ ...lookup, api: 'rest' })).toBe('https://a1b2.execute-api.eu-central-1.amazonaws.com');
    expect(requests[0]?.url).toBe('/restapis?limit=500');
    expect(requests[0]?.headers.authorization).toContain('/eu-central-1/apigateway/aws4_request');
  });

  it('finds an HTTP API by its name', async () => {
    const requests = await answering({ items: [{ apiId: 'c3d4', name: 'app-dev' }] });
    expect(await findApi({ ...lookup, api: 'http' })).toBe('https://c3d4.execute-api.eu-central-1.amazonaws.com');
    expect(requests[0]?.url).toBe('/v2/apis?maxResults=500');
  });

  it('says what to do when there is none', async () => {
    await answering({});
    await expect(findApi({ ...lookup, api: 'rest' })).rejects.toThrow(
      'There is no REST API named app-dev in eu-central-1: apply the api stack of that region.',
    );
  });

  it("tells refused credentials by AWS's name for them", async () => {
    const headers = { 'x-amzn-errortype': 'UnrecognizedClientException:http://internal' };
    await answering({ message: 'The security token is invalid.' }, 403, headers);
    await expect(findApi({ ...lookup, api: 'rest' })).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
      message: expect.stringContaining('The security token is invalid.'),
    });
  });
});
