import { describe, expect, it } from 'vitest';
import { explainingCredentials } from '#operator/cli/credentials-error.ts';
import { exitCodeOf, isExpected } from '#operator/cli/exit-codes.ts';

const thrown = (name: string, extra = {}) => Object.assign(new Error(`why it failed`), { name, ...extra });
const explain = (error: Error, profile?: string) =>
  explainingCredentials({ stage: 'prod', ...(profile && { profile }) }, () => Promise.reject(error)).catch(
    (explained: unknown) => explained,
  );

describe('errors of AWS', () => {
  it.each(['CredentialsProviderError', 'ExpiredToken', 'UnrecognizedClientException', 'InvalidClientTokenId'])(
    '%s ends with exit code 3, says whose credentials they were and how to log in',
    async (name) => {
      const error = await explain(thrown(name), 'my-prod');
      expect(exitCodeOf(error)).toBe(3);
      expect(String(error)).toMatch(
        /stage prod \(profile "my-prod"\).+why it failed.+aws sso login --profile my-prod/s,
      );
    },
  );

  it('of missing permissions end with exit code 3 and the cause', async () => {
    const error = await explain(thrown('AccessDeniedException'));
    expect(exitCodeOf(error)).toBe(3);
    expect(String(error)).toMatch(/default credentials\) may not do this: why it failed/);
  });

  it('of a connection name the endpoint', async () => {
    const error = await explain(thrown('Error', { code: 'ECONNREFUSED' }));
    expect(String(error)).toMatch(/AWS did not answer/);
    expect([exitCodeOf(error), isExpected(error)]).toEqual([1, true]);
  });

  it.each([
    ['Error', { code: 'ECONNRESET' }],
    ['UnknownError', { $metadata: { httpStatusCode: 407 } }],
    ['InternalServerError', { $metadata: { httpStatusCode: 503 } }],
  ])('%s %o says that AWS did not answer', async (name, extra) => {
    const error = await explain(thrown(name, extra));
    expect(String(error)).toMatch(/AWS did not answer: .*why it failed/);
    expect([exitCodeOf(error), isExpected(error)]).toEqual([1, true]);
  });

  it('of S3, which refuses without a word, end with exit code 3', async () => {
    const wordless = Object.assign(new Error('UnknownError'), { name: '403', $metadata: { httpStatusCode: 403 } });
    const error = await explain(wordless);
    expect(exitCodeOf(error)).toBe(3);
    expect(String(error)).toMatch(/may not do this: HTTP 403\n/);
  });

  it("of a region that keeps silent don't speak of the SDK", async () => {
    const error = await explain(thrown('TimeoutError', { code: 'ETIMEDOUT' }));
    expect(String(error)).toMatch(/AWS did not answer: nothing came in time\. Is there a network\?/);
  });

  it('without a word of their own are told by their status and code', async () => {
    const proxy = Object.assign(new Error('UnknownError'), { name: 'Unknown', $metadata: { httpStatusCode: 502 } });
    expect(String(await explain(proxy))).toMatch(/AWS did not answer: HTTP 502 came instead\. /);
    const both = Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' });
    expect(String(await explain(both))).toMatch(/AWS did not answer: ECONNREFUSED\. /);
  });

  it('of any other kind come as they are', async () => {
    const error = thrown('InternalServerError');
    expect(await explain(error)).toBe(error);
  });
});
