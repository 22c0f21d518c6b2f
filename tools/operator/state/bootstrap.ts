import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { isProtected, type StageContext } from '../../../stacks/context.ts';
import { lockTableName, stateBucketName } from '../../../stacks/naming.ts';
import { accessOf, clientSettings, hasOwnS3Endpoint } from '../aws/aws-access.ts';
import { bucketSettings } from './bucket-settings.ts';
import { claimLockTable, lockTableSettings } from './lock-table.ts';
import { ensureSettings, type Finding } from './setting.ts';
import { claimBucket } from './state-bucket.ts';

/** Where a stage keeps Terraform's state, and what was done to make it so. */
export interface BootstrapReport {
  readonly stage: string;
  readonly account: string;
  readonly region: string;
  readonly bucket: { readonly name: string; readonly findings: readonly Finding[] };
  readonly lockTable: { readonly name: string; readonly findings: readonly Finding[] };
}

/**
 * Makes the bucket of a stage's remote state and the table of its locks in the primary region. Safe to run again: what is right stays,
 * what is missing is made, what differs is repaired.
 *
 * @param onStep - hears of each resource before work on it starts
 * @throws StateStorageError for a bucket or table that belongs to somebody or something else
 */
export async function bootstrapState(
  context: StageContext,
  onStep: (message: string) => void,
): Promise<BootstrapReport> {
  const region = context.settings.primaryRegion;
  const settings = clientSettings(accessOf(context), region);
  onStep('Asking AWS whose credentials these are …');
  const { Account: account } = await new STSClient(settings).send(new GetCallerIdentityCommand({}));
  if (account === undefined) throw new Error('AWS STS answered GetCallerIdentity without an account.');

  const bucket = stateBucketName(context);
  onStep(`Bucket ${bucket} in ${region}, account ${account} …`);
  // With redirects S3 says which region an existing bucket is in.
  const s3 = new S3Client({ ...settings, forcePathStyle: hasOwnS3Endpoint(), followRegionRedirects: true });
  const owned = { bucket, account, region };
  const bucketIsNew = await claimBucket(s3, owned);
  const bucketFindings = await ensureSettings(bucketIsNew, bucketSettings(s3, owned));

  const table = lockTableName(context);
  onStep(`Lock table ${table} in ${region} …`);
  const dynamoDb = new DynamoDBClient(settings);
  const tableIsNew = await claimLockTable(dynamoDb, table);
  const deletionProtection = isProtected(context.stage);
  const tableFindings = await ensureSettings(tableIsNew, lockTableSettings(dynamoDb, table, { deletionProtection }));

  const self = (name: string, isNew: boolean): Finding => ({ name, outcome: isNew ? 'made' : 'existed' });
  return {
    stage: context.stage,
    account,
    region,
    bucket: { name: bucket, findings: [self('bucket', bucketIsNew), ...bucketFindings] },
    lockTable: { name: table, findings: [self('table', tableIsNew), ...tableFindings] },
  };
}
