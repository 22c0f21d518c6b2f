import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { access, type healthcheck } from '#contract/healthcheck.ts';
import { clientSettings } from '#functions/adapters/client-settings.ts';
import { dynamoDbItemStore } from '#functions/adapters/dynamodb-item-store.ts';
import { s3ObjectStore } from '#functions/adapters/s3-object-store.ts';
import { readEnvironment, readRegion } from '#functions/environment.ts';
import { restHandler } from '#functions/http/rest-handler.ts';
import { type Dependencies, deepCheck, shallowCheck } from './deep-check.ts';

/**
 * Route 53 wants the status code within 2 s of connecting; this leaves 0.8 s for the gateway and a cold start.
 *
 * Source: Amazon Route 53 Developer Guide, "How Amazon Route 53 determines whether a health check is healthy".
 */
const deadlineMs = 1200;

function compose(): Dependencies {
  const { TABLE_A_NAME, TABLE_B_NAME, DATA_BUCKET_NAME } = readEnvironment(access);
  const settings = clientSettings({ maxAttempts: 3, connectMs: 300, attemptMs: 500 });
  const dynamoDb = new DynamoDBClient(settings);
  return {
    'table-a': dynamoDbItemStore(dynamoDb, TABLE_A_NAME),
    'table-b': dynamoDbItemStore(dynamoDb, TABLE_B_NAME),
    bucket: s3ObjectStore(new S3Client(settings), DATA_BUCKET_NAME),
  };
}

let dependencies: Dependencies | undefined;

export const handler = restHandler<typeof healthcheck>('healthcheck', async ({ env, query, log }) => {
  const region = readRegion();
  if (query('shallow') !== undefined) return shallowCheck({ env, region });
  dependencies ??= compose();
  const onFailure = (dependency: string, error: unknown) =>
    log.error('A dependency did not answer', { dependency, error });
  return deepCheck({ dependencies, env, region, deadlineMs, onFailure });
});
