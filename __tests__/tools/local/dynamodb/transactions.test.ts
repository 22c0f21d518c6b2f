import {
  BatchGetItemCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  TransactGetItemsCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type DynamoDbService, startDynamoDb } from '#local/dynamodb/dynamodb.ts';
import { type Replication, startReplication } from '#local/dynamodb/replication.ts';
import type { ItemWrite } from '#local/dynamodb/store/item-write.ts';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import { clientSettings, recordingAuthorize } from '#tests/tools/local/aws-endpoint/authorize-stubs.ts';
import { INDEXED, TABLE_A } from './tables.ts';

const { authorize, asked } = recordingAuthorize();
const log = new RuntimeLog();
let regions: Record<'primary' | 'secondary', DynamoDbService>;
let replication: Replication;
let client: DynamoDBClient;
let other: DynamoDBClient;
const writes: ItemWrite[] = [];

beforeAll(async () => {
  const start = (region: string) => startDynamoDb({ region, tables: [TABLE_A, INDEXED], authorize, log });
  regions = { primary: await start('eu-central-1'), secondary: await start('eu-west-1') };
  replication = startReplication({ ...regions, lagMilliseconds: 0, log });
  regions.primary.onWrite((write) => writes.push(write));
  client = new DynamoDBClient(clientSettings(regions.primary.url));
  other = new DynamoDBClient(clientSettings(regions.secondary.url, 'eu-west-1'));
});
beforeEach(() => {
  writes.length = 0;
  asked.length = 0;
});
afterAll(async () => {
  client.destroy();
  other.destroy();
  await replication.close();
  await regions.primary.close();
  await regions.secondary.close();
});

const TableName = 'table-a';
const key = (id: string) => ({ id: { S: id } });
const put = (id: string, more: object = {}): TransactWriteItem => ({ Put: { TableName, Item: key(id), ...more } });
const write = (TransactItems: TransactWriteItem[], more: object = {}) =>
  client.send(new TransactWriteItemsCommand({ TransactItems, ...more }));
const get = async (id: string, from = client) =>
  (await from.send(new GetItemCommand({ TableName, Key: key(id) }))).Item;
const ABSENT = 'attribute_not_exists(id)';

