import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { access, type test } from '#contract/test.ts';
import { clientSettings } from '#functions/adapters/client-settings.ts';
import { dynamoDbItemStore } from '#functions/adapters/dynamodb-item-store.ts';
import { s3ObjectStore } from '#functions/adapters/s3-object-store.ts';
import { readEnvironment, readRegion } from '#functions/environment.ts';
import { restHandler } from '#functions/http/rest-handler.ts';
import { writeEverywhere } from './write-everywhere.ts';

function compose() {
  const { STAGE, REGION_TYPE, TABLE_A_NAME, TABLE_B_NAME, DATA_BUCKET_NAME } = readEnvironment(access);
  // Three attempts and the waits between them end before the function's timeout, so that a failure is answered and logged.
  const settings = clientSettings({ maxAttempts: 3, connectMs: 1000, attemptMs: 2000 });
  const dynamoDb = new DynamoDBClient(settings);
  return {
    origin: { stage: STAGE, region: readRegion(), regionType: REGION_TYPE },
    destinations: {
      'table-a': dynamoDbItemStore(dynamoDb, TABLE_A_NAME),
      'table-b': dynamoDbItemStore(dynamoDb, TABLE_B_NAME),
      bucket: s3ObjectStore(new S3Client(settings), DATA_BUCKET_NAME),
    },
  };
}

let composed: ReturnType<typeof compose> | undefined;

export const handler = restHandler<typeof test>('test', {
  'GET /test': ({ env }) => {
    composed ??= compose();
    return writeEverywhere(composed.destinations, { env, ...composed.origin });
  },
});
