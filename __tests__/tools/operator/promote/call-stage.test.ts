import { afterEach, describe, expect, it } from 'vitest';
import { replaceString } from '#contract/replace-string.ts';
import { smokeCallOf } from '#operator/promote/smoke.ts';
import { startRecordingServer } from '#tests/client/recording-server.ts';

let server: Awaited<ReturnType<typeof startRecordingServer>> | undefined;
afterEach(() => server?.close());

const place = { environment: 'envB', regionType: 'secondary' } as const;
const [example] = replaceString.examples;

async function call(status: number, body: string) {
  server = await startRecordingServer({ status, body });
  const { url } = server;
  const asked: unknown[] = [];
  const send = smokeCallOf('dev', async (_, { env, region }, stage) => {
    asked.push([stage, env, region]);
    return { baseUrl: `${url}/envB`, apiKey: 'key' };
  });
  return { send, asked };
}

describe('a call after a promotion, over HTTP (S1.6)', () => {
  it("goes to the environment's own URL with its key; where that is, is asked once", async () => {
    const { send, asked } = await call(200, '{"content":"The color"}');
    expect(await send(replaceString, example, place)).toBe(200);
    expect(await send(replaceString, example, place)).toBe(200);
    expect(asked).toEqual([['dev', 'envB', 'secondary']]);
    expect(server?.requests[0]).toMatchObject({
      method: 'POST',
      url: '/envB/string/replace',
      headers: { 'x-api-key': 'key' },
    });
    expect(String(server?.requests[0]?.body)).toBe(JSON.stringify(example.body));
  });

  it('tells another status, and refuses a body that the contract does not know', async () => {
    const refused = await call(403, '{"error":"Forbidden","requestId":"r"}');
    expect(await refused.send(replaceString, example, place)).toBe(403);
    await server?.close();
    const { send } = await call(200, '<html>');
    await expect(send(replaceString, example, place)).rejects.toThrow(/body that the contract does not know/);
  });
});
