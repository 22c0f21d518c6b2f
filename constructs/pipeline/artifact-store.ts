import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import { Construct } from 'constructs';
import { PrivateBucket } from '#constructs/private-bucket.ts';

export interface ArtifactStoreProps {
  readonly bucketName: string;
  /** `alias/…` */
  readonly keyAlias: string;
  readonly forceDestroy: boolean;
  readonly accountId: string;
  /** `aws` */
  readonly partition: string;
}

/** What one step of a pipeline leaves for the next is of no use later. */
const ARTIFACT_DAYS = 30;
const KEY_DELETION_DAYS = 7;

/**
 * Where a pipeline's steps leave their artifacts, encrypted with a key of its own: a bucket that whoever may read it cannot read without the key, too.
 *
 * Source: AWS CodePipeline User Guide, "Configure server-side encryption for artifacts stored in Amazon S3".
 */
export class ArtifactStore extends Construct {
  readonly bucketName: string;
  readonly bucketArn: string;
  readonly keyArn: string;

  constructor(scope: Construct, id: string, props: ArtifactStoreProps) {
    super(scope, id);
    const bucket = new PrivateBucket(this, 'bucket', {
      bucketName: props.bucketName,
      forceDestroy: props.forceDestroy,
      expirationDays: ARTIFACT_DAYS,
      noncurrentVersionExpirationDays: ARTIFACT_DAYS,
    });
    const key = new KmsKey(this, 'key', {
      description: `Artifacts in ${props.bucketName}`,
      enableKeyRotation: true,
      deletionWindowInDays: KEY_DELETION_DAYS,
      policy: new DataAwsIamPolicyDocument(this, 'key-policy', {
        statement: [
          {
            // In a key's policy `*` is the key itself: who may what is decided by IAM, as everywhere in the account.
            sid: 'Account',
            actions: ['kms:*'],
            resources: ['*'],
            principals: [{ type: 'AWS', identifiers: [`arn:${props.partition}:iam::${props.accountId}:root`] }],
          },
        ],
      }).json,
    });
    new KmsAlias(this, 'key-alias', { name: props.keyAlias, targetKeyId: key.keyId });
    this.bucketName = bucket.bucketName;
    this.bucketArn = bucket.arn;
    this.keyArn = key.arn;
  }

  /** What a role needs that reads and writes artifacts. */
  get statements() {
    return [
      {
        actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:PutObject'],
        resources: [`${this.bucketArn}/*`],
      },
      { actions: ['s3:GetBucketVersioning', 's3:GetBucketLocation'], resources: [this.bucketArn] },
      { actions: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'], resources: [this.keyArn] },
    ];
  }
}
