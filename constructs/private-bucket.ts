import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { Construct } from 'constructs';

export interface PrivateBucketProps {
  /** Globally unique, 3 to 63 characters. */
  readonly bucketName: string;
  /** Lets Terraform destroy the bucket with its objects. */
  readonly forceDestroy: boolean;
  /** Days after which a version that is no longer the newest is removed. @default 90 */
  readonly noncurrentVersionExpirationDays?: number;
}

/**
 * An S3 bucket that is versioned, encrypted (SSE-S3), closed to the public, without ACLs, and answers over TLS 1.2 or newer only.
 *
 * Source: Amazon S3 User Guide, "Security best practices for Amazon S3".
 */
export class PrivateBucket extends Construct {
  /** Name, known once versioning is on, so that whoever writes an object gets a version of it. */
  readonly bucketName: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    const { bucket, arn } = new S3Bucket(this, 'bucket', {
      bucket: props.bucketName,
      forceDestroy: props.forceDestroy,
    });
    const versioning = new S3BucketVersioningA(this, 'versioning', {
      bucket,
      versioningConfiguration: { status: 'Enabled' },
    });
    new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      bucket,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
    });
    new S3BucketOwnershipControls(this, 'ownership', { bucket, rule: { objectOwnership: 'BucketOwnerEnforced' } });
    const publicAccessBlock = new S3BucketPublicAccessBlock(this, 'public-access-block', {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    new S3BucketPolicy(this, 'policy', {
      bucket,
      policy: new DataAwsIamPolicyDocument(this, 'tls-only', {
        statement: [
          denyAll('DenyPlainHttp', arn, { test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] }),
          denyAll('DenyOldTls', arn, { test: 'NumericLessThan', variable: 's3:TlsVersion', values: ['1.2'] }),
        ],
      }).json,
      // S3 refuses a second change to a bucket's access while one is under way.
      dependsOn: [publicAccessBlock],
    });
    new S3BucketLifecycleConfiguration(this, 'lifecycle', {
      bucket,
      rule: [
        {
          id: 'expire-noncurrent-versions',
          status: 'Enabled',
          filter: [{}],
          noncurrentVersionExpiration: [{ noncurrentDays: props.noncurrentVersionExpirationDays ?? 90 }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
      ],
      dependsOn: [versioning],
    });
    this.bucketName = versioning.bucket;
    this.arn = arn;
  }
}

function denyAll(sid: string, arn: string, condition: { test: string; variable: string; values: string[] }) {
  // A deny for everybody and every action: the `*` takes rights away.
  return {
    sid,
    effect: 'Deny',
    actions: ['s3:*'],
    resources: [arn, `${arn}/*`],
    principals: [{ type: '*', identifiers: ['*'] }],
    condition: [condition],
  };
}
