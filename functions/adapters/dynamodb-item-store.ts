import { type AttributeValue, type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Item, ItemStore } from '#functions/ports/item-store.ts';

/** Items in a DynamoDB table whose partition key is the string `id`. */
export function dynamoDbItemStore(client: DynamoDBClient, tableName: string): ItemStore {
  return {
    async get(id, abortSignal) {
      const command = new GetItemCommand({ TableName: tableName, Key: { id: { S: id } } });
      const { Item: attributes } = await client.send(command, { abortSignal });
      return attributes && fromAttributes(id, attributes);
    },

    async put(item) {
      await client.send(new PutItemCommand({ TableName: tableName, Item: toAttributes(item) }));
    },
  };
}

function toAttributes(item: Item): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, { S: value }]));
}

function fromAttributes(id: string, attributes: Readonly<Record<string, AttributeValue>>): Item {
  const strings = Object.entries(attributes).flatMap(([name, { S }]) => (S === undefined ? [] : [[name, S]]));
  return { ...Object.fromEntries(strings), id };
}
