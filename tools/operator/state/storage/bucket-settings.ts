import {
  GetBucketEncryptionCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  PutBucketEncryptionCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type Setting, unless } from '#operator/aws/setting.ts';
import { partitionOf } from '#stacks/settings/partitions.ts';
import { isSameStatement, policyOf, type Statement, statementsOf } from './policy-document.ts';
import type { OwnedBucket } from './state-bucket.ts';

const NOT_PUBLIC = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
} as const;

/**
 * What the state's bucket must be. An encryption other than SSE-S3 and further statements of the policy are left alone.
 *
 * Source: Amazon S3 User Guide, "Security best practices for Amazon S3".
 */
export function bucketSettings(s3: S3Client, { bucket, account, region }: OwnedBucket): readonly Setting[] {
  const at = { Bucket: bucket, ExpectedBucketOwner: account };
  const policy = async () => (await unless(['NoSuchBucketPolicy'], s3.send(new GetBucketPolicyCommand(at))))?.Policy;
  return [
    {
      name: 'ownership (no ACLs)',
      isSet: async () => {
        const read = s3.send(new GetBucketOwnershipControlsCommand(at));
        const rules = (await unless(['OwnershipControlsNotFoundError'], read))?.OwnershipControls?.Rules;
        return rules?.some((rule) => rule.ObjectOwnership === 'BucketOwnerEnforced') ?? false;
      },
      set: async () => {
        const OwnershipControls = { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' as const }] };
        await s3.send(new PutBucketOwnershipControlsCommand({ ...at, OwnershipControls }));
      },
    },
    {
      name: 'public access block',
      isSet: async () => {
        const read = s3.send(new GetPublicAccessBlockCommand(at));
        const block = (await unless(['NoSuchPublicAccessBlockConfiguration'], read))?.PublicAccessBlockConfiguration;
        return (
          block?.BlockPublicAcls === true &&
          block.BlockPublicPolicy === true &&
          block.IgnorePublicAcls === true &&
          block.RestrictPublicBuckets === true
        );
      },
      set: async () => {
        await s3.send(new PutPublicAccessBlockCommand({ ...at, PublicAccessBlockConfiguration: NOT_PUBLIC }));
      },
    },
    {
      name: 'versioning',
      isSet: async () => (await s3.send(new GetBucketVersioningCommand(at))).Status === 'Enabled',
      set: async () => {
        const VersioningConfiguration = { Status: 'Enabled' as const };
        await s3.send(new PutBucketVersioningCommand({ ...at, VersioningConfiguration }));
      },
    },
    {
      name: 'encryption',
      isSet: async () => {
        const read = s3.send(new GetBucketEncryptionCommand(at));
        const found = await unless(['ServerSideEncryptionConfigurationNotFoundError'], read);
        const rules = found?.ServerSideEncryptionConfiguration?.Rules ?? [];
        return rules.some((rule) => rule.ApplyServerSideEncryptionByDefault?.SSEAlgorithm !== undefined);
      },
      set: async () => {
        const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const } }];
        await s3.send(new PutBucketEncryptionCommand({ ...at, ServerSideEncryptionConfiguration: { Rules } }));
      },
    },
    {
      name: 'TLS only',
      isSet: async () => deniesPlainTraffic(await policy(), bucket, region),
      set: async () => {
        const Policy = withPlainTrafficDenied(await policy(), bucket, region);
        await s3.send(new PutBucketPolicyCommand({ ...at, Policy }));
      },
    },
  ];
}

/**
 * Denies everybody every call over plain HTTP and over TLS before 1.2.
 *
 * Source: Amazon S3 User Guide, "Security best practices for Amazon S3", "Enforce encryption of data in transit".
 */
function denials(bucket: string, region: string): readonly Statement[] {
  const arn = bucketArn(bucket, region);
  const deny = (Sid: string, Condition: object) => ({
    Sid,
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [arn, `${arn}/*`],
    Condition,
  });
  return [
    deny('DenyPlainHttp', { Bool: { 'aws:SecureTransport': 'false' } }),
    deny('DenyOldTls', { NumericLessThan: { 's3:TlsVersion': '1.2' } }),
  ];
}

/** ARN of a bucket in the partition of its region. */
export function bucketArn(bucket: string, region: string): string {
  return `arn:${partitionOf(region)}:s3:::${bucket}`;
}

/** Whether a bucket's policy (JSON, `undefined` for none) holds both denials. */
export function deniesPlainTraffic(policy: string | undefined, bucket: string, region: string): boolean {
  const existing = statementsOf(policy);
  return denials(bucket, region).every((denial) => existing.some((statement) => isSameStatement(statement, denial)));
}

/** The policy with both denials; statements of other `Sid`s stay. @returns JSON */
export function withPlainTrafficDenied(policy: string | undefined, bucket: string, region: string): string {
  const own = denials(bucket, region);
  const others = statementsOf(policy).filter(({ Sid }) => !own.some((denial) => denial.Sid === Sid));
  return policyOf([...others, ...own]);
}
