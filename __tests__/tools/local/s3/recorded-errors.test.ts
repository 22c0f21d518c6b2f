import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpService } from '#local/http/listen.ts';
import { startS3 } from '#local/s3/s3.ts';
import { allowAll } from '#tests/tools/local/aws-endpoint/authorize-stubs.ts';
import { sendRaw } from '#tests/tools/local/aws-endpoint/raw-request.ts';
import { expectDocumented } from '#tests/tools/local/support/compared.ts';
import { type Fields, RECORDED } from './recorded-errors.ts';

const NOT_SIGNIFICANT = new Set(['RequestId', 'HostId']);

let service: HttpService;
beforeAll(async () => {
  const buckets = [
    { name: 'v', versioned: true },
    { name: 'p', versioned: false },
  ];
  service = await startS3({ region: 'eu-central-1', buckets, authorize: allowAll });
  for (const path of ['/v/key', '/p/key']) await sendRaw(service.url, { method: 'PUT', path, body: '0123456789' });
});
afterAll(() => service.close());

async function differs([request, status, fields]: (typeof RECORDED)[number]) {
  const response = await sendRaw(service.url, request);
  const inner = /<Error>([\s\S]*)<\/Error>/.exec(response.body)?.[1] ?? '';
  const found = [...inner.matchAll(/<([\w-]+)>([\s\S]*?)<\/\1>/g)].filter(
    ([, name]) => !NOT_SIGNIFICANT.has(name ?? ''),
  );
  const got = Object.fromEntries(
    found.map(([, name, text]) => [name, (text ?? '').replaceAll('&quot;', '"').replaceAll('&amp;', '&')]),
  );
  const isSame = response.status === status && JSON.stringify(sorted(got)) === JSON.stringify(sorted(fields));
  return isSame ? [] : [{ request, expected: { status, ...fields }, got: { status: response.status, ...got } }];
}

const sorted = (fields: Fields) => Object.entries(fields).sort();

describe('S3 of the local runtime, beside errors recorded on AWS', () => {
  it('has their status, code, message and every detail', async () => {
    const differences = [];
    for (const recorded of RECORDED) differences.push(...(await differs(recorded)));
    expect(differences).toEqual([]);
    expectDocumented('s3', { against: 'errors recorded on AWS', cases: RECORDED.length, differ: differences.length });
  });
});
