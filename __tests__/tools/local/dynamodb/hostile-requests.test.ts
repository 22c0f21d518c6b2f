import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DynamoDbService, startDynamoDb } from '#local/dynamodb/dynamodb.ts';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import { allowAll } from '#tests/tools/local/aws-endpoint/authorize-stubs.ts';
import { jsonRequest, sendRaw } from '#tests/tools/local/aws-endpoint/raw-request.ts';
import { EVENTS, TABLE_A } from './tables.ts';

const log = new RuntimeLog();
let service: DynamoDbService;

beforeAll(async () => {
  service = await startDynamoDb({ region: 'eu-central-1', tables: [TABLE_A, EVENTS], authorize: allowAll, log });
});
afterAll(() => service.close());

const send = (operation: string, input: unknown) =>
  sendRaw(service.url, jsonRequest(`DynamoDB_20120810.${operation}`, input));

/** Attribute values, right and wrong. */
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { weight: 4, arbitrary: fc.record({ S: fc.string() }) },
    { weight: 3, arbitrary: fc.record({ N: fc.constantFrom('1', '-0.5', '1e125', '1e999', 'x', '') }) },
    fc.record({ B: fc.constantFrom('AAAA', 'A', '%') }),
    fc.record({ BOOL: fc.constantFrom<unknown>(true, 'yes', 1) }),
    fc.record({ NULL: fc.boolean() }),
    fc.record({ SS: fc.array(fc.string(), { maxLength: 3 }) }),
    fc.record({ NS: fc.array(fc.constantFrom('1', '2', 'x'), { maxLength: 3 }) }),
    fc.record({ L: fc.array(tie('value'), { maxLength: 3 }) }),
    fc.record({
      M: fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'constructor'), tie('value'), { maxKeys: 3 }),
    }),
    fc.record({ S: fc.string(), N: fc.string() }),
    fc.constantFrom<unknown>({}, null, [], 'x', 1, { X: 1 }, { S: 1 }, { L: 'x' }, { M: [] }, { SS: 'x' }),
  ),
}));
const name = fc.constantFrom('id', 'a', 'b', 'date', 'time', '__proto__', 'constructor', 'toString', '');
const attributes = fc.dictionary(name, value, { maxKeys: 4 });
const key = fc.oneof(fc.constant({ id: { S: '1' } }), fc.constant({ date: { S: '1' }, time: { N: '1' } }), attributes);
const expression = fc.oneof(
  fc.constantFrom(
    'SET a = :v',
    'SET a = a + :v',
    'SET a[0] = :v, b.c = :w',
    'SET a[99] = :v',
    'SET a = list_append(a, :v)',
    'SET a = if_not_exists(a, :v)',
    'ADD a :v',
    'DELETE a :v',
    'REMOVE a, b[0], c.d',
    '#n = :v',
    'id = :v',
    'id = :v AND a BETWEEN :v AND :w',
    'begins_with(a, :v) OR contains(b, :w)',
    'size(a) > :v',
    'attribute_type(a, :v)',
    'a IN (:v, :w)',
    'NOT attribute_exists(a.b[0])',
    '(((',
    'id',
    'a, b.c[0], #n',
  ),
  fc.string({ maxLength: 20 }),
);
const table = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom<unknown>('table-a', 'events') },
  fc.constantFrom<unknown>('absent', '__proto__', '', 1, null, {}),
);
const placeholders = {
  ExpressionAttributeNames: fc.constantFrom<unknown>({ '#n': 'a' }, { '#n': 'id' }, { n: 1 }),
  ExpressionAttributeValues: fc.oneof(
    fc.record({ ':v': value, ':w': value }),
    fc.record({ ':v': value }),
    fc.record({ ':k': fc.constant({ S: '1' }), ':v': value }),
  ),
};
const condition = { ...placeholders, ConditionExpression: expression };
const expected = fc.dictionary(name, fc.record({ Exists: fc.boolean(), Value: value }, { requiredKeys: [] }), {
  maxKeys: 2,
});
const legacyUpdate = fc.record(
  { Action: fc.constantFrom('PUT', 'ADD', 'DELETE', 'X'), Value: value },
  { requiredKeys: [] },
);
const legacyCondition = fc.record({
  ComparisonOperator: fc.constantFrom('EQ', 'LT', 'BETWEEN', 'BEGINS_WITH', 'IN', 'CONTAINS', 'X'),
  AttributeValueList: fc.array(value, { maxLength: 2 }),
});
const page = {
  ExclusiveStartKey: key,
  Limit: fc.constantFrom<unknown>(0, 1, -1, 1e10, 'x'),
  Select: fc.constantFrom('COUNT', 'ALL_ATTRIBUTES', 'X'),
  IndexName: fc.constantFrom('absent', '__proto__', ''),
};
const rare = {
  ReturnValues: fc.constantFrom('ALL_OLD', 'ALL_NEW', 'UPDATED_NEW', 'UPDATED_OLD', 'X'),
  ReturnConsumedCapacity: fc.constantFrom('TOTAL', 'INDEXES', 'X'),
};
const item = fc.oneof(
  { weight: 3, arbitrary: attributes.map((rest) => ({ ...rest, id: { S: '1' } })) },
  { weight: 1, arbitrary: attributes },
);
const requestItems = (requests: fc.Arbitrary<unknown>) =>
  fc.record({
    RequestItems: fc.dictionary(fc.constantFrom('table-a', 'events', 'absent', '__proto__'), requests, { maxKeys: 2 }),
  });

