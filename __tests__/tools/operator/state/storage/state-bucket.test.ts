import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { claimBucket } from '#operator/state/storage/state-bucket.ts';

const s3 = mockClient(S3Client);
afterAll(() => s3.restore());
const client = new S3Client({ region: 'eu-central-1' });
const owned = { bucket: 'state-dev', account: '123456789012', region: 'eu-central-1' };
const answered = (status: number, name = 'Unknown') =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });

beforeEach(() => {
  s3.reset();
});

describe("the state's bucket (S0.4)", () => {
  it('is left where the account has it in the primary region', async () => {
    s3.on(HeadBucketCommand).resolves({ BucketRegion: 'eu-central-1' });
    expect(await claimBucket(client, owned)).toBe(false);
    expect(s3.commandCalls(HeadBucketCommand)[0]?.args[0].input).toMatchObject({ ExpectedBucketOwner: '123456789012' });
    expect(s3.commandCalls(CreateBucketCommand)).toHaveLength(0);
  });

  it('is made in the primary region, without ACLs, where there is none', async () => {
    s3.on(HeadBucketCommand).rejectsOnce(answered(404, 'NotFound')).resolves({});
    s3.on(CreateBucketCommand).resolves({});
    expect(await claimBucket(client, owned)).toBe(true);
    expect(s3.commandCalls(CreateBucketCommand)[0]?.args[0].input).toEqual({
      Bucket: 'state-dev',
      ObjectOwnership: 'BucketOwnerEnforced',
      CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
    });
  });

  it('is made in us-east-1 without a location, as S3 wants it', async () => {
    s3.on(HeadBucketCommand).rejectsOnce(answered(404, 'NotFound')).resolves({});
    s3.on(CreateBucketCommand).resolves({});
    await claimBucket(client, { ...owned, region: 'us-east-1' });
    expect(s3.commandCalls(CreateBucketCommand)[0]?.args[0].input).not.toHaveProperty('CreateBucketConfiguration');
  });

  it('is refused where another account has the name, whoever notices it', async () => {
    s3.on(HeadBucketCommand).rejects(answered(403, 'Forbidden'));
    await expect(claimBucket(client, owned)).rejects.toThrow(
      /somebody else than account 123456789012.+STATE_BUCKET_PREFIX/,
    );
    s3.on(HeadBucketCommand).rejects(answered(404, 'NotFound'));
    s3.on(CreateBucketCommand).rejects(answered(409, 'BucketAlreadyExists'));
    await expect(claimBucket(client, owned)).rejects.toThrow(/somebody else/);
  });

  it('is refused in another region than the primary one', async () => {
    s3.on(HeadBucketCommand).resolves({ BucketRegion: 'us-west-2' });
    await expect(claimBucket(client, owned)).rejects.toThrow(/is in us-west-2.+PRIMARY_REGION/);
  });

  it('passes on what it does not know', async () => {
    s3.on(HeadBucketCommand).rejects(answered(500, 'InternalError'));
    await expect(claimBucket(client, owned)).rejects.toThrow('InternalError');
  });
});
