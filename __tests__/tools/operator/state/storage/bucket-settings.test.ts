import {
  GetBucketEncryptionCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureSettings } from '#operator/aws/setting.ts';
import { bucketSettings } from '#operator/state/storage/bucket-settings.ts';

const s3 = mockClient(S3Client);
afterAll(() => s3.restore());
const owned = { bucket: 'state-dev', account: '123456789012', region: 'eu-central-1' };
const absent = (name: string) => Object.assign(new Error(name), { name });
const ensure = (isNew: boolean) => ensureSettings(isNew, bucketSettings(new S3Client({}), owned));

beforeEach(() => {
  s3.reset();
  s3.onAnyCommand().resolves({});
});

describe("settings of the state's bucket (S0.4)", () => {
  it('are all put on a bare bucket, each naming the expected owner', async () => {
    s3.on(GetBucketEncryptionCommand).rejects(absent('ServerSideEncryptionConfigurationNotFoundError'));
    s3.on(GetBucketOwnershipControlsCommand).rejects(absent('OwnershipControlsNotFoundError'));
    s3.on(GetPublicAccessBlockCommand).rejects(absent('NoSuchPublicAccessBlockConfiguration'));
    s3.on(GetBucketPolicyCommand).rejects(absent('NoSuchBucketPolicy'));
    const findings = await ensure(false);
    expect(findings.map(({ outcome }) => outcome)).toEqual(Array(5).fill('repaired'));
    for (const { args } of s3.calls()) expect(args[0].input).toMatchObject({ ExpectedBucketOwner: '123456789012' });
    expect(s3.commandCalls(PutBucketVersioningCommand)[0]?.args[0].input.VersioningConfiguration).toEqual({
      Status: 'Enabled',
    });
  });

  it("leave an encryption with a key of one's own alone", async () => {
    const rule = { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const, KMSMasterKeyID: 'mine' } };
    s3.on(GetBucketEncryptionCommand).resolves({ ServerSideEncryptionConfiguration: { Rules: [rule] } });
    expect(await ensure(false)).toContainEqual({ name: 'encryption', outcome: 'existed' });
    expect(s3.commandCalls(PutBucketEncryptionCommand)).toHaveLength(0);
  });

  it('take suspended versioning and a public access block with a gap for wrong', async () => {
    s3.on(GetBucketVersioningCommand).resolves({ Status: 'Suspended' });
    s3.on(GetPublicAccessBlockCommand).resolves({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: false,
      },
    });
    const repaired = (await ensure(false)).filter(({ outcome }) => outcome === 'repaired').map(({ name }) => name);
    expect(repaired).toEqual(expect.arrayContaining(['versioning', 'public access block']));
  });

  it('stop at an error that says nothing of the setting', async () => {
    s3.on(GetBucketPolicyCommand).rejects(absent('AccessDenied'));
    await expect(ensure(false)).rejects.toThrow('AccessDenied');
    expect(s3.commandCalls(PutBucketPolicyCommand)).toHaveLength(0);
  });
});
