import { describe, expect, it } from 'vitest';
import { deniesPlainTraffic, withPlainTrafficDenied } from '#operator/state/storage/bucket-settings.ts';

const region = 'eu-central-1';
const other = {
  Sid: 'Audit',
  Effect: 'Allow',
  Principal: { AWS: '111122223333' },
  Action: 's3:GetObject',
  Resource: '*',
};

describe("policy of the state's bucket", () => {
  it('denies plain HTTP and old TLS on the bucket and its objects', () => {
    const policy = withPlainTrafficDenied(undefined, 'state', region);
    expect(JSON.parse(policy).Statement).toEqual([
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      expect.objectContaining({
        Effect: 'Deny',
        Resource: ['arn:aws:s3:::state', 'arn:aws:s3:::state/*'],
        Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } },
      }),
    ]);
    expect(deniesPlainTraffic(policy, 'state', region)).toBe(true);
  });

  it('keeps statements that somebody else added, and does not pile up its own', () => {
    const once = withPlainTrafficDenied(JSON.stringify({ Statement: other }), 'state', region);
    const twice = withPlainTrafficDenied(once, 'state', region);
    expect(twice).toBe(once);
    expect(JSON.parse(twice).Statement).toHaveLength(3);
    expect(JSON.parse(twice).Statement[0]).toEqual(other);
  });

  it.each([
    ['is missing', undefined],
    ['is empty', ''],
    ['says something else', JSON.stringify({ Statement: [other] })],
    ['is of another bucket', withPlainTrafficDenied(undefined, 'another', region)],
    ['lets one of two pass', withPlainTrafficDenied(undefined, 'state', region).replace('"1.2"', '"1.1"')],
  ])('is to be repaired when it %s', (_, policy) => {
    expect(deniesPlainTraffic(policy, 'state', region)).toBe(false);
  });

  it('is right in the form that S3 gives it back: lists of one as text, other order', () => {
    const document = JSON.parse(withPlainTrafficDenied(undefined, 'state', region));
    for (const statement of document.Statement) {
      statement.Resource.reverse();
      statement.Action = ['s3:*'];
    }
    expect(deniesPlainTraffic(JSON.stringify(document), 'state', region)).toBe(true);
  });

  it('names resources in the partition of the region', () => {
    expect(withPlainTrafficDenied(undefined, 'state', 'cn-north-1')).toContain('arn:aws-cn:s3:::state');
  });
});