describe('DynamoDB of the local runtime: transactions', () => {
  it('write everything together, and the other region sees it', async () => {
    await client.send(new PutItemCommand({ TableName, Item: { ...key('counter'), n: { N: '1' } } }));
    await client.send(new PutItemCommand({ TableName, Item: key('doomed') }));
    const n = { UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': { N: '1' } } };
    await write([
      put('made'),
      { Update: { TableName, Key: key('counter'), ...n } },
      { Delete: { TableName, Key: key('doomed') } },
      { ConditionCheck: { TableName, Key: key('absent'), ConditionExpression: ABSENT } },
    ]);
    await replication.drained();
    for (const from of [client, other]) {
      expect(await get('made', from)).toEqual(key('made'));
      expect(await get('counter', from)).toMatchObject({ n: { N: '2' } });
      expect(await get('doomed', from)).toBeUndefined();
    }
  });

  it('write nothing when one condition fails, and say which, with the item that was there', async () => {
    await client.send(new PutItemCommand({ TableName, Item: { ...key('there'), v: { S: 'old' } } }));
    writes.length = 0;
    const more = { ConditionExpression: ABSENT, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
    await expect(write([put('new one'), put('there', more)])).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]',
      CancellationReasons: [
        { Code: 'None' },
        {
          Code: 'ConditionalCheckFailed',
          Message: 'The conditional request failed',
          Item: { ...key('there'), v: { S: 'old' } },
        },
      ],
    });
    expect(writes).toEqual([]);
    expect(await get('new one')).toBeUndefined();
  });

  it('with the same token happen once; with the same token and other content they are refused', async () => {
    const add = { UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': { N: '1' } } };
    const items = [{ Update: { TableName, Key: key('once'), ...add } }];
    await write(items, { ClientRequestToken: 'token' });
    await write(items, { ClientRequestToken: 'token' });
    expect(await get('once')).toMatchObject({ n: { N: '1' } });
    await expect(write([put('x')], { ClientRequestToken: 'token' })).rejects.toMatchObject({
      name: 'IdempotentParameterMismatchException',
    });
  });

  it.each<[string, TransactWriteItem[], string, RegExp]>([
    ['two actions on one item', [put('twice'), put('twice')], 'ValidationException', /multiple operations on one item/],
    ['no action', [], 'ValidationException', /greater than or equal to 1/],
    ['101 actions', Array.from({ length: 101 }, (_, at) => put(String(at))), 'ValidationException', /equal to 100/],
    [
      'two kinds in one',
      [{ ...put('a'), Delete: { TableName, Key: key('a') } }],
      'ValidationException',
      /only contain one/,
    ],
    [
      "a key that is not the table's",
      [{ Delete: { TableName, Key: { no: { S: 'x' } } } }],
      'TransactionCanceledException',
      /\[ValidationError\]/,
    ],
    [
      'a table that is not there',
      [put('a', { TableName: 'nowhere' })],
      'ResourceNotFoundException',
      /^Requested resource not found$/,
    ],
  ])('refuse %s', async (_, items, name, message) => {
    await expect(write(items)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  });

  it('read several items as they stand', async () => {
    await client.send(new PutItemCommand({ TableName, Item: { ...key('r'), v: { S: '1' } } }));
    const items = ['r', 'absent'].map((id) => ({ Get: { TableName, Key: key(id), ProjectionExpression: 'v' } }));
    const { Responses } = await client.send(new TransactGetItemsCommand({ TransactItems: items }));
    expect(Responses).toEqual([{ Item: { v: { S: '1' } } }, {}]);
  });

  it('B11: are asked for action by action', async () => {
    await write([put('b'), { ConditionCheck: { TableName, Key: key('zz'), ConditionExpression: ABSENT } }]);
    expect(asked.map(({ action, resources }) => [action, ...resources])).toEqual([
      ['dynamodb:PutItem', TABLE_A.arn],
      ['dynamodb:ConditionCheckItem', TABLE_A.arn],
    ]);
  });
});

describe('DynamoDB of the local runtime: conditions, names and depth', () => {
  it('a condition that fails answers with the item where that is asked for', async () => {
    await client.send(new PutItemCommand({ TableName, Item: { ...key('c'), v: { S: 'old' } } }));
    const update = { TableName, Key: key('c'), UpdateExpression: 'REMOVE v', ConditionExpression: ABSENT };
    const failing = client.send(new UpdateItemCommand({ ...update, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }));
    await expect(failing).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item: { ...key('c'), v: { S: 'old' } },
    });
    const silent = await client.send(new UpdateItemCommand(update)).catch((error: unknown) => error);
    expect(silent).not.toMatchObject({ Item: expect.anything() });
  });

  it('a table goes by its ARN as well, and the response by what it was asked for', async () => {
    const { arn } = TABLE_A;
    await client.send(new PutItemCommand({ TableName: arn, Item: key('by arn') }));
    const RequestItems = { [arn]: { Keys: [key('by arn')] } };
    const { Responses } = await client.send(new BatchGetItemCommand({ RequestItems }));
    expect(Responses).toEqual({ [arn]: [key('by arn')] });
    await write([put('by arn too', { TableName: arn })]);
    expect(await get('by arn too')).toEqual(key('by arn too'));
  });

  it.each([
    [32, true],
    [33, false],
    [5000, false],
  ])('a value nested %i levels deep: taken %s', async (levels, taken) => {
    const open = Array.from({ length: levels }, (_, level) => (level % 2 === 0 ? '{"L":[' : '{"M":{"a":'));
    const close = open.map((text) => (text.includes('L') ? ']}' : '}}')).reverse();
    const value = `${open.join('')}{"S":"x"}${close.join('')}`;
    const body = `{"TableName":"table-a","Item":{"id":{"S":"deep"},"v":${value}}}`;
    const response = await fetch(regions.primary.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'DynamoDB_20120810.PutItem' },
      body,
    });
    expect(response.status).toBe(taken ? 200 : 400);
    if (!taken) expect(await response.text()).toContain('Nesting Levels have exceeded supported limits');
  });
});

