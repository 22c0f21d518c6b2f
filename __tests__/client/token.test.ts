import { describe, expect, it, onTestFinished } from 'vitest';
import { send } from '#client/send.ts';
import { startRecordingServer } from './recording-server.ts';

describe('send (B2)', () => {
  it.each([
    ['the token', () => 'signed'],
    ['what a function gives', () => async () => 'signed'],
  ])('sends %s to operations for holders of one, and to no others', async (_, tokenOf) => {
    const server = await startRecordingServer({ status: 200, body: '{}' });
    onTestFinished(() => server.close());
    const request = { method: 'GET', url: new URL(server.url), headers: {} };
    for (const auth of ['jwt', 'open', 'apiKey'] as const) await send({ auth }, request, { token: tokenOf() });
    await send({ auth: 'jwt' }, request, {});
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer signed',
      undefined,
      undefined,
      undefined,
    ]);
  });
});
