import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { hostileJsonText, hostileStrings } from '#tests/support/hostile-json.ts';
import { type HttpEventOptions, httpEvent } from '#tests/support/http-event.ts';
import { lambdaContext } from '#tests/support/lambda-context.ts';
import { quietLog } from '#tests/support/quiet-log.ts';

const errors = quietLog();
const dynamoDb = mockClient(DynamoDBClient);
afterAll(() => dynamoDb.restore());
const event = { date: '2021-08-28', time: '14:19:00.000', userId: 'EX8C9MRZfhL', eventType: 'login' };
const item = Object.fromEntries(Object.entries(event).map(([name, value]) => [name, { S: value }]));

async function call(options: HttpEventOptions) {
  const { handler } = await import('#functions/events/handler.ts');
  const { statusCode, body } = await handler(httpEvent(options), lambdaContext('events'));
  return { statusCode, body: JSON.parse(body ?? '') };
}
const post = (body: string, options: HttpEventOptions = {}) => call({ method: 'POST', body, ...options });

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.spyOn(console, 'log').mockReturnValue();
  vi.stubEnv('METRIC_NAMESPACE', 'app-dev');
  vi.stubEnv('EVENT_TABLE_NAME', 'app-dev-event-log');
  vi.stubEnv('PREVIEW_EVENT_TABLE_NAME', 'app-dev-preview-event-log');
  dynamoDb.reset();
  dynamoDb.on(PutItemCommand).resolves({});
  dynamoDb.on(QueryCommand).resolves({ Items: [item] });
  dynamoDb.on(ScanCommand).resolves({ Items: [item], LastEvaluatedKey: { date: { S: 'd' }, time: { S: 't' } } });
});

describe('POST /events (S2.1)', () => {
  it("stores the event and answers the user's id as a JSON string", async () => {
    expect(await post(JSON.stringify(event))).toEqual({ statusCode: 200, body: 'Put item EX8C9MRZfhL' });
    expect(dynamoDb.commandCalls(PutItemCommand)[0]?.args[0].input).toEqual({
      TableName: 'app-dev-event-log',
      Item: item,
    });
  });

  it('counts what it has stored as a metric of its environment, and nothing else (S3.7)', async () => {
    const log = vi.spyOn(console, 'log').mockReturnValue();
    await post(JSON.stringify(event));
    await post('{}');
    dynamoDb.on(PutItemCommand).rejects(new Error('throttled'));
    await post(JSON.stringify(event));
    expect(log.mock.calls.map(([line]) => JSON.parse(String(line)))).toEqual([
      {
        _aws: {
          Timestamp: expect.any(Number),
          CloudWatchMetrics: [
            {
              Namespace: 'app-dev',
              Dimensions: [['environment']],
              Metrics: [{ Name: 'EventsStored', Unit: 'Count' }],
            },
          ],
        },
        environment: expect.stringMatching(/./),
        EventsStored: 1,
        requestId: expect.stringMatching(/./),
      },
    ]);
  });

  it('counts no event that a journey stores (B26)', async () => {
    const said = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const stored = await post(JSON.stringify({ ...event, date: '0001-01-01' }));
    expect(stored).toMatchObject({ statusCode: 200 });
    expect(said.mock.calls.flat().filter((line) => String(line).includes('CloudWatchMetrics'))).toEqual([]);
  });

  it('serves what reads without the namespace of metrics, which a release without this operation lacks', async () => {
    vi.stubEnv('METRIC_NAMESPACE', undefined);
    expect(await call({ query: { date: '2021-08-28' } })).toMatchObject({ statusCode: 200 });
  });

  it('reads a body that the gateway encoded as base64', async () => {
    const body = Buffer.from(JSON.stringify(event)).toString('base64');
    expect(await post(body, { isBase64Encoded: true })).toMatchObject({ statusCode: 200 });
  });

  it.each([
    [{ ...event, date: '2021-13-01' }, 'date: Invalid ISO date'],
    [{ ...event, date: '2021-02-29' }, 'date: Invalid ISO date'],
    [{ ...event, time: '24:00:00' }, 'time: Invalid time: expected one such as 14:19:00'],
    [{ ...event, userId: '' }, 'userId: Too small'],
    [{ ...event, userId: '\ud800' }, 'userId: Invalid text'],
    [{ ...event, eventType: 7 }, 'eventType: Invalid input: expected string, received number'],
    [{}, 'eventType: Invalid input'],
    [[event], 'body: Invalid input: expected object'],
    [null, 'body: Invalid input: expected object'],
  ])('answers 400 to %j and names what is wrong', async (body, says) => {
    const answer = await post(JSON.stringify(body), { requestId: 'r-1' });
    expect(answer).toEqual({ statusCode: 400, body: { error: expect.stringContaining(says), requestId: 'r-1' } });
    expect(dynamoDb.calls()).toEqual([]);
  });

  it('stores no field that the contract does not declare', async () => {
    await post(`{"__proto__":{"admin":true},"extra":1,${JSON.stringify(event).slice(1)}`);
    expect(dynamoDb.commandCalls(PutItemCommand)[0]?.args[0].input.Item).toEqual(item);
  });

  it('stores an event once for all attempts with one idempotency key, and leaves another event alone (B23)', async () => {
    const headers = { 'idempotency-key': 'k-1' };
    expect(await post(JSON.stringify(event), { headers })).toMatchObject({ statusCode: 200 });
    expect(dynamoDb.commandCalls(PutItemCommand)[0]?.args[0].input).toMatchObject({
      Item: { ...item, idempotencyKey: { S: 'k-1' } },
      ConditionExpression: 'attribute_not_exists(#date) OR idempotencyKey = :key',
      ExpressionAttributeValues: { ':key': { S: 'k-1' } },
    });
    const taken = new ConditionalCheckFailedException({ message: 'taken', $metadata: {} });
    dynamoDb.on(PutItemCommand).rejects(taken);
    expect(await post(JSON.stringify(event), { headers, requestId: 'r-1' })).toEqual({
      statusCode: 409,
      body: { error: 'Another event has the date 2021-08-28 and the time 14:19:00.000', requestId: 'r-1' },
    });
    const long = await post(JSON.stringify(event), { headers: { 'idempotency-key': 'k'.repeat(129) } });
    expect(long).toMatchObject({ statusCode: 400, body: { error: expect.stringContaining('idempotency-key') } });
  });

  it('answers 400 to another content type', async () => {
    const answer = await post(JSON.stringify(event), { headers: { 'content-type': 'text/plain' } });
    expect(answer).toMatchObject({ statusCode: 400, body: { error: expect.stringContaining('content-type') } });
  });
});

