import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DynamoDbService, startDynamoDb } from '#local/dynamodb/dynamodb.ts';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import type { HttpService } from '#local/http/listen.ts';
import { startS3 } from '#local/s3/s3.ts';
import { s3JournalStore } from '#operator/journal/stage-records.ts';
import { EMPTY_JOURNAL } from '#operator/journal/switch-journal.ts';
import { dynamoDbLockStore } from '#operator/lock/dynamodb-lock-store.ts';
import { underLock } from '#operator/lock/hold-lock.ts';
import type { LockRecord } from '#operator/lock/lock-store.ts';
import { clientSettings, recordingAuthorize } from '#tests/tools/local/aws-endpoint/authorize-stubs.ts';

// The local runtime's own services: they keep S3's and DynamoDB's rules, conditions among them.
let dynamoDbService: DynamoDbService;
let s3Service: HttpService;
let dynamoDb: DynamoDBClient;
let s3: S3Client;

beforeAll(async () => {
  const { authorize } = recordingAuthorize();
  const name = 'locks-dev';
  const table = {
    name,
    arn: `arn:aws:dynamodb:eu-central-1:123456789012:table/${name}`,
    hashKey: 'LockID',
    attributes: [{ name: 'LockID', type: 'S' as const }],
    global: false,
  };
  const shared = { region: 'eu-central-1', authorize };
  dynamoDbService = await startDynamoDb({ ...shared, tables: [table], log: new RuntimeLog() });
  s3Service = await startS3({ ...shared, buckets: [{ name: 'state-dev', versioned: true }] });
  dynamoDb = new DynamoDBClient(clientSettings(dynamoDbService.url));
  s3 = new S3Client(clientSettings(s3Service.url));
});

afterAll(async () => {
  dynamoDb.destroy();
  s3.destroy();
  await Promise.all([dynamoDbService.close(), s3Service.close()]);
});

describe('the lock in DynamoDB (B3)', () => {
  const store = (lockId: string, table = 'locks-dev') => dynamoDbLockStore(dynamoDb, { table, lockId, stage: 'dev' });
  const record: LockRecord = {
    token: 'a',
    user: 'ada',
    host: 'here',
    pid: 1,
    begun: '2026-01-01T12:00:00.000Z',
    expires: '2026-01-01T12:15:00.000Z',
  };

  it('is put where there is none, changed and deleted only as it was read', async () => {
    const lock = store('dev/one');
    expect(await lock.read()).toBeUndefined();
    expect(await lock.replace(undefined, record)).toBe(true);
    expect(await lock.read()).toEqual(record);
    const other = { ...record, token: 'b' };
    expect(await lock.replace(undefined, other)).toBe(false);
    expect(await lock.replace({ ...record, token: 'c' }, other)).toBe(false);
    expect(await lock.replace({ ...record, expires: record.begun }, undefined)).toBe(false);
    expect(await lock.replace(record, { ...record, expires: '2026-01-01T12:20:00.000Z' })).toBe(true);
    expect(await lock.replace(record, undefined)).toBe(false);
    expect(await lock.replace({ ...record, expires: '2026-01-01T12:20:00.000Z' }, undefined)).toBe(true);
    expect(await lock.read()).toBeUndefined();
  });

  it('is held by whoever put it there, also when the answer was lost and the SDK wrote it again', async () => {
    const lock = store('dev/twice');
    const later = { ...record, expires: '2026-01-01T12:20:00.000Z' };
    expect([await lock.replace(undefined, record), await lock.replace(undefined, record)]).toEqual([true, true]);
    expect([await lock.replace(record, later), await lock.replace(record, later)]).toEqual([true, true]);
    expect([await lock.replace(later, undefined), await lock.replace(later, undefined)]).toEqual([true, true]);
  });

  it('goes to one of many that want it in the same moment', async () => {
    const lock = store('dev/many');
    const tokens = ['a', 'b', 'c', 'd', 'e'];
    const won = await Promise.all(tokens.map((token) => lock.replace(undefined, { ...record, token })));
    expect(won.filter(Boolean)).toHaveLength(1);
  });

  it('excludes a second command until the first has ended', async () => {
    const command = (pid: number, work: () => Promise<unknown>) =>
      underLock(store('dev/commands'), { owner: { user: 'ada', host: 'here', pid }, isGone: () => false }, work);
    await command(1, async () => {
      await expect(command(2, async () => undefined)).rejects.toThrow(/ada@here \(process 1\)/);
    });
    expect(await command(2, async () => 'in')).toBe('in');
  });

  it('says how to make the table where there is none', async () => {
    await expect(store('dev/one', 'no-table').read()).rejects.toThrow('two-region bootstrap dev');
  });
});

describe('the journal in S3 (B3)', () => {
  it('is empty at first, then what was written last', async () => {
    const journal = s3JournalStore(s3, 'state-dev', 'dev/switch-journal.json');
    expect(await journal.read()).toEqual(EMPTY_JOURNAL);
    const begun = '2026-01-01T12:00:00.000Z';
    const record = { id: '1', kind: 'switch', from: 'a', to: 'b', hashes: {}, who: 'ada@here', begun } as const;
    const written = { version: 1, switches: [{ ...record, outcome: 'begun', steps: [] }] } as const;
    await journal.write(written);
    expect(await journal.read()).toEqual(written);
  });

  it('names the object when it is spoilt', async () => {
    await s3.send(new PutObjectCommand({ Bucket: 'state-dev', Key: 'dev/spoilt', Body: '{}' }));
    await expect(s3JournalStore(s3, 'state-dev', 'dev/spoilt').read()).rejects.toThrow('s3://state-dev/dev/spoilt');
  });

  it('does not take a bucket that is not there for an empty journal', async () => {
    await expect(s3JournalStore(s3, 'no-bucket', 'dev/switch-journal.json').read()).rejects.toThrow();
  });
});
