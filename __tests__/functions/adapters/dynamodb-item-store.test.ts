import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { dynamoDbItemStore } from '#functions/adapters/dynamodb-item-store.ts';

const client = new DynamoDBClient({ region: 'eu-central-1' });
const dynamoDb = mockClient(client);
const store = dynamoDbItemStore(client, 'app-dev-table-a');

beforeEach(() => {
  dynamoDb.reset();
});

describe('dynamoDbItemStore', () => {
  it('writes every attribute as a string', async () => {
    dynamoDb.on(PutItemCommand).resolves({});
    await store.put({ id: '1', env: 'envA', writtenAt: '2026-01-01T00:00:00.000Z' });
    expect(dynamoDb.commandCalls(PutItemCommand)[0]?.args[0].input).toEqual({
      TableName: 'app-dev-table-a',
      Item: { id: { S: '1' }, env: { S: 'envA' }, writtenAt: { S: '2026-01-01T00:00:00.000Z' } },
    });
  });

  it('reads an item by its id, strings only', async () => {
    dynamoDb.on(GetItemCommand).resolves({ Item: { id: { S: '1' }, env: { S: '' }, count: { N: '3' } } });
    expect(await store.get('1')).toEqual({ id: '1', env: '' });
    expect(dynamoDb.commandCalls(GetItemCommand)[0]?.args[0].input).toEqual({
      TableName: 'app-dev-table-a',
      Key: { id: { S: '1' } },
    });
  });

  it('knows no item where DynamoDB answers none', async () => {
    dynamoDb.on(GetItemCommand).resolves({});
    expect(await store.get('1')).toBeUndefined();
  });

  it('hands the signal to the SDK', async () => {
    dynamoDb.on(GetItemCommand).resolves({});
    const { signal } = new AbortController();
    await store.get('1', signal);
    expect(dynamoDb.send.firstCall.lastArg).toEqual({ abortSignal: signal });
  });

  it('lets errors through', async () => {
    dynamoDb.on(PutItemCommand).rejects(new Error('throttled'));
    await expect(store.put({ id: '1' })).rejects.toThrow('throttled');
  });
});