/** Some of the optional members beside all of the required ones, so that many inputs get past the first check. */
const withSome = (required: Record<string, fc.Arbitrary<unknown>>, optional: Record<string, fc.Arbitrary<unknown>>) =>
  fc
    .subarray(Object.keys(optional))
    .chain((names) =>
      fc.record({ ...required, ...Object.fromEntries(names.map((each) => [each, optional[each] ?? value])) }),
    );

const INPUTS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  BatchGetItem: requestItems(fc.oneof(fc.record({ Keys: fc.array(key, { maxLength: 3 }) }), value)),
  BatchWriteItem: requestItems(
    fc.oneof(
      fc.array(
        fc.oneof(
          fc.record({ PutRequest: fc.record({ Item: item }) }),
          fc.record({ DeleteRequest: fc.record({ Key: key }) }),
        ),
        { maxLength: 3 },
      ),
      value,
    ),
  ),
  DeleteItem: fc.oneof(
    withSome({ TableName: table, Key: key }, { ...condition, ...rare }),
    withSome({ TableName: table, Key: key, Expected: expected }, rare),
  ),
  DescribeTable: fc.record({ TableName: table }),
  DescribeTimeToLive: fc.record({ TableName: table }),
  GetItem: withSome({ TableName: table, Key: key }, { ...placeholders, ProjectionExpression: expression }),
  ListTables: fc.record({ Limit: page.Limit, ExclusiveStartTableName: table }, { requiredKeys: [] }),
  PutItem: fc.oneof(
    withSome({ TableName: table, Item: item }, { ...condition, ...rare }),
    fc.record({ TableName: table, Item: item }),
    withSome({ TableName: table, Item: item, Expected: expected }, rare),
  ),
  Query: fc.oneof(
    withSome(
      {
        TableName: table,
        KeyConditionExpression: fc.oneof(fc.constant('id = :k'), expression),
        ExpressionAttributeValues: placeholders.ExpressionAttributeValues,
      },
      { ...page, FilterExpression: expression, ProjectionExpression: expression },
    ),
    withSome({ TableName: table, KeyConditions: fc.dictionary(name, legacyCondition, { maxKeys: 2 }) }, page),
  ),
  Scan: fc.oneof(
    withSome(
      { TableName: table },
      { ...page, ...placeholders, FilterExpression: expression, ProjectionExpression: expression },
    ),
    fc.record({ TableName: table, FilterExpression: expression, ...placeholders }),
    withSome({ TableName: table, ScanFilter: fc.dictionary(name, legacyCondition, { maxKeys: 2 }) }, page),
    fc.record({
      TableName: table,
      Segment: fc.constantFrom<unknown>(0, 1, 'x'),
      TotalSegments: fc.constantFrom<unknown>(1, 2, 0),
    }),
  ),
  UpdateItem: fc.oneof(
    withSome(
      { TableName: table, Key: key, UpdateExpression: expression },
      { ...placeholders, ConditionExpression: expression, ...rare },
    ),
    fc.record({
      TableName: table,
      Key: fc.constant({ id: { S: '1' } }),
      UpdateExpression: expression,
      ExpressionAttributeValues: fc.record({ ':v': value }),
    }),
    withSome({ TableName: table, Key: key, AttributeUpdates: fc.dictionary(name, legacyUpdate, { maxKeys: 2 }) }, rare),
  ),
};
const call = fc.oneof(
  ...Object.entries(INPUTS).map(([operation, input]) => fc.record({ operation: fc.constant(operation), input })),
);

