import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { awsStateStore } from '#operator/state/aws-state-store.ts';
import { askAccount } from '#operator/state/storage/inspect-storage.ts';
import { stateLocation } from '#stacks/terraform/state-location.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';

const s3 = mockClient(S3Client);
const dynamoDb = mockClient(DynamoDBClient);
afterAll(() => {
  s3.restore();
  dynamoDb.restore();
});
const store = awsStateStore(
  { s3: new S3Client({}), dynamoDb: new DynamoDBClient({}) },
  stateLocation(context, 'secondary'),
  'dev/',
);
const named = (name: string) => Object.assign(new Error(name), { name });
const KEY = 'dev/dev-data.tfstate';
const LOCK = 'two-region-api-state-dev-replica/dev/dev-data.tfstate';

beforeEach(() => {
  s3.reset();
  dynamoDb.reset();
});

describe("states as Terraform's S3 backend keeps them (B10)", () => {
  it("are the stage's objects, over all pages", async () => {
    s3.on(ListObjectsV2Command)
      .resolvesOnce({
        Contents: [{ Key: KEY }, { Key: 'dev/notes.txt' }],
        IsTruncated: true,
        NextContinuationToken: '2',
      })
      .resolves({ Contents: [{ Key: 'dev/dev-api-primary.tfstate' }] });
    expect(await store.keys()).toEqual(['dev/dev-api-primary.tfstate', KEY]);
    expect(s3.commandCalls(ListObjectsV2Command)[0]?.args[0].input).toMatchObject({
      Bucket: 'two-region-api-state-dev-replica',
      Prefix: 'dev/',
    });
  });

  it('have digests and locks in the table, of this stage and bucket only, over all pages', async () => {
    const Info = JSON.stringify({
      ID: '7',
      Who: 'a@b',
      Operation: 'OperationTypeApply',
      Created: '2026-03-01T12:00:00Z',
    });
    dynamoDb.on(ScanCommand).resolvesOnce({
      Items: [
        { LockID: { S: LOCK }, Info: { S: Info } },
        { LockID: { S: 'two-region-api-state-dev/dev/dev-data.tfstate-md5' }, Digest: { S: 'other' } },
      ],
      LastEvaluatedKey: { LockID: { S: LOCK } },
    });
    dynamoDb.on(ScanCommand, { ExclusiveStartKey: { LockID: { S: LOCK } } }).resolves({
      Items: [{ LockID: { S: `${LOCK}-md5` }, Digest: { S: 'd41d8' } }],
    });
    expect(await store.lockItems()).toEqual({
      digests: new Map([[KEY, 'd41d8']]),
      locks: new Map([[KEY, { id: '7', who: 'a@b', operation: 'OperationTypeApply', since: '2026-03-01T12:00:00Z' }]]),
    });
  });

  it('are absent where bucket or table are; any other refusal is passed on', async () => {
    s3.on(ListObjectsV2Command).rejects(named('NoSuchBucket'));
    dynamoDb.on(ScanCommand).rejects(named('ResourceNotFoundException'));
    expect([await store.keys(), await store.lockItems()]).toEqual([undefined, undefined]);
    s3.on(ListObjectsV2Command).rejects(named('AccessDenied'));
    await expect(store.keys()).rejects.toThrow('AccessDenied');
  });

  it('are written encrypted, where asked only if there is none, with the digest where Terraform looks for it', async () => {
    s3.on(PutObjectCommand).resolvesOnce({}).rejects(named('PreconditionFailed'));
    dynamoDb.on(PutItemCommand).resolves({});
    await store.write(KEY, new Uint8Array());
    await store.writeIfAbsent(KEY, new Uint8Array());
    await store.writeDigest(KEY, 'd41d8');
    const [written, absent] = s3.commandCalls(PutObjectCommand).map(({ args }) => args[0].input);
    expect(written).toMatchObject({ ServerSideEncryption: 'AES256' });
    expect([written?.IfNoneMatch, absent?.IfNoneMatch]).toEqual([undefined, '*']);
    expect(dynamoDb.commandCalls(PutItemCommand)[0]?.args[0].input).toEqual({
      TableName: 'two-region-api-locks-dev',
      Item: { LockID: { S: `${LOCK}-md5` }, Digest: { S: 'd41d8' } },
    });
  });
});

describe('the account of a stage', () => {
  const sts = mockClient(STSClient);
  afterAll(() => sts.restore());

  it('is asked of the other region when one does not answer, and not when it refuses', async () => {
    sts.on(GetCallerIdentityCommand).rejectsOnce(named('TimeoutError')).resolves({ Account: '123456789012' });
    expect(await askAccount(context, 'eu-central-1', 'eu-west-1')).toBe('123456789012');
    sts.reset();
    sts.on(GetCallerIdentityCommand).rejects(named('ExpiredToken'));
    await expect(askAccount(context, 'eu-central-1', 'eu-west-1')).rejects.toThrow('ExpiredToken');
    expect(sts.commandCalls(GetCallerIdentityCommand)).toHaveLength(1);
  });
});
