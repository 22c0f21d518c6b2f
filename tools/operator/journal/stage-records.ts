import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { unless } from '#operator/aws/setting.ts';
import { stateClients } from '#operator/aws/state-clients.ts';
import { dynamoDbLockStore } from '#operator/lock/dynamodb-lock-store.ts';
import { thisCommand, underLocks } from '#operator/lock/hold-lock.ts';
import type { LockStore } from '#operator/lock/lock-store.ts';
import { type CatchUpStore, catchUpStore } from '#operator/regions/catch-up.ts';
import { regionsLeft } from '#operator/regions/left-region.ts';
import { ofRegion } from '#operator/regions/region-gone.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';
import {
  liveStateLocation,
  type StateLocation,
  stateKeyPrefix,
  stateLocation,
} from '#stacks/terraform/state-location.ts';
import { EMPTY_JOURNAL, type JournalStore, parseJournal } from './switch-journal.ts';

/** What keeps a stage's switches apart from each other, and what they did. */
export interface SwitchRecords {
  readonly journal: JournalStore;
  /** All of them are held while something is changed. */
  readonly locks: readonly LockStore[];
  readonly catchUp: CatchUpStore;
}

/**
 * Where a stage's switches are recorded and excluded from each other. The journal is beside the state. Each region has a lock of its own, in its
 * own lock table: of two operators who each reach but one region, neither can change anything in the other's.
 *
 * @param without - region that is lost: nothing is asked of it. @default - none
 */
export function awsSwitchRecords(context: StageContext, without?: RegionType): SwitchRecords {
  return {
    journal: ofItsRegion(context, awsJournal(context, liveStateLocation(context))),
    locks: regionsLeft(without).map((regionType) => regionLock(context, regionType)),
    catchUp: awsCatchUp(context),
  };
}

function ofItsRegion(context: StageContext, journal: JournalStore): JournalStore {
  const { regionType } = liveStateLocation(context);
  return {
    read: () => ofRegion(context, regionType, journal.read),
    write: (document) => ofRegion(context, regionType, () => journal.write(document)),
  };
}

function regionLock(context: StageContext, regionType: RegionType): LockStore {
  const { region, lockTable: table } = stateLocation(context, regionType);
  const { dynamoDb } = stateClients(context, region);
  const lockId = `${stateKeyPrefix(context)}switch`;
  const store = dynamoDbLockStore(dynamoDb, { table, lockId, stage: context.stage });
  return {
    read: () => ofRegion(context, regionType, store.read),
    replace: (expected, next) => ofRegion(context, regionType, () => store.replace(expected, next)),
  };
}

/** What a region that was left out has to catch up on, beside the other region's state. */
export function awsCatchUp(context: StageContext): CatchUpStore {
  const store = catchUpStore({
    read: (keeping, name) => documentIn(context, keeping, name).read(),
    write: (keeping, name, document) => documentIn(context, keeping, name).write(document),
  });
  return { ...store, hasStates: true };
}

/** A JSON document that a command keeps beside the state. */
interface KeptBesideState {
  /** @returns undefined where there is none, or no state yet */
  readonly read: () => Promise<unknown>;
  readonly write: (document: unknown) => Promise<void>;
}

/** A document of a stage where its state is. Nothing is asked yet. @param name - without `.json` */
export function awsDocument(context: StageContext, name: string): KeptBesideState {
  return documentIn(context, liveStateLocation(context).regionType, name);
}

function documentIn(context: StageContext, keeping: RegionType, name: string): KeptBesideState {
  const { region, bucket: Bucket } = stateLocation(context, keeping);
  const { s3 } = stateClients(context, region);
  const Key = `${stateKeyPrefix(context)}${name}.json`;
  return {
    read: async () => {
      const text = await unless(['NoSuchBucket'], readText(s3, Bucket, Key));
      return text === undefined ? undefined : JSON.parse(text);
    },
    write: async (document) => {
      const Body = JSON.stringify(document, null, 2);
      await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'application/json' }));
    },
  };
}

/** The journal as one region's bucket has it. */
export function awsJournal(context: StageContext, { region, bucket }: StateLocation): JournalStore {
  return s3JournalStore(stateClients(context, region).s3, bucket, `${stateKeyPrefix(context)}switch-journal.json`);
}

/**
 * Works on a stage while no other command may move its target: whoever applies a stack passes on the target that it read before.
 *
 * @param without - region that is lost: its lock is not asked for. @default - none
 * @throws RefusedError, naming who is at work and until when; StateStorageError where the lock table is missing; RegionGoneError
 */
export function underStageLock<T>(context: StageContext, work: () => Promise<T>, without?: RegionType): Promise<T> {
  return underLocks(awsSwitchRecords(context, without).locks, { owner: thisCommand() }, work);
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
