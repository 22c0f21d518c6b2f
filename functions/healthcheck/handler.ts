import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { access, type healthcheck } from '#contract/healthcheck.ts';
import { clientSettings } from '#functions/adapters/client-settings.ts';
import { dynamoDbItemStore } from '#functions/adapters/dynamodb-item-store.ts';
import { s3ObjectStore } from '#functions/adapters/s3-object-store.ts';
import { readEnvironment, readRegion } from '#functions/environment.ts';
import { restHandler } from '#functions/http/rest-handler.ts';
import type { RouteRequest } from '#functions/http/routes.ts';
import type { ItemStore } from '#functions/ports/item-store.ts';
import type { ObjectStore } from '#functions/ports/object-store.ts';
import { deepCheck, HEALTH_DEADLINE_MILLISECONDS, HEALTH_LIMITS, shallowCheck } from './deep-check.ts';

/** What the region can't serve without. */
interface Dependencies {
  readonly tableA: Pick<ItemStore, 'get'>;
  readonly tableB: Pick<ItemStore, 'get'>;
  readonly bucket: Pick<ObjectStore, 'check'>;
}

/** Id of the item that the tables are asked for. It need not exist: the table's answer is what counts. */
const PROBE_ID = 'healthcheck';

function compose(): Dependencies {
  const { TABLE_A_NAME, TABLE_B_NAME, DATA_BUCKET_NAME } = readEnvironment(access);
  const settings = clientSettings(HEALTH_LIMITS);
  const dynamoDb = new DynamoDBClient(settings);
  return {
    tableA: dynamoDbItemStore(dynamoDb, TABLE_A_NAME),
    tableB: dynamoDbItemStore(dynamoDb, TABLE_B_NAME),
    bucket: s3ObjectStore(new S3Client(settings), DATA_BUCKET_NAME),
  };
}

let dependencies: Dependencies | undefined;

export const handler = restHandler<typeof healthcheck>('healthcheck', { 'GET /healthcheck': checkHealth });

async function checkHealth({ env, query, log }: RouteRequest<typeof healthcheck>) {
  const region = readRegion();
  if (query.shallow !== undefined) return shallowCheck({ env, region });
  dependencies ??= compose();
  const { tableA, tableB, bucket } = dependencies;
  return deepCheck({
    reads: {
      bucket: (signal) => bucket.check(signal),
      'table-a': (signal) => tableA.get(PROBE_ID, signal),
      'table-b': (signal) => tableB.get(PROBE_ID, signal),
    },
    env,
    region,
    deadlineMs: HEALTH_DEADLINE_MILLISECONDS,
    onFailure: (dependency, error) => log.error('A dependency did not answer', { dependency, error }),
  });
}