describe('DynamoDB of the local runtime: secondary indexes', () => {
  const item = (pk: string, sk: string, more: object) => ({ pk: { S: pk }, sk: { S: sk }, ...more });
  const query = async (more: Partial<QueryCommandInput>, from = client) =>
    (await from.send(new QueryCommand({ TableName: 'indexed', ...more }))).Items;
  const byOwner = (owner: string): Partial<QueryCommandInput> => ({
    IndexName: 'by-owner',
    KeyConditionExpression: '#o = :o',
    ExpressionAttributeNames: { '#o': 'owner' },
    ExpressionAttributeValues: { ':o': { S: owner } },
  });

  it('hold what is written, in their order, in both regions', async () => {
    const one = item('1', 'b', { owner: { S: 'me' }, state: { S: 'on' }, a: { S: '1' }, b: { S: '2' } });
    const two = item('2', 'a', { owner: { S: 'me' } });
    for (const Item of [one, two, item('3', 'c', {})]) {
      await client.send(new PutItemCommand({ TableName: 'indexed', Item }));
    }
    await replication.drained();
    for (const from of [client, other]) expect(await query(byOwner('me'), from)).toEqual([two, one]);
    const scan = await client.send(new ScanCommand({ TableName: 'indexed', IndexName: 'by-state' }));
    expect(scan.Items).toEqual([{ pk: one.pk, sk: one.sk, state: { S: 'on' } }]);
    await write([{ Delete: { TableName: 'indexed', Key: { pk: one.pk, sk: one.sk } } }]);
    await replication.drained();
    for (const from of [client, other]) expect(await query(byOwner('me'), from)).toEqual([two]);
  });

  it('a local index answers what it projects, and fetches the rest when asked', async () => {
    const whole = item('l', 'x', { state: { S: 's' }, a: { S: '1' }, b: { S: '2' } });
    await client.send(new PutItemCommand({ TableName: 'indexed', Item: whole }));
    const local: Partial<QueryCommandInput> = {
      IndexName: 'local',
      KeyConditionExpression: 'pk = :p',
      ExpressionAttributeValues: { ':p': { S: 'l' } },
      ConsistentRead: true,
    };
    expect(await query(local)).toEqual([item('l', 'x', { state: { S: 's' }, a: { S: '1' } })]);
    expect(await query({ ...local, Select: 'ALL_ATTRIBUTES' })).toEqual([whole]);
    expect(await query({ ...local, ProjectionExpression: 'b' })).toEqual([{ b: { S: '2' } }]);
  });

  it.each<[string, Partial<QueryCommandInput>, RegExp]>([
    [
      'a consistent read of a global index',
      { ...byOwner('x'), ConsistentRead: true },
      /Consistent reads are not supported/,
    ],
    ['an index that is not there', { ...byOwner('x'), IndexName: 'none' }, /does not have the specified index: none/],
  ])('refuse %s', async (_, more, message) => {
    await expect(query(more)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(message),
    });
  });

  it('are described with their keys and projections, beside the replicas', async () => {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: 'indexed' }));
    expect(Table).toMatchObject({
      GlobalTableVersion: '2019.11.21',
      Replicas: [{ RegionName: 'eu-west-1', ReplicaStatus: 'ACTIVE' }],
      GlobalSecondaryIndexes: [
        { IndexName: 'by-owner', IndexArn: `${INDEXED.arn}/index/by-owner`, IndexStatus: 'ACTIVE' },
        { IndexName: 'by-state', Projection: { ProjectionType: 'KEYS_ONLY' } },
      ],
      LocalSecondaryIndexes: [
        { IndexName: 'local', Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['a'] } },
      ],
    });
  });
});
