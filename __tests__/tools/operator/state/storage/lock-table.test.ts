import {
  CreateTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type TableDescription,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureSettings } from '#operator/aws/setting.ts';
import { claimLockTable, lockTableSettings } from '#operator/state/storage/lock-table.ts';

const dynamoDb = mockClient(DynamoDBClient);
afterAll(() => dynamoDb.restore());
const client = new DynamoDBClient({});
const named = (name: string) => Object.assign(new Error(name), { name });
const locks: TableDescription = {
  TableStatus: 'ACTIVE',
  KeySchema: [{ AttributeName: 'LockID', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'LockID', AttributeType: 'S' }],
};

beforeEach(() => {
  dynamoDb.reset();
  dynamoDb.on(DescribeTableCommand).resolves({ Table: locks });
  dynamoDb.on(DescribeContinuousBackupsCommand).resolves({});
  dynamoDb.onAnyCommand().resolves({});
  dynamoDb.on(DescribeTableCommand).resolves({ Table: locks });
});

describe("the state's lock table (S0.4)", () => {
  it('is made with the key that Terraform locks with, on demand', async () => {
    dynamoDb.on(DescribeTableCommand).rejectsOnce(named('ResourceNotFoundException')).resolves({ Table: locks });
    expect(await claimLockTable(client, 'locks-dev')).toBe(true);
    expect(dynamoDb.commandCalls(CreateTableCommand)[0]?.args[0].input).toMatchObject({
      KeySchema: [{ AttributeName: 'LockID', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    });
  });

  it('is left where it exists, and refused where the table has another key', async () => {
    expect(await claimLockTable(client, 'locks-dev')).toBe(false);
    const AttributeDefinitions = [{ AttributeName: 'LockID', AttributeType: 'N' as const }];
    dynamoDb.on(DescribeTableCommand).resolves({ Table: { ...locks, AttributeDefinitions } });
    await expect(claimLockTable(client, 'locks-dev')).rejects.toThrow(/LockID \(N\).+LOCK_TABLE_PREFIX/);
    expect(dynamoDb.commandCalls(CreateTableCommand)).toHaveLength(0);
  });

  it('gets point-in-time recovery in every stage, deletion protection where data must outlive a mistake', async () => {
    const names = (deletionProtection: boolean) =>
      lockTableSettings(client, 'locks', { deletionProtection }).map(({ name }) => name);
    expect(names(false)).toEqual(['on-demand capacity', 'point-in-time recovery']);
    expect(names(true)).toContain('deletion protection');
    const settings = lockTableSettings(client, 'locks', { deletionProtection: true });
    const findings = await ensureSettings(false, settings);
    expect(findings.every(({ outcome }) => outcome === 'repaired')).toBe(true);
    expect(dynamoDb.commandCalls(UpdateTableCommand).map(({ args }) => args[0].input)).toContainEqual({
      TableName: 'locks',
      DeletionProtectionEnabled: true,
    });
    expect(dynamoDb.commandCalls(UpdateContinuousBackupsCommand)).toHaveLength(1);
  });
});
