import { IAMClient } from '@aws-sdk/client-iam';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import type { Setting } from '#operator/aws/setting.ts';
import { stateClients } from '#operator/aws/state-clients.ts';
import { isProtected, type RegionType, type StageContext } from '#stacks/context.ts';
import { stateReplicationRoleName } from '#stacks/naming.ts';
import { stateLocation } from '#stacks/terraform/state-location.ts';
import { bucketReplication, replicationOf } from './bucket-replication.ts';
import { bucketSettings } from './bucket-settings.ts';
import { claimLockTable, hasLockTable, lockTableSettings } from './lock-table.ts';
import { claimRole, hasRole, type Replication, roleSettings } from './replication-role.ts';
import { claimBucket, hasBucket, type OwnedBucket } from './state-bucket.ts';

/** Something that keeps a stage's state, or its locks, or copies it. */
export interface StorageResource {
  readonly kind: 'bucket' | 'replication' | 'role' | 'table';
  /** As AWS knows it. */
  readonly name: string;
  /** AWS region; `global` for what has none. */
  readonly region: string;
  /** Which region's loss takes it away; `undefined` for neither. */
  readonly regionType?: RegionType;
  /** Whether the account has it. @throws StateStorageError for one that belongs to somebody or something else */
  exists(): Promise<boolean>;
  /** Makes it unless the account has it. @returns whether it is new @throws as `exists` */
  claim(): Promise<boolean>;
  /** What it must be, in the order in which it is made so. */
  readonly settings: readonly Setting[];
}

/** Everything that keeps a stage's state, in the order in which it is made. @param account - id */
export function storageResources(context: StageContext, account: string): readonly StorageResource[] {
  const owned = (regionType: RegionType): OwnedBucket => {
    const { bucket, region } = stateLocation(context, regionType);
    return { bucket, account, region };
  };
  const replication: Replication = { from: owned('primary'), to: owned('secondary') };
  return [
    ...regionalResources(context, 'primary', replication.from),
    ...regionalResources(context, 'secondary', replication.to),
    ...replicationResources(context, replication),
  ];
}

function regionalResources(
  context: StageContext,
  regionType: RegionType,
  owned: OwnedBucket,
): readonly StorageResource[] {
  const { region, bucket, lockTable } = stateLocation(context, regionType);
  const { s3, dynamoDb } = stateClients(context, region);
  return [
    {
      kind: 'bucket',
      name: bucket,
      region,
      regionType,
      exists: () => hasBucket(s3, owned),
      claim: () => claimBucket(s3, owned),
      settings: bucketSettings(s3, owned),
    },
    {
      kind: 'table',
      name: lockTable,
      region,
      regionType,
      exists: () => hasLockTable(dynamoDb, lockTable),
      claim: () => claimLockTable(dynamoDb, lockTable),
      settings: lockTableSettings(dynamoDb, lockTable, { deletionProtection: isProtected(context.stage) }),
    },
  ];
}

function replicationResources(context: StageContext, replication: Replication): readonly StorageResource[] {
  const { from, to } = replication;
  const role = stateReplicationRoleName(context);
  // IAM is global; the region only names the partition.
  const iam = new IAMClient(clientSettings(accessOf(context), to.region));
  const { s3 } = stateClients(context, from.region);
  return [
    {
      kind: 'role',
      name: role,
      region: 'global',
      exists: () => hasRole(iam, role),
      claim: () => claimRole(iam, role, replication),
      settings: roleSettings(iam, role, replication),
    },
    {
      kind: 'replication',
      name: `${from.bucket} → ${to.bucket}`,
      region: from.region,
      regionType: 'primary',
      exists: async () => (await hasBucket(s3, from)) && (await replicationOf(s3, from)) !== undefined,
      // Its settings are what there is to be made.
      claim: async () => (await replicationOf(s3, from)) === undefined,
      settings: [bucketReplication(s3, role, replication)],
    },
  ];
}