describe('GET /events (S2.2)', () => {
  it('queries the events of a date in order of time', async () => {
    const answer = await call({ query: { date: '2021-08-28', limit: '10' } });
    expect(answer).toEqual({ statusCode: 200, body: { Items: [event], Count: 1 } });
    expect(dynamoDb.commandCalls(QueryCommand)[0]?.args[0].input).toEqual({
      TableName: 'app-dev-event-log',
      Limit: 10,
      ExclusiveStartKey: undefined,
      KeyConditionExpression: '#date = :date',
      ExpressionAttributeNames: { '#date': 'date' },
      ExpressionAttributeValues: { ':date': { S: '2021-08-28' } },
    });
  });

  it('scans for the events of all dates, and goes on where Next points to', async () => {
    const { body } = await call({});
    expect(body).toEqual({ Items: [event], Count: 1, Next: expect.any(String) });
    await call({ query: { next: body.Next } });
    const scans = dynamoDb.commandCalls(ScanCommand).map(({ args }) => args[0].input);
    expect(scans).toEqual([
      { TableName: 'app-dev-event-log', Limit: 100, ExclusiveStartKey: undefined },
      { TableName: 'app-dev-event-log', Limit: 100, ExclusiveStartKey: { date: { S: 'd' }, time: { S: 't' } } },
    ]);
  });
});

describe('the events of the environment preview', () => {
  it('are in a table of their own', async () => {
    await post(JSON.stringify(event), { stage: 'preview' });
    await call({ stage: 'preview' });
    const tables = dynamoDb.calls().map(({ args }) => (args[0].input as { TableName?: string }).TableName);
    expect(tables).toEqual(['app-dev-preview-event-log', 'app-dev-preview-event-log']);
  });
});

describe('hostile input', () => {
  it('is never answered with a 5xx', async () => {
    const request = fc.record({
      method: fc.constantFrom('GET', 'POST'),
      body: hostileJsonText,
      isBase64Encoded: fc.boolean(),
      query: fc.dictionary(fc.constantFrom('date', 'limit', 'next', '__proto__'), fc.constantFrom(...hostileStrings)),
      headers: fc.dictionary(fc.constantFrom('content-type', 'x-correlation-id'), fc.constantFrom(...hostileStrings)),
    });
    await fc.assert(
      fc.asyncProperty(request, async (options) => {
        expect((await call(options)).statusCode).toBeLessThan(500);
      }),
      { numRuns: 500 },
    );
    expect(errors()).toEqual([]);
  });
});

describe('GET /events/healthcheck (B23)', () => {
  const origin = { env: 'envA', region: 'eu-central-1' };
  const path = '/events/healthcheck';

  it("reads the event log that the environment's events are in", async () => {
    const healthy = { statusCode: 200, body: { status: 'ok', check: 'deep', ...origin } };
    expect(await call({ path, stage: 'envA' })).toEqual(healthy);
    expect(await call({ path, stage: 'preview' })).toMatchObject({ statusCode: 200, body: { env: 'preview' } });
    const tables = dynamoDb.commandCalls(QueryCommand).map(({ args: [{ input }] }) => input.TableName);
    expect(tables).toEqual(['app-dev-event-log', 'app-dev-preview-event-log']);
  });

  it('asks for no data with ?shallow, so that it answers whatever the table does', async () => {
    dynamoDb.on(QueryCommand).rejects(new Error('throttled'));
    const shallow = await call({ path, stage: 'envA', query: { shallow: 'true' } });
    expect(shallow).toEqual({ statusCode: 200, body: { status: 'ok', check: 'shallow', ...origin } });
    expect(dynamoDb.calls()).toEqual([]);
  });

  it('answers 503 and keeps the cause to the log when the table refuses', async () => {
    dynamoDb.on(QueryCommand).rejects(new Error('AccessDenied: secret'));
    const unavailable = { status: 'unavailable', failing: ['event-log'], late: [], ...origin };
    expect(await call({ path, stage: 'envA' })).toEqual({ statusCode: 503, body: unavailable });
    expect(JSON.stringify(errors())).toContain('AccessDenied');
  });
});
