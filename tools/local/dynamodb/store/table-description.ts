import { randomUUID } from 'node:crypto';
import type { Table, TableIndex } from '#local/model/model.ts';

/** A table as DescribeTable answers it (DynamoDB API Reference, "TableDescription"); counts stay 0, as AWS updates them every six hours. */
export interface FullDescription extends Dynalite.TableDescription {
  readonly TableArn: string;
  readonly GlobalSecondaryIndexes?: readonly FullIndexDescription[];
  readonly LocalSecondaryIndexes?: readonly FullIndexDescription[];
}

interface FullIndexDescription extends Dynalite.IndexDescription {
  readonly IndexArn: string;
}

const UNUSED_CAPACITY = { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 };

export function describeTable(table: Table): FullDescription {
  const { name, arn, attributes, globalIndexes = [], localIndexes = [], replicaRegions = [] } = table;
  const global = globalIndexes.map((index) => ({
    ...describeIndex(arn, index),
    IndexStatus: 'ACTIVE',
    ProvisionedThroughput: UNUSED_CAPACITY,
  }));
  const local = localIndexes.map((index) => describeIndex(arn, index));
  const replicas = replicaRegions.map((region) => ({ RegionName: region, ReplicaStatus: 'ACTIVE' }));
  return {
    TableName: name,
    TableArn: arn,
    AttributeDefinitions: attributes.map((attribute) => ({
      AttributeName: attribute.name,
      AttributeType: attribute.type,
    })),
    KeySchema: keySchema(table),
    ...{
      TableId: randomUUID(),
      TableStatus: 'ACTIVE',
      CreationDateTime: Date.now() / 1000,
      BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
      ProvisionedThroughput: UNUSED_CAPACITY,
      DeletionProtectionEnabled: false,
      ItemCount: 0,
      TableSizeBytes: 0,
    },
    ...(global.length > 0 && { GlobalSecondaryIndexes: global }),
    ...(local.length > 0 && { LocalSecondaryIndexes: local }),
    ...(replicas.length > 0 && { GlobalTableVersion: '2019.11.21', Replicas: replicas }),
  };
}

function describeIndex(tableArn: string, index: TableIndex): FullIndexDescription {
  const { name, projection } = index;
  const isListed = projection.type === 'INCLUDE';
  return {
    IndexName: name,
    IndexArn: `${tableArn}/index/${name}`,
    KeySchema: keySchema(index),
    Projection: { ProjectionType: projection.type, ...(isListed && { NonKeyAttributes: projection.attributes }) },
    ...{ IndexSizeBytes: 0, ItemCount: 0 },
  };
}

function keySchema({ hashKey, rangeKey }: Pick<Table, 'hashKey' | 'rangeKey'>): Dynalite.IndexDescription['KeySchema'] {
  const hash = { AttributeName: hashKey, KeyType: 'HASH' };
  return rangeKey === undefined ? [hash] : [hash, { AttributeName: rangeKey, KeyType: 'RANGE' }];
}
