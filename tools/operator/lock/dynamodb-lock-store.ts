import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { StateStorageError } from '#operator/cli/errors.ts';
import { isSameLock, type LockRecord, type LockStore } from './lock-store.ts';

const text = z.object({ S: z.string() });

const itemSchema = z.object({
  Token: text,
  User: text,
  Host: text,
  Pid: z.object({ N: z.string() }),
  Begun: text,
  Expires: text,
});

type Item = Record<string, AttributeValue>;

/** Where a lock is kept: an item of the table that Terraform's state is locked with. */
export interface LockPlace {
  readonly table: string;
  /** Value of the table's partition key. Terraform's own locks are called `<bucket>/<state>`. */
  readonly lockId: string;
  /** For remedies. */
  readonly stage: string;
}

/**
 * A lock in DynamoDB; every write carries the condition that the item is as it was read.
 *
 * Source: Amazon DynamoDB Developer Guide, "DynamoDB condition expression CLI example", and Java "Optimistic locking with version number".
 */
export function dynamoDbLockStore(dynamoDb: DynamoDBClient, { table, lockId, stage }: LockPlace): LockStore {
  const TableName = table;
  const Key = { LockID: { S: lockId } };
  const read = async () => {
    const { Item } = await explaining(
      stage,
      dynamoDb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true })),
    );
    return Item === undefined ? undefined : recordOf(Item);
  };
  return {
    read,
    replace: async (expected, next) => {
      const condition = conditionFor(expected);
      const written =
        next === undefined
          ? dynamoDb.send(new DeleteItemCommand({ TableName, Key, ...condition }))
          : dynamoDb.send(new PutItemCommand({ TableName, Item: { ...Key, ...itemOf(next) }, ...condition }));
      try {
        await explaining(stage, written);
        return true;
      } catch (error) {
        if (!(error instanceof Error) || error.name !== 'ConditionalCheckFailedException') throw error;
        // An answer that was lost makes the SDK write again, and then the first write is what is in the way.
        return isSameLock(await read(), next);
      }
    },
  };
}

function conditionFor(expected: LockRecord | undefined) {
  if (expected === undefined) return { ConditionExpression: 'attribute_not_exists(LockID)' };
  return {
    ConditionExpression: '#token = :token AND #expires = :expires',
    ExpressionAttributeNames: { '#token': 'Token', '#expires': 'Expires' },
    ExpressionAttributeValues: { ':token': { S: expected.token }, ':expires': { S: expected.expires } },
  };
}

function itemOf({ token, user, host, pid, begun, expires }: LockRecord): Item {
  return {
    Token: { S: token },
    User: { S: user },
    Host: { S: host },
    Pid: { N: String(pid) },
    Begun: { S: begun },
    Expires: { S: expires },
  };
}

function recordOf(item: Item): LockRecord {
  const { Token, User, Host, Pid, Begun, Expires } = itemSchema.parse(item);
  return { token: Token.S, user: User.S, host: Host.S, pid: Number(Pid.N), begun: Begun.S, expires: Expires.S };
}

async function explaining<T>(stage: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name !== 'ResourceNotFoundException') throw cause;
    throw new StateStorageError(`The stage's lock table is not there. Make it first: two-region bootstrap ${stage}`, {
      cause,
    });
  }
}
