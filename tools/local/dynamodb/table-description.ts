import { randomUUID } from 'node:crypto';
import type { Table } from '../model/model.ts';

/** A table as DescribeTable answers it and dynalite looks up keys in it (DynamoDB API Reference, "TableDescription"). */
export function describeTable({ name, arn, hashKey, rangeKey, attributes }: Table): Record<string, unknown> {
  const range = rangeKey === undefined ? [] : [{ AttributeName: rangeKey, KeyType: 'RANGE' }];
  return {
    TableName: name,
    TableArn: arn,
    TableId: randomUUID(),
    TableStatus: 'ACTIVE',
    CreationDateTime: Date.now() / 1000,
    AttributeDefinitions: attributes.map((attribute) => ({
      AttributeName: attribute.name,
      AttributeType: attribute.type,
    })),
    KeySchema: [{ AttributeName: hashKey, KeyType: 'HASH' }, ...range],
    BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' },
    ProvisionedThroughput: { NumberOfDecreasesToday: 0, ReadCapacityUnits: 0, WriteCapacityUnits: 0 },
    ItemCount: 0,
    TableSizeBytes: 0,
  };
}
