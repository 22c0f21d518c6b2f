import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { S3BucketLifecycleConfiguration } from '@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import { Construct } from 'constructs';
import { denyAll, denyPlainHttp, type VersionedBucketProps, versionedBucket } from './versioned-bucket.ts';

export interface PrivateBucketProps extends VersionedBucketProps {
  /** Days after which a version that is no longer the newest is removed. @default 90 */
  readonly noncurrentVersionExpirationDays?: number;
  /** ARN of a key of the bucket's region. @default - S3's own key */
  readonly keyArn?: string | undefined;
  /** Days after which an object is removed. @default - never */
  readonly expirationDays?: number;
  /** Who else may do what with its objects. @param arn - of the bucket @default - nobody */
  readonly grants?: (arn: string) => readonly DataAwsIamPolicyDocumentStatement[];
}

/**
 * An S3 bucket that is versioned, encrypted (SSE-S3, or SSE-KMS with a bucket key), closed to the public, without ACLs, and answers over TLS 1.2 or newer only.
 *
 * Source: Amazon S3 User Guide, "Security best practices for Amazon S3".
 */
export class PrivateBucket extends Construct {
  /** Name, known once versioning is on, so that whoever writes an object gets a version of it. */
  readonly bucketName: string;
  readonly arn: string;
  /** There once grants count. */
  readonly policy: S3BucketPolicy;

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);
    const { bucket, arn, versioning } = versionedBucket(this, props);
    new S3BucketServerSideEncryptionConfigurationA(this, 'encryption', {
      bucket,
      rule: [encryption(props.keyArn)],
    });
    const publicAccessBlock = new S3BucketPublicAccessBlock(this, 'public-access-block', {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    this.policy = new S3BucketPolicy(this, 'policy', {
      bucket,
      policy: new DataAwsIamPolicyDocument(this, 'tls-only', {
        statement: [
          denyPlainHttp(arn),
          denyAll('DenyOldTls', arn, { test: 'NumericLessThan', variable: 's3:TlsVersion', values: ['1.2'] }),
          ...(props.grants?.(arn) ?? []),
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
          ...(props.expirationDays !== undefined && { expiration: [{ days: props.expirationDays }] }),
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: 7 }],
        },
      ],
      dependsOn: [versioning],
    });
    this.bucketName = versioning.bucket;
    this.arn = arn;
  }
}

/** With a bucket key S3 asks KMS once in a while and not for each object. Source: Amazon S3 User Guide, "Reducing the cost of SSE-KMS with Amazon S3 Bucket Keys". */
function encryption(keyArn: string | undefined) {
  if (keyArn === undefined) return { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } };
  return {
    applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: keyArn },
    bucketKeyEnabled: true,
  };
}
