import { describe, expect, it } from 'vitest';
import { synthesizeStage } from '#tests/support/synthesized-stage.ts';

describe('the base stack of a region', async () => {
  const synthesized = await synthesizeStage();
  const base = synthesized('base-primary');

  it('makes a data bucket, a package bucket and one for the route, with the account in their names (S0.8, S3.9)', () => {
    const account = '${data.aws_caller_identity.account.account_id}';
    expect(base.resources('aws_s3_bucket').map(({ bucket }) => bucket)).toEqual([
      `two-region-api-dev-data-eu-central-1-${account}`,
      `two-region-api-dev-packages-eu-central-1-${account}`,
      `two-region-api-dev-route-eu-central-1-${account}`,
    ]);
  });

  // The route's bucket is read by everybody, and has a test of its own.
  const each = (type: string) => base.resources(type).filter(({ bucket }) => !String(bucket).includes('route-control'));

  it('versions, encrypts and closes both', () => {
    expect(each('aws_s3_bucket_versioning')).toHaveLength(2);
    expect(each('aws_s3_bucket_server_side_encryption_configuration')).toHaveLength(2);
    for (const versioning of each('aws_s3_bucket_versioning')) {
      expect(versioning.versioning_configuration).toEqual({ status: 'Enabled' });
    }
    expect(each('aws_s3_bucket_public_access_block')).toHaveLength(2);
    for (const block of each('aws_s3_bucket_public_access_block')) {
      expect(block).toMatchObject({
        block_public_acls: true,
        block_public_policy: true,
        ignore_public_acls: true,
        restrict_public_buckets: true,
      });
    }
  });

  it('denies plain HTTP and TLS older than 1.2 to everybody', () => {
    expect(each('aws_s3_bucket_policy')).toHaveLength(2);
    const documents = base
      .dataSources('aws_iam_policy_document')
      .filter(({ statement }) => JSON.stringify(statement).includes('Tls'));
    expect(documents).toHaveLength(2);
    for (const { statement } of documents) {
      expect(statement).toMatchObject([
        { effect: 'Deny', condition: [{ variable: 'aws:SecureTransport', values: ['false'] }] },
        { effect: 'Deny', condition: [{ variable: 's3:TlsVersion', test: 'NumericLessThan', values: ['1.2'] }] },
      ]);
    }
  });

  it('keeps objects of protected stages from a destroy', async () => {
    const prod = (await synthesizeStage('prod'))('base-primary');
    expect(base.resources('aws_s3_bucket').map((bucket) => bucket.force_destroy)).toEqual([true, true, true]);
    expect(prod.resources('aws_s3_bucket').map((bucket) => bucket.force_destroy)).toEqual([false, false, false]);
  });

  it("leaves the account's logging role to bootstrap, and a role that it once made where it is (S4.4, B29)", () => {
    const { resources, parsed } = base;
    expect(resources('aws_api_gateway_account')).toEqual([]);
    expect(resources('aws_iam_role')).toEqual([]);
    expect(parsed.removed).toHaveLength(3);
    for (const { lifecycle } of parsed.removed ?? []) expect(lifecycle).toEqual({ destroy: false });
  });
});
