import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { askIdentity } from '#operator/cli/ask-identity.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';

let server: Server | undefined;
afterEach(() => {
  server?.close();
  vi.unstubAllEnvs();
});

/** An STS that answers one thing, on a clock of its own. */
async function sts(status: number, body: string, date: Date): Promise<void> {
  server = createServer((_, response) => {
    response.sendDate = false;
    response.writeHead(status, { 'content-type': 'text/xml', date: date.toUTCString(), connection: 'close' }).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'testing');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'testing');
  vi.stubEnv('AWS_PROFILE', '');
}

describe('whom AWS takes credentials for', () => {
  it("is account and ARN; the clock is compared with the answer's date", async () => {
    const result = '<Account>123456789012</Account><Arn>arn:aws:iam::123456789012:user/a</Arn><UserId>u</UserId>';
    const body = `<GetCallerIdentityResponse><GetCallerIdentityResult>${result}</GetCallerIdentityResult></GetCallerIdentityResponse>`;
    await sts(200, body, new Date(Date.now() - 3_600_000));
    const { identity, clockAhead = 0 } = await askIdentity(context, 'eu-central-1');
    expect(identity()).toEqual({ account: '123456789012', arn: 'arn:aws:iam::123456789012:user/a' });
    expect(Math.round(clockAhead / 10_000)).toBe(360);
  });

  it('is nobody where AWS refuses; the clock is known all the same', async () => {
    const error = '<Error><Code>InvalidClientTokenId</Code><Message>The token is invalid.</Message></Error>';
    await sts(403, `<ErrorResponse>${error}</ErrorResponse>`, new Date(Date.now() + 3_600_000));
    const { identity, clockAhead = 0 } = await askIdentity(context, 'eu-central-1');
    expect(identity).toThrow(/stage dev .+ not accepted: The token is invalid.+Log in/s);
    expect(Math.round(clockAhead / 10_000)).toBe(-360);
  });
});
