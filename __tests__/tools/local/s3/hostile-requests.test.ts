import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import type { HttpService } from '#local/http/listen.ts';
import { startS3 } from '#local/s3/s3.ts';
import { allowAll } from '#tests/tools/local/aws-endpoint/authorize-stubs.ts';
import { sendRaw } from '#tests/tools/local/aws-endpoint/raw-request.ts';

const log = new RuntimeLog();
let service: HttpService;

beforeAll(async () => {
  const buckets = [{ name: 'bucket', versioned: true }];
  service = await startS3({ region: 'eu-central-1', buckets, authorize: allowAll, log });
});
afterAll(() => service.close());

const segment = fc.constantFrom(
  'bucket',
  'absent',
  'a',
  '..',
  '.',
  '',
  '%2e%2e',
  '%',
  '%ff',
  '%00',
  'a%2Fb',
  '__proto__',
  '%F0%9F%98%80',
);
const path = fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join('/')}`);
const parameter = fc.constantFrom(
  'versionId=x',
  'versionId=',
  'list-type=2',
  'list-type=1',
  'max-keys=0',
  'max-keys=x',
  'max-keys=99999999999999999999',
  'continuation-token=%ff',
  'prefix=%F0',
  'delimiter=/',
  'tagging',
  'uploads',
  '=',
  '&&',
  '__proto__=1',
);
const header = fc.constantFrom<[string, string]>(
  ['range', 'bytes=9-1'],
  ['range', 'bytes=99999999999999999999-'],
  ['if-match', ''],
  ['if-none-match', '*'],
  ['if-modified-since', 'yesterday'],
  ['content-encoding', 'aws-chunked'],
  ['x-amz-content-sha256', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'],
  ['x-amz-content-sha256', '0'.repeat(64)],
  ['x-amz-decoded-content-length', '-1'],
  ['x-amz-checksum-crc32', 'x'],
  ['x-amz-checksum-crc64nvme', 'x'],
  ['x-amz-checksum-mode', 'ENABLED'],
  ['x-amz-copy-source', '/bucket/a'],
  ['content-md5', 'x'],
  ['x-amz-meta-__proto__', 'x'],
);
const request = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'PUT', 'DELETE', 'POST', 'OPTIONS', 'PATCH'),
  path: fc
    .tuple(path, fc.array(parameter, { maxLength: 3 }))
    .map(([where, parameters]) => where + (parameters.length > 0 ? `?${parameters.join('&')}` : '')),
  headers: fc.array(header, { maxLength: 3 }).map((pairs) => Object.fromEntries(pairs)),
  body: fc.constantFrom('', 'x', '1\r\nx\r\n0\r\n\r\n', 'ffffffff\r\nx'),
});

describe('S3 of the local runtime and requests that are wrong', () => {
  it("whatever comes, the answer is a success, a client's error or NotImplemented, in XML", async () => {
    await fc.assert(
      fc.asyncProperty(request, async (wrong) => {
        const { status, body } = await sendRaw(service.url, wrong);
        expect(status === 501 || status < 500, `${status} ${body}`).toBe(true);
        if (status >= 400 && wrong.method !== 'HEAD')
          expect(body).toMatch(/^<\?xml .*<Error><Code>\w+<\/Code><Message>/s);
      }),
      { numRuns: 500 },
    );
    expect(log.query(({ kind }) => kind === 'warning')).toEqual([]);
  });

  it.each<[string, number, string, string?]>([
    ['/bucket/%ff', 400, 'InvalidURI'],
    ['/bucket/', 400, 'KeyTooLongError', 'k'.repeat(1025)],
    ['/bucket?acl', 501, 'NotImplemented'],
    ['/absent/<&>', 404, 'NoSuchBucket'],
    ['/bucket/%3Cscript%3E', 404, 'NoSuchKey'],
  ])('%s is %i %s', async (path, status, code, rest = '') => {
    const answer = await sendRaw(service.url, { method: 'GET', path: path + rest });
    expect(answer).toMatchObject({ status, body: expect.stringContaining(`<Code>${code}</Code>`) });
    expect(answer.body).not.toContain('<script>');
  });

  it('a key is no path: dots and slashes stay as they are', async () => {
    for (const path of ['/bucket/../bucket/x', '/bucket//x', '/bucket/./x']) {
      await sendRaw(service.url, { method: 'PUT', path, body: path });
    }
    const { body } = await sendRaw(service.url, { method: 'GET', path: '/bucket//x' });
    expect(body).toBe('/bucket//x');
    const { status } = await sendRaw(service.url, { method: 'GET', path: '/bucket/x' });
    expect(status).toBe(404);
  });

  it('a body that is not the one that was signed is refused', async () => {
    const headers = { 'x-amz-content-sha256': '0'.repeat(64) };
    const answer = await sendRaw(service.url, { method: 'PUT', path: '/bucket/signed', headers, body: 'x' });
    expect(answer).toMatchObject({ status: 400, body: expect.stringContaining('XAmzContentSHA256Mismatch') });
  });
});
