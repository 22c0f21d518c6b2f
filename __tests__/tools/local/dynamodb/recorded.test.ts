import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DynamoDbService, startDynamoDb } from '#local/dynamodb/dynamodb.ts';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import { allowAll } from '#tests/tools/local/aws-endpoint/authorize-stubs.ts';
import { jsonRequest, sendRaw } from '#tests/tools/local/aws-endpoint/raw-request.ts';
import { expectDocumented } from '#tests/tools/local/support/compared.ts';
import { INDEXED, TABLE_A } from './tables.ts';

const ITEM = { id: { S: '456' }, price: { N: '650' } };
const ONCE = { ConditionExpression: 'attribute_not_exists(id)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };
const TableName = 'table-a';
const put = (id: string, more: object = {}) => ({ Put: { TableName, Item: { id: { S: id } }, ...more } });
const get = (id: string, table = TableName) => ({ Get: { TableName: table, Key: { id: { S: id } } } });
const missing = { __type: 'ResourceNotFoundException', message: 'Requested resource not found' };
const mismatch = { __type: 'ValidationException', message: 'The provided key element does not match the schema' };
const local = { pk: { S: 'test one' }, sk: { S: 'hello' }, state: { S: '123' } };

/**
 * Requests and what DynamoDB answers, as it was recorded on AWS: snapshots of LocalStack's tests (localstack/localstack,
 * tests/aws/services/dynamodb), with the tables of these tests. One after the other.
 */
const RECORDED: readonly (readonly [operation: string, input: object, response: object])[] = [
  ['PutItem', { TableName, Item: ITEM }, {}],
  [
    'PutItem',
    { TableName, Item: ITEM, ...ONCE },
    { __type: 'ConditionalCheckFailedException', message: 'The conditional request failed', Item: ITEM },
  ],
  ['TransactWriteItems', { TransactItems: [put('a')] }, {}],
  ['TransactWriteItems', { TransactItems: [put('b', { TableName: TABLE_A.arn })] }, {}],
  [
    'TransactWriteItems',
    { TransactItems: [put('a', { ConditionExpression: 'attribute_not_exists(id)' }), put('c')] },
    {
      __type: 'TransactionCanceledException',
      message:
        'Transaction cancelled, please refer cancellation reasons for specific reasons [ConditionalCheckFailed, None]',
      CancellationReasons: [
        { Code: 'ConditionalCheckFailed', Message: 'The conditional request failed' },
        { Code: 'None' },
      ],
    },
  ],
  ['TransactWriteItems', { TransactItems: [put('x', { TableName: 'nowhere' })] }, missing],
  ['TransactGetItems', { TransactItems: [get('a')] }, { Responses: [{ Item: { id: { S: 'a' } } }] }],
  ['TransactGetItems', { TransactItems: [get('b', TABLE_A.arn)] }, { Responses: [{ Item: { id: { S: 'b' } } }] }],
  [
    'BatchGetItem',
    { RequestItems: { [TableName]: { Keys: [{ id: { S: 'no' } }] } } },
    { Responses: { [TableName]: [] }, UnprocessedKeys: {} },
  ],
  ['BatchWriteItem', { RequestItems: { [TableName]: [{ PutRequest: { Item: ITEM } }] } }, { UnprocessedItems: {} }],
  ['BatchWriteItem', { RequestItems: { [TableName]: [{ DeleteRequest: { Key: { no: { S: 'x' } } } }] } }, mismatch],
  ['PutItem', { TableName, Item: ITEM, ReturnValues: 'ALL_OLD' }, { Attributes: ITEM }],
  ['PutItem', { TableName: 'indexed', Item: local }, {}],
  [
    'Query',
    {
      TableName: 'indexed',
      IndexName: 'local',
      KeyConditionExpression: 'pk = :v',
      ExpressionAttributeValues: { ':v': { S: 'test one' } },
      Select: 'ALL_ATTRIBUTES',
    },
    { Count: 1, Items: [local], ScannedCount: 1 },
  ],
];

let service: DynamoDbService;
beforeAll(async () => {
  const log = new RuntimeLog();
  service = await startDynamoDb({ region: 'eu-central-1', tables: [TABLE_A, INDEXED], authorize: allowAll, log });
});
afterAll(() => service.close());

describe('DynamoDB of the local runtime, beside responses recorded on AWS', () => {
  it('answers the same', async () => {
    const differences = [];
    for (const [operation, input, expected] of RECORDED) {
      const { body } = await sendRaw(service.url, jsonRequest(`DynamoDB_20120810.${operation}`, input));
      const got: unknown = JSON.parse(body.replace(/"com\.amazonaws\.dynamodb\.v20120810#/, '"'));
      try {
        expect(got).toEqual(expected);
      } catch {
        differences.push({ operation, input, expected, got });
      }
    }
    expect(differences).toEqual([]);
    const { length: cases } = RECORDED;
    expectDocumented('dynamodb', { against: 'responses recorded on AWS', cases, differ: differences.length });
  });
});
