import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetBucketEncryptionCommand, GetBucketReplicationCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inRegion, otherRegion, type RegionType } from '#stacks/context.ts';
import { bucketName, DATA_BUCKET, prefix, ROUTE_BUCKET, tableName } from '#stacks/naming.ts';
import { type StageOnMoto, stageOnMoto } from './operator/stage-on-moto.ts';
import { clientSettings } from './support/account.ts';

const ACCOUNT = '123456789012';
const LONG = 1_200_000;
const ALL = '"tables" "buckets" "logs" "functions"';

let stage: StageOnMoto;
beforeAll(async () => {
  stage = await stageOnMoto({ deployedBefore: true });
});
afterAll(() => stage?.close());

async function set(values: Readonly<Record<string, string>>): Promise<void> {
  const file = join(stage.directory, 'settings.conf');
  let text = await readFile(file, 'utf8');
  for (const [key, value] of Object.entries(values)) {
    text = text.replace(new RegExp(`^${key}=.*$`, 'm'), `${key}=${value}`);
  }
  await writeFile(file, text);
}

async function deploy(...args: readonly string[]) {
  const { exitCode, stdout } = await stage.run('deploy', stage.context.stage, ...args, '--yes', '--json');
  const { error, stacks = [] } = JSON.parse(stdout);
  const outcomes: [string, string, string][] = stacks.map(
    (each: { stack: string; outcome: string; problem?: string }) => [each.stack, each.outcome, each.problem ?? ''],
  );
  return { exitCode, error, stacks: outcomes };
}

const settingsOf = (regionType: RegionType) => clientSettings(stage.moto, inRegion(stage.context, regionType).region);
const bucketIn = (regionType: RegionType, name = DATA_BUCKET) =>
  bucketName(inRegion(stage.context, regionType), name, ACCOUNT);
const keyIn = (regionType: RegionType) =>
  expect.stringMatching(
    new RegExp(`^arn:aws:kms:${inRegion(stage.context, regionType).region}:${ACCOUNT}:key/[0-9a-f-]{36}$`),
  );

async function bucketEncryption(regionType: RegionType, name?: string) {
  const s3 = new S3Client({ ...settingsOf(regionType), forcePathStyle: true });
  const command = new GetBucketEncryptionCommand({ Bucket: bucketIn(regionType, name) });
  const found = await s3.send(command).catch((error: Error) => error.name);
  return typeof found === 'string' ? found : found.ServerSideEncryptionConfiguration?.Rules?.[0];
}

const REGION_TYPES = ['primary', 'secondary'] as const;

describe.runIf(process.env.TERRAFORM_SCENARIOS === 'all').sequential("keys of one's own, on moto (S3.8)", () => {
  it('a first deploy encrypts everything of a region with a key that is there', { timeout: LONG }, async () => {
    await set({ OWN_KEYS: `( ${ALL} )`, OBJECT_REPLICATION: '"two-way"' });
    const { exitCode, error } = await deploy('--stack', 'data', 'api');
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: undefined });
    for (const regionType of REGION_TYPES) {
      const key = keyIn(regionType);
      expect(await bucketEncryption(regionType)).toMatchObject({
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key },
        BucketKeyEnabled: true,
      });
      // Whoever reads it signs nothing.
      expect(await bucketEncryption(regionType, ROUTE_BUCKET)).not.toMatchObject({ BucketKeyEnabled: true });
      const logs = new CloudWatchLogsClient(settingsOf(regionType));
      const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({}));
      const own = logGroups.filter(({ logGroupName }) => logGroupName?.includes(prefix(stage.context)));
      expect(own.length).toBeGreaterThan(5);
      expect(own.map(({ kmsKeyId }) => kmsKeyId)).toEqual(own.map(() => key));
    }
    const dynamodb = new DynamoDBClient(settingsOf('primary'));
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName: tableName(stage.context, 'user') }));
    expect(Table?.SSEDescription).toMatchObject({
      Status: 'ENABLED',
      SSEType: 'KMS',
      KMSMasterKeyArn: keyIn('primary'),
    });
  });

  it('objects are copied from the key of one region to the key of the other', { timeout: LONG }, async () => {
    for (const regionType of REGION_TYPES) {
      const s3 = new S3Client({ ...settingsOf(regionType), forcePathStyle: true });
      const { ReplicationConfiguration } = await s3.send(
        new GetBucketReplicationCommand({ Bucket: bucketIn(regionType) }),
      );
      expect(ReplicationConfiguration?.Rules).toMatchObject([
        {
          SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
          Destination: { EncryptionConfiguration: { ReplicaKmsKeyID: keyIn(otherRegion(regionType)) } },
        },
      ]);
    }
  });

  it('a second plan is empty', { timeout: LONG }, async () => {
    const { exitCode, stdout } = await stage.run('diff', stage.context.stage, 'data', 'base', 'api', '--json');
    const { stacks } = JSON.parse(stdout);
    const outcomes = stacks.map((each: { stack: string; outcome: string }) => `${each.stack} ${each.outcome}`);
    expect(outcomes).toEqual(outcomes.map((text: string) => text.replace(/ \w+$/, ' none')));
    expect(exitCode).toBe(0);
  });

  it('all taken back at once would take the keys of what is stored: refused', { timeout: LONG }, async () => {
    await set({ OWN_KEYS: '()', OBJECT_REPLICATION: '"none"' });
    const { exitCode, stacks } = await deploy('--only', 'data');
    expect(exitCode).toBe(4);
    expect(stacks).toEqual([
      ['data', 'failed', expect.stringMatching(/data would be lost:\n {2}destroy aws_kms_key\./)],
    ]);
  });
});
