import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { stateClients } from '#operator/aws/state-clients.ts';
import { dynamoDbLockStore } from '#operator/lock/dynamodb-lock-store.ts';
import { thisCommand, underLock } from '#operator/lock/hold-lock.ts';
import type { LockStore } from '#operator/lock/lock-store.ts';
import type { StageContext } from '#stacks/context.ts';
import { liveStateLocation, type StateLocation, stateKeyPrefix } from '#stacks/terraform/state-location.ts';
import { EMPTY_JOURNAL, type JournalStore, parseJournal } from './switch-journal.ts';

/** What keeps a stage's switches apart from each other, and what they did. */
export interface SwitchRecords {
  readonly journal: JournalStore;
  readonly lock: LockStore;
}

/** Where a stage's switches are recorded and excluded from each other: in the bucket and the lock table of its state. */
export function awsSwitchRecords(context: StageContext): SwitchRecords {
  const { stage } = context;
  const live = liveStateLocation(context);
  const { dynamoDb } = stateClients(context, live.region);
  return {
    journal: awsJournal(context, live),
    lock: dynamoDbLockStore(dynamoDb, { table: live.lockTable, lockId: `${stateKeyPrefix(context)}switch`, stage }),
  };
}

/** The journal as one region's bucket has it. */
export function awsJournal(context: StageContext, { region, bucket }: StateLocation): JournalStore {
  return s3JournalStore(stateClients(context, region).s3, bucket, `${stateKeyPrefix(context)}switch-journal.json`);
}

/**
 * Works on a stage while no other command may move its target: whoever applies a stack passes on the target that it read before.
 *
 * @throws RefusedError, naming who is at work and until when; StateStorageError where the lock table is missing
 */
export function underStageLock<T>(context: StageContext, work: () => Promise<T>): Promise<T> {
  return underLock(awsSwitchRecords(context).lock, { owner: thisCommand() }, work);
}

/** A journal beside the state, in a bucket that keeps every version of it. */
export function s3JournalStore(s3: S3Client, Bucket: string, Key: string): JournalStore {
  return {
    read: async () => {
      const text = await readText(s3, Bucket, Key);
      return text === undefined ? EMPTY_JOURNAL : parseJournal(text, `s3://${Bucket}/${Key}`);
    },
    write: async (journal) => {
      const Body = JSON.stringify(journal, null, 2);
      await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/json' }));
    },
  };
}

async function readText(s3: S3Client, Bucket: string, Key: string): Promise<string | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return await Body?.transformToString();
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}
