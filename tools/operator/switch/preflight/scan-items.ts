import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unlessAbsent } from '#operator/aws/absent.ts';
import type { SampleTable, StoredItem } from './sample-data.ts';

/** Reads the first items that a scan meets, in one page of it. */
export function scanItems(client: DynamoDBClient): SampleTable {
  return async (TableName, Limit) => {
    const page = await unlessAbsent(client.send(new ScanCommand({ TableName, Limit })));
    return page?.Items?.map(plainItem);
  };
}

function plainItem(item: Readonly<Record<string, AttributeValue>>): StoredItem {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, plainValue(value)]));
}

/** Source: Amazon DynamoDB Developer Guide, "DynamoDB low-level API", Data type descriptors. */
function plainValue(value: AttributeValue): unknown {
  if (value.N !== undefined) return Number(value.N);
  if (value.NULL !== undefined) return null;
  if (value.L !== undefined) return value.L.map(plainValue);
  if (value.M !== undefined) return plainItem(value.M);
  if (value.NS !== undefined) return value.NS.map(Number);
  return value.S ?? value.BOOL ?? value.SS ?? value.B ?? value.BS;
}
