import { DescribeTableCommand, type DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { DeleteObjectsCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import { unlessAbsent } from '#operator/aws/absent.ts';
import { retryWhile } from '#operator/aws/retry.ts';
import { unless } from '#operator/aws/setting.ts';
import { stateClients } from '#operator/aws/state-clients.ts';
import { inRegion, isProtected, type RegionType, type StageContext } from '#stacks/context.ts';
import { prefix } from '#stacks/naming.ts';
import type { HeldStack } from './held-stacks.ts';

/** A table or a bucket that goes with its stack. */
export interface StageData {
  readonly stack: string;
  /** Of a bucket, where it is. */
  readonly regionType?: RegionType;
  readonly kind: 'bucket' | 'table';
  readonly name: string;
  /** Items of a table, as DynamoDB counts them about every six hours; versions of objects of a bucket, at most a thousand. */
  readonly count: number;
  /** There are more than {@link count}. */
  readonly isMore: boolean;
  /** It does not go without being told so once more. */
  readonly isProtected: boolean;
}

/** What is asked of tables and buckets, and done to them before their stack is destroyed. */
export interface DataPort {
  readonly look: (stacks: readonly HeldStack[]) => Promise<readonly StageData[]>;
  /** Takes away what would stop Terraform: protection of tables, in both regions; what buckets hold, with every version. */
  readonly letGo: (data: readonly StageData[]) => Promise<void>;
}

/** A page of S3's lists, and the most that it deletes at once. */
const PAGE = 1000;

const REGIONS: readonly RegionType[] = ['primary', 'secondary'];

/** Tables and buckets of a stage on AWS. Nothing is asked yet. */
export function awsStageData(context: StageContext): DataPort {
  const clients = (regionType: RegionType) => stateClients(context, inRegion(context, regionType).region);
  const regions = { primary: clients('primary'), secondary: clients('secondary') };
  const table = async (stack: string, name: string): Promise<StageData[]> => {
    const found = await Promise.all(REGIONS.map(async (type) => (await describe(regions[type].dynamoDb, name))?.Table));
    const there = found.filter((each) => each !== undefined);
    if (there.length === 0) return [];
    const count = Math.max(...there.map(({ ItemCount = 0 }) => ItemCount));
    const guarded = there.some(({ DeletionProtectionEnabled }) => DeletionProtectionEnabled === true);
    return [{ stack, kind: 'table', name, count, isMore: false, isProtected: guarded }];
  };
  const bucket = async ({ name: stack, regionType = 'primary' }: HeldStack, name: string): Promise<StageData[]> => {
    const page = await versionsOf(regions[regionType].s3, name);
    if (page === undefined) return [];
    const { objects, isMore } = page;
    // Packages are made again from the code.
    const isData = !name.startsWith(`${prefix(context)}-packages-`);
    const guarded = isProtected(context.stage) && isData && objects.length > 0;
    return [{ stack, regionType, kind: 'bucket', name, count: objects.length, isMore, isProtected: guarded }];
  };
  return {
    look: async (stacks) => {
      const asked = stacks.flatMap((stack) => [
        ...stack.tables.map((name) => table(stack.name, name)),
        ...stack.buckets.map((name) => bucket(stack, name)),
      ]);
      return (await Promise.all(asked)).flat();
    },
    letGo: async (data) => {
      await Promise.all(
        data
          .filter(({ isProtected: guarded, kind }) => guarded && kind === 'table')
          .flatMap(({ name }) => REGIONS.map((type) => unprotect(regions[type].dynamoDb, name))),
      );
      // What was empty when it was looked at, and has been written since, is not emptied behind anybody's back.
      const full = data.filter(({ count, kind }) => kind === 'bucket' && count > 0);
      await Promise.all(full.map(({ name, regionType = 'primary' }) => emptyBucket(regions[regionType].s3, name)));
    },
  };
}

function describe(client: DynamoDBClient, TableName: string) {
  return unlessAbsent(client.send(new DescribeTableCommand({ TableName })));
}

/** Source: Amazon DynamoDB API Reference, "UpdateTable": one change at a time, and of global tables in each region by itself. */
async function unprotect(client: DynamoDBClient, TableName: string): Promise<void> {
  const found = await describe(client, TableName);
  if (found?.Table?.DeletionProtectionEnabled !== true) return;
  await retryWhile(
    ({ name }) => name === 'ResourceInUseException',
    () => client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false })),
  );
}

async function versionsOf(client: S3Client, Bucket: string) {
  const page = await unless(['NoSuchBucket'], client.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: PAGE })));
  if (page === undefined) return undefined;
  const objects = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key, VersionId }) => ({
    Key,
    VersionId,
  }));
  return { objects, isMore: page.IsTruncated === true };
}

async function emptyBucket(client: S3Client, Bucket: string): Promise<void> {
  for (;;) {
    const page = await versionsOf(client, Bucket);
    if (page === undefined || page.objects.length === 0) return;
    const { Errors: [refused] = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: page.objects, Quiet: true } }),
    );
    if (refused) throw new Error(`S3 does not delete ${refused.Key} of ${Bucket}: ${refused.Code} ${refused.Message}`);
  }
}

/** Lines that name data: `table two-region-api-prod-user  1200 items`. */
export function describeData({ kind, name, count, isMore, isProtected: guarded }: StageData): string[] {
  const what = kind === 'table' ? `${count} items` : `${isMore ? `more than ${count}` : count} objects`;
  return [kind, name, what, guarded ? 'protected' : ''];
}
