import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { lambdaContext } from '#tests/support/lambda-context.ts';
import { restEvent } from '#tests/support/rest-event.ts';

const dynamoDb = mockClient(DynamoDBClient);
const s3 = mockClient(S3Client);
afterAll(() => {
  dynamoDb.restore();
  s3.restore();
});

async function freshHandler() {
  vi.resetModules();
  return (await import('#functions/test/handler.ts')).handler;
}

beforeEach(() => {
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('STAGE', 'dev');
  vi.stubEnv('REGION_TYPE', 'secondary');
  vi.stubEnv('TABLE_A_NAME', 'app-dev-table-a');
  vi.stubEnv('TABLE_B_NAME', 'app-dev-table-b');
  vi.stubEnv('DATA_BUCKET_NAME', 'app-dev-data');
  vi.spyOn(console, 'error').mockReturnValue();
  dynamoDb.reset();
  dynamoDb.on(PutItemCommand).resolves({});
  s3.reset();
  s3.on(PutObjectCommand).resolves({});
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('GET /test (S0.9)', () => {
  it('writes to the tables and the bucket that the environment names and answers who did', async () => {
    const handler = await freshHandler();
    const { statusCode, body } = await handler(restEvent({ stage: 'envB' }), lambdaContext());
    const answer = JSON.parse(body);
    expect(statusCode).toBe(200);
    expect(answer).toMatchObject({ env: 'envB', stage: 'dev', region: 'eu-central-1', regionType: 'secondary' });

    const puts = dynamoDb.commandCalls(PutItemCommand).map(({ args }) => args[0].input);
    expect(puts.map(({ TableName, Item }) => [TableName, Item?.id?.S])).toEqual([
      ['app-dev-table-a', answer.written['table-a']],
      ['app-dev-table-b', answer.written['table-b']],
    ]);
    const objects = s3.commandCalls(PutObjectCommand).map(({ args }) => [args[0].input.Bucket, args[0].input.Key]);
    expect(objects).toEqual([['app-dev-data', answer.written.bucket]]);
  });

  it('builds its clients once per execution environment', async () => {
    const handler = await freshHandler();
    await handler(restEvent(), lambdaContext());
    await handler(restEvent(), lambdaContext());
    const clients = new Set([...dynamoDb.send.thisValues, ...s3.send.thisValues]);
    expect(dynamoDb.commandCalls(PutItemCommand)).toHaveLength(4);
    expect(clients.size).toBe(2);
  });

  it('answers 500 without the cause when a write fails, and logs which', async () => {
    s3.on(PutObjectCommand).rejects(new Error('AccessDenied for role/secret'));
    const handler = await freshHandler();
    const { statusCode, body } = await handler(restEvent({ requestId: 'r-1' }), lambdaContext());
    expect(statusCode).toBe(500);
    expect(JSON.parse(body)).toEqual({ error: 'Internal server error', requestId: 'r-1' });
    const logged = JSON.parse(String(vi.mocked(console.error).mock.calls[0]?.[0]));
    expect(logged.error).toMatchObject({
      message: 'Writing to bucket failed.',
      cause: { message: 'AccessDenied for role/secret' },
    });
  });
});
