import { type DynamoDBClient, PutItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod/mini';
import { unless } from '#operator/aws/setting.ts';
import { type StateClients, stateClients } from '#operator/aws/state-clients.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';
import { type StateLocation, stateKeyPrefix, stateLocation } from '#stacks/terraform/state-location.ts';
import type { LockItems, StateLock, StateStore, StateStores } from './state-store.ts';

/** What the S3 backend appends to a lock's key for the state's digest. */
const DIGEST_SUFFIX = '-md5';

/** Source: Terraform, type `LockInfo` of `internal/states/statemgr`, as JSON in the attribute `Info`. */
const lockInfo = z.object({ ID: z.string(), Who: z.string(), Operation: z.string(), Created: z.optional(z.string()) });

/** The stage's states in both regions. Nothing is asked yet. */
export function awsStateStores(context: StageContext): StateStores {
  const store = (regionType: RegionType) => {
    const location = stateLocation(context, regionType);
    return awsStateStore(stateClients(context, location.region), location, stateKeyPrefix(context));
  };
  return { primary: store('primary'), secondary: store('secondary') };
}

/**
 * States where Terraform's S3 backend keeps them: objects in a bucket; per state an item `<bucket>/<key>` while it is locked and an item
 * `<bucket>/<key>-md5` with its digest.
 *
 * Source: Terraform documentation, backend "s3", "DynamoDB State Locking"; `internal/backend/remote-state/s3/client.go`.
 *
 * @param prefix - of the stage's keys: `dev/`
 */
export function awsStateStore({ s3, dynamoDb }: StateClients, location: StateLocation, prefix: string): StateStore {
  const { bucket, lockTable } = location;
  const put = (key: string, body: Uint8Array, IfNoneMatch?: '*') =>
    s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: body,
        ContentType: 'application/json',
        // As the backend does with `encrypt`.
        ServerSideEncryption: 'AES256',
        ...(IfNoneMatch && { IfNoneMatch }),
      }),
    );
  return {
    location,
    keys: () => unless(['NoSuchBucket'], stateKeys(s3, bucket, prefix)),
    read: async (key) => {
      const { Body, LastModified, ReplicationStatus } = await s3.send(
        new GetObjectCommand({ Bucket: bucket, Key: key }),
      );
      return {
        body: (await Body?.transformToByteArray()) ?? new Uint8Array(),
        modified: LastModified ?? new Date(0),
        ...(ReplicationStatus !== undefined && { replication: ReplicationStatus }),
      };
    },
    write: async (key, body) => {
      await put(key, body);
    },
    writeIfAbsent: async (key, body) => {
      await unless(['PreconditionFailed'], put(key, body, '*'));
    },
    lockItems: () => unless(['ResourceNotFoundException'], readLockItems(dynamoDb, location, prefix)),
    writeDigest: async (key, digest) => {
      const Item = { LockID: { S: `${bucket}/${key}${DIGEST_SUFFIX}` }, Digest: { S: digest } };
      await dynamoDb.send(new PutItemCommand({ TableName: lockTable, Item }));
    },
  };
}

async function stateKeys(client: S3Client, Bucket: string, Prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix })) {
    keys.push(...Contents.flatMap(({ Key }) => (Key?.endsWith('.tfstate') ? [Key] : [])));
  }
  return keys.sort();
}

async function readLockItems(
  client: DynamoDBClient,
  { bucket, lockTable }: StateLocation,
  prefix: string,
): Promise<LockItems> {
  const digests = new Map<string, string>();
  const locks = new Map<string, StateLock>();
  for await (const { Items = [] } of paginateScan({ client }, { TableName: lockTable, ConsistentRead: true })) {
    for (const { LockID, Digest, Info } of Items) {
      const id = LockID?.S ?? '';
      if (!id.startsWith(`${bucket}/${prefix}`)) continue;
      const key = id.slice(bucket.length + 1);
      if (Digest?.S !== undefined && key.endsWith(DIGEST_SUFFIX)) {
        digests.set(key.slice(0, -DIGEST_SUFFIX.length), Digest.S);
      } else if (Info?.S !== undefined) {
        locks.set(key, readLock(Info.S));
      }
    }
  }
  return { digests, locks };
}

function readLock(info: string): StateLock {
  const {
    ID: id,
    Who: who,
    Operation: operation,
    Created: since = 'an unknown time',
  } = lockInfo.parse(JSON.parse(info));
  return { id, who, operation, since };
}