describe('DynamoDB of the local runtime and requests that are wrong', () => {
  it('whatever an operation is given, the answer is 200 or 400 and names the mistake', async () => {
    await fc.assert(
      fc.asyncProperty(call, async ({ operation, input }) => {
        const { status, body } = await send(operation, input);
        expect([200, 400]).toContain(status);
        if (status === 400) expect(JSON.parse(body)).toMatchObject({ __type: expect.stringMatching(/#\w+Exception$/) });
      }),
      { numRuns: 500 },
    );
    expect(log.query(({ kind }) => kind === 'warning')).toEqual([]);
  });

  it.each([
    ['no JSON', '{"TableName":', 'SerializationException'],
    ['nothing', '', 'SerializationException'],
    ['a JSON array', '[]', 'SerializationException'],
    ['JSON null', 'null', 'SerializationException'],
    [
      'nesting that is too deep',
      `{"TableName":"table-a","Item":{"id":${'{"M":{"a":'.repeat(20_000)}1${'}}'.repeat(20_000)}}}`,
      'Exception',
    ],
    ['an empty object', '{}', 'ValidationException'],
  ])('%s is refused', async (_, body, type) => {
    const answer = await send('PutItem', body);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body).__type).toContain(type);
  });

  it.each([
    ['GET', { method: 'GET' }],
    ['no target', { headers: {} }],
    ["another service's target", jsonRequest('AmazonSSM.GetParameter', {})],
    ['a target that is on every object', jsonRequest('DynamoDB_20120810.constructor', {})],
  ])('%s is UnknownOperationException', async (_, request) => {
    const answer = await sendRaw(service.url, request);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body).__type).toContain('UnknownOperationException');
  });

  it.each([
    ['30 levels that nothing but themselves need', `${'('.repeat(30)}a = :v${')'.repeat(30)}`],
    ['7 levels, each with an operand of its own', `${'('.repeat(7)}a = :v${' AND a = :v)'.repeat(7)}`],
  ])('parentheses of %s are refused before anybody parses them (S3.8)', async (_, FilterExpression) => {
    const ExpressionAttributeValues = { ':v': { S: 'a' } };
    const { status, body } = await send('Scan', { TableName: 'table-a', FilterExpression, ExpressionAttributeValues });
    expect([status, JSON.parse(body).message]).toEqual([
      400,
      'Invalid FilterExpression: parentheses are nested deeper than 6 levels, which the local runtime does not serve.',
    ]);
  });

  it('parentheses of 6 levels are served, and more of them beside each other', async () => {
    for (const FilterExpression of [
      `${'('.repeat(6)}a = :v${' AND a = :v)'.repeat(6)}`,
      Array.from({ length: 20 }, () => '(a = :v AND a = :v)').join(' OR '),
    ]) {
      const ExpressionAttributeValues = { ':v': { S: 'a' } };
      const { status } = await send('Scan', { TableName: 'table-a', FilterExpression, ExpressionAttributeValues });
      expect(status).toBe(200);
    }
  });

  it('a body over 16 MB is refused with 413', async () => {
    const answer = await send('PutItem', 'x'.repeat(16 * 1024 * 1024 + 1));
    expect(answer.status).toBe(413);
  });
});
