import { Construct } from 'constructs';
import { EncryptionKey, type KeyPlace } from '#constructs/encryption-key.ts';
import { PrivateBucket } from '#constructs/private-bucket.ts';

export interface ArtifactStoreProps extends KeyPlace {
  readonly bucketName: string;
  /** Without `alias/`. */
  readonly keyAlias: string;
  readonly forceDestroy: boolean;
}

/** What one step of a pipeline leaves for the next is of no use later. */
const ARTIFACT_DAYS = 30;

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
    const key = new EncryptionKey(this, 'key', {
      accountId: props.accountId,
      partition: props.partition,
      region: props.region,
      aliasName: props.keyAlias,
      description: `Artifacts in ${props.bucketName}`,
      uses: [],
    });
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
