import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { hostileJson, hostileJsonText } from '#tests/support/hostile-json.ts';
import { lambdaContext } from '#tests/support/lambda-context.ts';
import { quietLog } from '#tests/support/quiet-log.ts';
import { type RestEventOptions, restEvent } from '#tests/support/rest-event.ts';

const errors = quietLog();
const ssm = mockClient(SSMClient);
afterAll(() => ssm.restore());
const headers = { 'content-type': 'application/json' };

async function call(body: string | null, options: RestEventOptions = {}) {
  const { handler } = await import('#functions/string-replace/handler.ts');
  const event = restEvent({ method: 'POST', path: '/string/replace', headers, body, ...options });
  const answer = await handler(event, lambdaContext('string-replace'));
  return { statusCode: answer.statusCode, body: JSON.parse(answer.body) };
}
const replace = (content: unknown) => call(JSON.stringify({ content }));

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('REPLACEMENT_MAP_PARAMETER', '/app/dev/replacement_map');
  ssm.reset();
  ssm.on(GetParameterCommand, { Name: '/app/dev/replacement_map' }).resolves({
    Parameter: { Value: JSON.stringify({ colour: 'color', a: 'x'.repeat(4096) }) },
  });
});

describe('POST /string/replace (S3.1)', () => {
  it('replaces by the map of the parameter', async () => {
    expect(await replace('The Colour!')).toEqual({ statusCode: 200, body: { content: 'The color!' } });
  });

  it('takes empty content', async () => {
    expect(await replace('')).toEqual({ statusCode: 200, body: { content: '' } });
  });

  it.each([
    [null, 'body: Missing'],
    ['{', 'body: Invalid JSON'],
    ['[]', 'body: Invalid input'],
    ['{}', 'content: Invalid input: expected string, received undefined'],
    ['{"content":null}', 'content: Invalid input: expected string, received null'],
    ['{"content":7}', 'content: Invalid input: expected string, received number'],
    ['{"__proto__":{"content":"colour"}}', 'content: Invalid input'],
  ])('answers 400 to the body %s with the cause', async (body, says) => {
    const answer = await call(body, { requestId: 'r-1' });
    expect(answer).toEqual({ statusCode: 400, body: { error: expect.stringContaining(says), requestId: 'r-1' } });
  });

  it('answers 400 to a content that is too long, before and after the replacement', async () => {
    expect(await replace('b'.repeat(1_000_000))).toMatchObject({ statusCode: 200 });
    const long = await replace('b'.repeat(1_000_001));
    expect(long).toMatchObject({ statusCode: 400, body: { error: expect.stringContaining('content: Too big') } });
    for (const words of [2000, 500_000]) {
      const grown = await replace('a '.repeat(words));
      expect(grown).toMatchObject({ statusCode: 400, body: { error: expect.stringContaining('words replaced') } });
    }
  });

  it("answers 400 to another content type, which passes by the gateway's validator", async () => {
    const answer = await call('{"content":""}', { headers: { 'Content-Type': 'text/plain' } });
    expect(answer).toMatchObject({ statusCode: 400, body: { error: expect.stringContaining('content-type') } });
  });

  it('answers 503 when there never was a map, and logs why', async () => {
    ssm.on(GetParameterCommand).resolves({ Parameter: { Value: '{"colour":1}' } });
    expect(await replace('colour')).toMatchObject({
      statusCode: 503,
      body: { error: 'The replacement map cannot be read' },
    });
    expect(errors()[0]).toMatchObject({
      parameter: '/app/dev/replacement_map',
      error: { message: expect.stringContaining('"colour"') },
    });
  });
});

describe('hostile input', () => {
  it('is never answered with a 5xx, and a string always with a string', async () => {
    const content = hostileJson.map((value) => JSON.stringify({ content: value }));
    await fc.assert(
      fc.asyncProperty(fc.oneof(content, hostileJsonText), async (body) => {
        expect((await call(body)).statusCode).toBeLessThan(500);
      }),
      { numRuns: 500 },
    );
    expect(errors()).toEqual([]);
  });
});
