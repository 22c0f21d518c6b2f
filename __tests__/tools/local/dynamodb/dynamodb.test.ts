import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DynamoDbService, startDynamoDb } from '#local/dynamodb/dynamodb.ts';
import type { ItemWrite } from '#local/dynamodb/store/item-write.ts';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import { clientSettings, recordingAuthorize } from '#tests/tools/local/aws-endpoint/authorize-stubs.ts';
import { EVENTS, REGIONAL, TABLE_A } from './tables.ts';

const recording = recordingAuthorize('dynamodb:DescribeTimeToLive');
let service: DynamoDbService;
let client: DynamoDBClient;
const writes: ItemWrite[] = [];

beforeAll(async () => {
  service = await startDynamoDb({
    region: 'eu-central-1',
    tables: [TABLE_A, EVENTS, REGIONAL],
    authorize: recording.authorize,
    log: new RuntimeLog(),
  });
  service.onWrite((write) => writes.push(write));
  client = new DynamoDBClient(clientSettings(service.url));
});

beforeEach(() => {
  recording.asked.length = 0;
  writes.length = 0;
});

afterAll(async () => {
  client.destroy();
  await service.close();
});

const put = (id: string, attributes: Record<string, { S: string } | { N: string }> = {}) =>
  client.send(new PutItemCommand({ TableName: 'table-a', Item: { id: { S: id }, ...attributes } }));
const get = async (id: string) =>
  (await client.send(new GetItemCommand({ TableName: 'table-a', Key: { id: { S: id } } }))).Item;
const lastAsked = () => recording.asked.map(({ action, resources }) => [action, ...resources]);

