import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import type { StageContext } from '#stacks/context.ts';
import { accessOf, clientSettings, hasOwnS3Endpoint } from './aws-access.ts';

/** What a region is asked for the state with. */
export interface StateClients {
  readonly s3: S3Client;
  readonly dynamoDb: DynamoDBClient;
}

/** Clients of one region in a stage's account. */
export function stateClients(context: StageContext, region: string): StateClients {
  const settings = clientSettings(accessOf(context), region);
  return {
    // With redirects S3 says which region an existing bucket is in.
    s3: new S3Client({ ...settings, forcePathStyle: hasOwnS3Endpoint(), followRegionRedirects: true }),
    dynamoDb: new DynamoDBClient(settings),
  };
}
