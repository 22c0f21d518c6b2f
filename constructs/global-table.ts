import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { Construct } from 'constructs';
import type { TableDeclaration, TableKeys } from '#functions/environment.ts';

export interface GlobalTableProps extends TableDeclaration {
  readonly tableName: string;
  /** Region of the replica; the table itself is in the provider's. */
  readonly replicaRegion: string;
  /** Refuses to delete the table while set. */
  readonly deletionProtection: boolean;
  /** ARNs of keys of the account's own, each of the region whose copy it encrypts. @default - the account's key of DynamoDB */
  readonly keyArns?: Readonly<Record<'replica' | 'table', string>>;
}

/**
 * A DynamoDB global table of two regions: on-demand, encrypted with the account's DynamoDB key or one of its own per
 * region, streams (replication needs new and old
 * images) and point-in-time recovery on both sides. The replica is declared here, by its owner: declared elsewhere, each apply of this
 * table would remove it.
 *
 * Source: Amazon DynamoDB Developer Guide, "Global tables: how it works" (version 2019.11.21).
 */
export class GlobalTable extends Construct {
  readonly tableName: string;

  constructor(scope: Construct, id: string, props: GlobalTableProps) {
    super(scope, id);
    const { keyArns } = props;
    const indexes = Object.entries(props.indexes ?? {});
    const attributes = new Set([props, ...indexes.map(([, keys]) => keys)].flatMap(attributesOf));
    const table = new DynamodbTable(this, 'table', {
      name: props.tableName,
      billingMode: 'PAY_PER_REQUEST',
      hashKey: props.partitionKey,
      rangeKey: props.sortKey,
      attribute: [...attributes].map((name) => ({ name, type: 'S' })),
      ...(indexes.length > 0 && { globalSecondaryIndex: indexes.map(([name, keys]) => globalIndex(name, keys)) }),
      streamEnabled: true,
      streamViewType: 'NEW_AND_OLD_IMAGES',
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true, ...(keyArns && { kmsKeyArn: keyArns.table }) },
      deletionProtectionEnabled: props.deletionProtection,
      replica: [
        {
          regionName: props.replicaRegion,
          pointInTimeRecovery: true,
          propagateTags: true,
          ...(keyArns && { kmsKeyArn: keyArns.replica }),
        },
      ],
    });
    this.tableName = table.name;
  }
}

function attributesOf({ partitionKey, sortKey }: TableKeys): string[] {
  return sortKey === undefined ? [partitionKey] : [partitionKey, sortKey];
}

function globalIndex(name: string, { partitionKey, sortKey }: TableKeys) {
  return { name, hashKey: partitionKey, ...(sortKey !== undefined && { rangeKey: sortKey }), projectionType: 'ALL' };
}
