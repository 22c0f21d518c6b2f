import { describe, expect, it } from 'vitest';
import { readCredentialScope } from '#local/aws-endpoint/aws-endpoint.ts';

const SCOPE = { accessKeyId: 'AKID', date: '20240102', region: 'eu-central-1', service: 's3' };
const CREDENTIAL = 'AKID/20240102/eu-central-1/s3/aws4_request';

describe('the credential scope of a signed request', () => {
  it.each([
    `AWS4-HMAC-SHA256 Credential=${CREDENTIAL}, SignedHeaders=host;x-amz-date, Signature=abc`,
    `AWS4-HMAC-SHA256 Credential=${CREDENTIAL},SignedHeaders=host,Signature=abc`,
    `AWS4-HMAC-SHA256 SignedHeaders=host, Credential=${CREDENTIAL}, Signature=abc`,
  ])('is read from the Authorization header: %s', (authorization) => {
    expect(readCredentialScope({ authorization }, '/')).toEqual(SCOPE);
  });

  it('is read from the query of a presigned URL', () => {
    const url = `/bucket/key?x=1&X-Amz-Credential=${encodeURIComponent(CREDENTIAL)}&X-Amz-Date=20240102T000000Z`;
    expect(readCredentialScope({}, url)).toEqual(SCOPE);
  });

  it.each([
    undefined,
    '',
    'Bearer token',
    'Basic QUtJRDp4',
    'AWS4-HMAC-SHA256',
    'AWS4-HMAC-SHA256 Credential=AKID, Signature=abc',
    'AWS4-HMAC-SHA256 Credential=/20240102/eu-central-1/s3/aws4_request, Signature=abc',
    'AWS4-HMAC-SHA256 Credential=AKID/20240102/eu-central-1/s3/aws5_request, Signature=abc',
    `AWS4-HMAC-SHA256 ${' Credential='.repeat(50_000)}`,
  ])('is undefined for what is not a signature', (authorization) => {
    const headers = authorization === undefined ? {} : { authorization };
    expect(readCredentialScope(headers, '/?X-Amz-Credential=AKID')).toBeUndefined();
  });
});
