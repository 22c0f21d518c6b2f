import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import type { Construct } from 'constructs';

export interface VersionedBucketProps {
  /** Globally unique, 3 to 63 characters, no dots. */
  readonly bucketName: string;
  /** Lets Terraform destroy the bucket with its objects. */
  readonly forceDestroy: boolean;
}

/** Declares in its owner's scope what all buckets have in common: versions, and no ACLs. */
export function versionedBucket(scope: Construct, props: VersionedBucketProps) {
  const { bucket, arn } = new S3Bucket(scope, 'bucket', {
    bucket: props.bucketName,
    forceDestroy: props.forceDestroy,
  });
  const versioning = new S3BucketVersioningA(scope, 'versioning', {
    bucket,
    versioningConfiguration: { status: 'Enabled' },
  });
  new S3BucketOwnershipControls(scope, 'ownership', { bucket, rule: { objectOwnership: 'BucketOwnerEnforced' } });
  return { bucket, arn, versioning };
}

/** Statement of a bucket's policy. @param arn - of the bucket */
export function denyPlainHttp(arn: string) {
  return denyAll('DenyPlainHttp', arn, { test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] });
}

/** A deny for everybody and every action: the `*` takes rights away. */
export function denyAll(sid: string, arn: string, condition: { test: string; variable: string; values: string[] }) {
  return {
    sid,
    effect: 'Deny',
    actions: ['s3:*'],
    resources: [arn, `${arn}/*`],
    principals: [{ type: '*', identifiers: ['*'] }],
    condition: [condition],
  };
}
