import { DescribeTableCommand, DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { DeleteObjectsCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { heldStacks } from '#operator/destroy/held-stacks.ts';
import { awsStageData } from '#operator/destroy/stage-data.ts';
import { context } from '#tests/tools/operator/live/faked-live.ts';
import { memoryStateStore } from '#tests/tools/operator/state/memory-store.ts';

const dynamodb = mockClient(DynamoDBClient);
const s3 = mockClient(S3Client);
afterAll(() => {
  dynamodb.restore();
  s3.restore();
});
afterEach(() => {
  dynamodb.reset();
  s3.reset();
});

const prod = { ...context, stage: 'prod' };
const data = { id: 'prod-data', name: 'data', kind: 'data', resources: 1, tables: ['t'], buckets: [] };
const base = {
  ...data,
  id: 'prod-base-secondary',
  name: 'base-secondary',
  kind: 'base',
  regionType: 'secondary' as const,
  tables: [],
  buckets: ['two-region-api-prod-data-eu-west-1-1', 'two-region-api-prod-packages-eu-west-1-1'],
};
const held = { Versions: [{ Key: 'a', VersionId: '1' }], DeleteMarkers: [{ Key: 'b', VersionId: '2' }] };

describe('what a stage has, by its states', () => {
  it('counts resources and names tables and buckets; empty states are left out', async () => {
    const store = memoryStateStore({ regionType: 'primary', region: 'r', bucket: 'states', lockTable: 'l' });
    const put = (key: string, resources: readonly object[]) =>
      store.objects.set(key, new TextEncoder().encode(JSON.stringify({ version: 4, resources })));
    const resource = (mode: string, type: string, ...instances: readonly object[]) => ({
      mode,
      type,
      instances: instances.map((attributes) => ({ attributes })),
    });
    put('dev/dev-data.tfstate', [
      resource('managed', 'aws_dynamodb_table', { name: 'users' }),
      resource('data', 'aws_dynamodb_table', { name: 'of another team' }),
    ]);
    put('dev/dev-base-primary.tfstate', [resource('managed', 'aws_s3_bucket', { bucket: 'one' }, { bucket: 'two' })]);
    put('dev/dev-routing.tfstate', []);
    expect(await heldStacks(context, store)).toEqual([
      expect.objectContaining({
        name: 'base-primary',
        kind: 'base',
        regionType: 'primary',
        resources: 2,
        buckets: ['one', 'two'],
      }),
      expect.objectContaining({ name: 'data', kind: 'data', resources: 1, tables: ['users'] }),
    ]);
    store.objects.set('dev/dev-entry-primary.tfstate', new TextEncoder().encode('{'));
    await expect(heldStacks(context, store)).rejects.toThrow(/entry-primary.tfstate is no state of Terraform/);
    store.gone = 'bucket and table';
    await expect(heldStacks(context, store)).rejects.toThrow(/no bucket states/);
  });
});

describe('data that goes with a stage (B20)', () => {
  it('is protected where DynamoDB or the stage says so; packages are no data', async () => {
    dynamodb.on(DescribeTableCommand).resolvesOnce({ Table: { ItemCount: 7 } });
    dynamodb.on(DescribeTableCommand).resolves({ Table: { ItemCount: 6, DeletionProtectionEnabled: true } });
    s3.on(ListObjectVersionsCommand).resolves(held);
    const found = await awsStageData(prod).look([data, base]);
    expect(found.map(({ kind, count, isProtected }) => [kind, count, isProtected])).toEqual([
      ['table', expect.any(Number), true],
      ['bucket', 2, true],
      ['bucket', 2, false],
    ]);
    const dev = await awsStageData(context).look([base]);
    expect(dev.map(({ isProtected }) => isProtected)).toEqual([false, false]);
  });

  it('loses its protection in both regions, and buckets every version', async () => {
    dynamodb.on(DescribeTableCommand).resolves({ Table: { DeletionProtectionEnabled: true } });
    dynamodb.on(UpdateTableCommand).resolves({});
    s3.on(ListObjectVersionsCommand).resolvesOnce(held).resolves({});
    s3.on(DeleteObjectsCommand).resolves({});
    const table = { stack: 'data', kind: 'table' as const, name: 't', count: 1, isMore: false, isProtected: true };
    const bucket = {
      ...table,
      stack: 'base-secondary',
      kind: 'bucket' as const,
      name: 'b',
      regionType: 'secondary' as const,
    };
    await awsStageData(prod).letGo([table, bucket, { ...bucket, name: 'empty', count: 0 }]);
    const updates = dynamodb.commandCalls(UpdateTableCommand).map(({ args: [command] }) => command.input);
    expect(updates).toEqual([
      { TableName: 't', DeletionProtectionEnabled: false },
      { TableName: 't', DeletionProtectionEnabled: false },
    ]);
    const deletions = s3.commandCalls(DeleteObjectsCommand).map(({ args: [command] }) => command.input);
    expect(deletions).toEqual([
      {
        Bucket: 'b',
        Delete: {
          Objects: [
            { Key: 'a', VersionId: '1' },
            { Key: 'b', VersionId: '2' },
          ],
          Quiet: true,
        },
      },
    ]);
  });

  it('says which object S3 does not delete', async () => {
    s3.on(ListObjectVersionsCommand).resolves(held);
    s3.on(DeleteObjectsCommand).resolves({ Errors: [{ Key: 'a', Code: 'AccessDenied', Message: 'locked' }] });
    const bucket = {
      stack: 'base-primary',
      kind: 'bucket' as const,
      name: 'b',
      count: 1,
      isMore: false,
      isProtected: true,
    };
    await expect(awsStageData(prod).letGo([bucket])).rejects.toThrow('S3 does not delete a of b: AccessDenied locked');
  });
});
