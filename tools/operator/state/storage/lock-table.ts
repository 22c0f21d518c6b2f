import {
  CreateTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  type TableDescription,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  type UpdateTableCommandInput,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { type Setting, unless } from '#operator/aws/setting.ts';
import { StateStorageError } from '#operator/cli/errors.ts';

const LONGEST_WAIT_SECONDS = 300;

/**
 * Makes the table that Terraform's S3 backend locks with, unless the account has it: partition key `LockID`, a string.
 *
 * Source: Terraform documentation, backend "s3", "DynamoDB State Locking".
 *
 * @returns whether it is new
 * @throws StateStorageError if there is a table of the name with another key
 */
export async function claimLockTable(dynamoDb: DynamoDBClient, table: string): Promise<boolean> {
  if (await hasLockTable(dynamoDb, table)) return false;
  await dynamoDb.send(
    new CreateTableCommand({
      TableName: table,
      AttributeDefinitions: [{ AttributeName: 'LockID', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'LockID', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await untilActive(dynamoDb, table);
  return true;
}

/** Whether the account has the table. @throws as {@link claimLockTable} */
export async function hasLockTable(dynamoDb: DynamoDBClient, table: string): Promise<boolean> {
  const found = await describe(dynamoDb, table);
  if (found !== undefined) requireLockKey(table, found);
  return found !== undefined;
}

/** What the lock table must be. @param deletionProtection - whether the stage's data must outlive a mistake */
export function lockTableSettings(
  dynamoDb: DynamoDBClient,
  table: string,
  { deletionProtection }: { readonly deletionProtection: boolean },
): readonly Setting[] {
  const update = async (change: Omit<UpdateTableCommandInput, 'TableName'>) => {
    await dynamoDb.send(new UpdateTableCommand({ TableName: table, ...change }));
    await untilActive(dynamoDb, table);
  };
  const onDemand: Setting = {
    name: 'on-demand capacity',
    isSet: async () => (await describe(dynamoDb, table))?.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST',
    set: () => update({ BillingMode: 'PAY_PER_REQUEST' }),
  };
  const pointInTimeRecovery: Setting = {
    name: 'point-in-time recovery',
    isSet: async () => {
      const { ContinuousBackupsDescription: backups } = await dynamoDb.send(
        new DescribeContinuousBackupsCommand({ TableName: table }),
      );
      return backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED';
    },
    set: async () => {
      const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
      await dynamoDb.send(new UpdateContinuousBackupsCommand({ TableName: table, PointInTimeRecoverySpecification }));
    },
  };
  const protection: Setting = {
    name: 'deletion protection',
    isSet: async () => (await describe(dynamoDb, table))?.DeletionProtectionEnabled === true,
    set: () => update({ DeletionProtectionEnabled: true }),
  };
  return [onDemand, pointInTimeRecovery, ...(deletionProtection ? [protection] : [])];
}

async function describe(dynamoDb: DynamoDBClient, table: string): Promise<TableDescription | undefined> {
  const answer = dynamoDb.send(new DescribeTableCommand({ TableName: table }));
  return (await unless(['ResourceNotFoundException'], answer))?.Table;
}

async function untilActive(dynamoDb: DynamoDBClient, table: string): Promise<void> {
  const waiting = { client: dynamoDb, maxWaitTime: LONGEST_WAIT_SECONDS, minDelay: 1, maxDelay: 5 };
  await waitUntilTableExists(waiting, { TableName: table });
}

function requireLockKey(table: string, { KeySchema = [], AttributeDefinitions = [] }: TableDescription): void {
  const keys = KeySchema.map(({ AttributeName }) => {
    const type = AttributeDefinitions.find((attribute) => attribute.AttributeName === AttributeName)?.AttributeType;
    return `${AttributeName} (${type})`;
  });
  if (keys.join() === 'LockID (S)') return;
  throw new StateStorageError(
    `The table ${table} has the key ${keys.join(', ')}; Terraform locks with LockID (S). It belongs to something else: ` +
      'choose another LOCK_TABLE_PREFIX in settings.conf.',
  );
}