describe('DynamoDB of the local runtime', () => {
  it('answers an item as it was put, whatever its attributes are', async () => {
    const Item = {
      id: { S: 'every type' },
      text: { S: 'ünï "quoted" \n $x #y' },
      empty: { S: '' },
      number: { N: '-12.5' },
      bytes: { B: new Uint8Array([0, 1, 255]) },
      yes: { BOOL: true },
      nothing: { NULL: true },
      list: { L: [{ S: 'a' }, { M: { deep: { N: '1' } } }] },
      set: { SS: ['a', 'b'] },
    };
    await client.send(new PutItemCommand({ TableName: 'table-a', Item }));
    expect(await get('every type')).toEqual(Item);
    expect(await get('another')).toBeUndefined();
  });

  it('updates with an expression and answers the new values', async () => {
    await put('u', { n: { N: '1' } });
    const { Attributes } = await client.send(
      new UpdateItemCommand({
        TableName: 'table-a',
        Key: { id: { S: 'u' } },
        UpdateExpression: 'SET #n = #n + :one, label = :label',
        ExpressionAttributeNames: { '#n': 'n' },
        ExpressionAttributeValues: { ':one': { N: '1' }, ':label': { S: 'x' } },
        ReturnValues: 'ALL_NEW',
      }),
    );
    expect(Attributes).toEqual({ id: { S: 'u' }, n: { N: '2' }, label: { S: 'x' } });
    expect(await get('u')).toEqual(Attributes);
  });

  it('deletes and answers what was there', async () => {
    await put('d');
    const command = new DeleteItemCommand({ TableName: 'table-a', Key: { id: { S: 'd' } }, ReturnValues: 'ALL_OLD' });
    expect((await client.send(command)).Attributes).toEqual({ id: { S: 'd' } });
    expect(await get('d')).toBeUndefined();
  });

  it('refuses a write whose condition does not hold, and changes nothing', async () => {
    await put('c', { v: { N: '1' } });
    const again = new PutItemCommand({
      TableName: 'table-a',
      Item: { id: { S: 'c' }, v: { N: '2' } },
      ConditionExpression: 'attribute_not_exists(id)',
    });
    await expect(client.send(again)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect(await get('c')).toEqual({ id: { S: 'c' }, v: { N: '1' } });
    expect(writes).toHaveLength(1);
  });

  it('queries a partition in the order of its sort key, both ways, page by page', async () => {
    const times = [10, 2, -3, 33, 100, 0.5];
    const requests = times.map((time) => ({
      PutRequest: { Item: { date: { S: '2024-01-01' }, time: { N: String(time) } } },
    }));
    const other = { PutRequest: { Item: { date: { S: '2024-01-02' }, time: { N: '1' } } } };
    await client.send(new BatchWriteItemCommand({ RequestItems: { events: [...requests, other] } }));
    const query = async (more: object) => {
      const { Items = [], LastEvaluatedKey } = await client.send(
        new QueryCommand({
          TableName: 'events',
          KeyConditionExpression: '#d = :d',
          ExpressionAttributeNames: { '#d': 'date' },
          ExpressionAttributeValues: { ':d': { S: '2024-01-01' } },
          ...more,
        }),
      );
      return { times: Items.map((item) => Number(item.time?.N)), LastEvaluatedKey };
    };
    expect((await query({})).times).toEqual([-3, 0.5, 2, 10, 33, 100]);
    expect((await query({ ScanIndexForward: false })).times).toEqual([100, 33, 10, 2, 0.5, -3]);
    const first = await query({ Limit: 4 });
    expect(first.times).toEqual([-3, 0.5, 2, 10]);
    const rest = await query({ Limit: 4, ExclusiveStartKey: first.LastEvaluatedKey });
    expect(rest.times).toEqual([33, 100]);
    expect(rest.LastEvaluatedKey).toBeUndefined();
    const back = await query({ Limit: 2, ScanIndexForward: false, ExclusiveStartKey: first.LastEvaluatedKey });
    expect(back.times).toEqual([2, 0.5]);
  });

  it.each([
    ['#t > :a', ['33', '100']],
    ['#t >= :a', ['10', '33', '100']],
    ['#t < :a', ['1', '2']],
    ['#t <= :a', ['1', '2', '10']],
    ['#t BETWEEN :a AND :b', ['10', '33']],
  ])('narrows a query by %s', async (condition, expected) => {
    const day = `narrow ${condition}`;
    for (const time of ['1', '2', '10', '33', '100']) {
      await client.send(new PutItemCommand({ TableName: 'events', Item: { date: { S: day }, time: { N: time } } }));
    }
    const values = { ':d': { S: day }, ':a': { N: '10' }, ...(condition.includes(':b') && { ':b': { N: '40' } }) };
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: 'events',
        KeyConditionExpression: `#d = :d AND ${condition}`,
        ExpressionAttributeNames: { '#d': 'date', '#t': 'time' },
        ExpressionAttributeValues: values,
      }),
    );
    expect(Items.map((item) => item.time?.N)).toEqual(expected);
  });

  it('scans every item once, page by page, with a filter', async () => {
    const ids = Array.from({ length: 25 }, (_, index) => `scan-${index}`);
    const requests = ids.map((id) => ({ PutRequest: { Item: { id: { S: id } } } }));
    await client.send(new BatchWriteItemCommand({ RequestItems: { regional: requests } }));
    const found: unknown[] = [];
    let start: Record<string, { S: string }> | undefined;
    do {
      const page = await client.send(new ScanCommand({ TableName: 'regional', Limit: 7, ExclusiveStartKey: start }));
      found.push(...(page.Items ?? []).map((item) => item.id?.S));
      const next = page.LastEvaluatedKey?.id?.S;
      start = next === undefined ? undefined : { id: { S: next } };
    } while (start);
    expect(found.toSorted()).toEqual(ids.toSorted());
    const { Count, ScannedCount } = await client.send(
      new ScanCommand({
        TableName: 'regional',
        FilterExpression: 'begins_with(id, :p)',
        ExpressionAttributeValues: { ':p': { S: 'scan-1' } },
      }),
    );
    expect([Count, ScannedCount]).toEqual([11, 25]);
  });

  it('reads and writes batches over several tables', async () => {
    await client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          'table-a': [
            { PutRequest: { Item: { id: { S: 'b1' } } } },
            { DeleteRequest: { Key: { id: { S: 'absent' } } } },
          ],
          regional: [{ PutRequest: { Item: { id: { S: 'b2' } } } }],
        },
      }),
    );
    const { Responses } = await client.send(
      new BatchGetItemCommand({
        RequestItems: {
          'table-a': { Keys: [{ id: { S: 'b1' } }, { id: { S: 'b0' } }] },
          regional: { Keys: [{ id: { S: 'b2' } }] },
        },
      }),
    );
    expect(Responses).toEqual({ 'table-a': [{ id: { S: 'b1' } }], regional: [{ id: { S: 'b2' } }] });
  });

  it('describes and lists the tables of the model', async () => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'events' }));
    expect(Table).toMatchObject({
      TableArn: EVENTS.arn,
      TableStatus: 'ACTIVE',
      KeySchema: [
        { AttributeName: 'date', KeyType: 'HASH' },
        { AttributeName: 'time', KeyType: 'RANGE' },
      ],
    });
    expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual(['events', 'regional', 'table-a']);
  });

  it('names each item that is written, with the whole item as it stands afterwards', async () => {
    await put('w', { n: { N: '1' } });
    await client.send(
      new UpdateItemCommand({
        TableName: 'table-a',
        Key: { id: { S: 'w' } },
        UpdateExpression: 'REMOVE n SET m = :m',
        ExpressionAttributeValues: { ':m': { S: 'new' } },
      }),
    );
    await client.send(new DeleteItemCommand({ TableName: 'table-a', Key: { id: { S: 'w' } } }));
    const items = writes.map(({ table, item }) => [table, item === undefined ? 'deleted' : JSON.parse(item)]);
    expect(items).toEqual([
      ['table-a', { id: { S: 'w' }, n: { N: '1' } }],
      ['table-a', { id: { S: 'w' }, m: { S: 'new' } }],
      ['table-a', 'deleted'],
    ]);
    expect(new Set(writes.map(({ key }) => key)).size).toBe(1);
  });

  it("B11: asks for each call with its IAM action, the tables' ARNs and the access key id", async () => {
    await put('i');
    await get('i');
    await client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          'table-a': [{ PutRequest: { Item: { id: { S: 'x' } } } }],
          regional: [{ PutRequest: { Item: { id: { S: 'y' } } } }],
        },
      }),
    );
    await client.send(new ListTablesCommand({}));
    expect(lastAsked()).toEqual([
      ['dynamodb:PutItem', TABLE_A.arn],
      ['dynamodb:GetItem', TABLE_A.arn],
      ['dynamodb:BatchWriteItem', TABLE_A.arn, REGIONAL.arn],
      ['dynamodb:ListTables', '*'],
    ]);
    expect(recording.asked[0]).toMatchObject({ service: 'dynamodb', region: 'eu-central-1', accessKeyId: 'AKIDLOCAL' });
    expect(JSON.parse(recording.asked[0]?.body.toString() ?? '')).toEqual({
      TableName: 'table-a',
      Item: { id: { S: 'i' } },
    });
  });

  it('B11: a call that is refused comes out as AccessDeniedException', async () => {
    const command = new DescribeTimeToLiveCommand({ TableName: 'table-a' });
    const message = expect.stringContaining(`dynamodb:DescribeTimeToLive on resource: ${TABLE_A.arn}`);
    await expect(client.send(command)).rejects.toMatchObject({ name: 'AccessDeniedException', message });
  });

  it('a table that is not there is ResourceNotFoundException, and says which', async () => {
    const command = new GetItemCommand({ TableName: 'nowhere', Key: { id: { S: '1' } } });
    await expect(client.send(command)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: expect.stringContaining('Requested resource not found'),
    });
  });

  it('an operation that is not served is refused with the list of those that are', async () => {
    const command = new ExecuteStatementCommand({ Statement: 'SELECT * FROM x' });
    await expect(client.send(command)).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringMatching(/'ExecuteStatement'.*PutItem/),
    });
  });

  it('gives a table an index while it runs, with the items that are there, and keeps it', async () => {
    const put = (id: string, owner: string) =>
      client.send(new PutItemCommand({ TableName: 'table-b', Item: { id: { S: id }, owner: { S: owner } } }));
    const TABLE_B = { ...TABLE_A, name: 'table-b', arn: TABLE_A.arn.replace('table-a', 'table-b') };
    const globalIndexes = [
      { name: 'by-owner', hashKey: 'owner', projection: { type: 'ALL', attributes: [] } },
    ] as const;
    const attributes = ['id', 'owner'].map((name) => ({ name, type: 'S' as const }));
    service.addTables([TABLE_B]);
    await put('1', 'ada');
    service.addTables([{ ...TABLE_B, attributes, globalIndexes }]);
    await put('2', 'ada');
    const byOwner = {
      TableName: 'table-b',
      IndexName: 'by-owner',
      KeyConditionExpression: '#owner = :owner',
      ExpressionAttributeNames: { '#owner': 'owner' },
      ExpressionAttributeValues: { ':owner': { S: 'ada' } },
    };
    const { Items = [] } = await client.send(new QueryCommand(byOwner));
    expect(Items.map(({ id }) => id?.S).sort()).toEqual(['1', '2']);
    expect(recording.asked.at(-1)?.resources).toEqual([`${TABLE_B.arn}/index/by-owner`]);
  });
});
