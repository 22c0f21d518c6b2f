import {
  APIGatewayClient,
  paginateGetApiKeys,
  paginateGetRestApis,
  paginateGetUsagePlans,
} from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client, GetApisCommand, GetDomainNamesCommand } from '@aws-sdk/client-apigatewayv2';
import { CloudWatchLogsClient, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import { paginateListBuckets, S3Client } from '@aws-sdk/client-s3';
import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { accessOf, clientSettings, hasOwnS3Endpoint } from '#operator/aws/aws-access.ts';
import { everyPage } from '#operator/aws/every-page.ts';
import type { StageContext } from '#stacks/context.ts';
import { quotaPage } from './limits.ts';
import type { Verdict } from './verdict.ts';

/** What the stacks of one stage make in a region; of buckets, in both. Of the domains two are public names, two the region's own. */
export const NEEDED = { apis: 2, domains: 4, usagePlans: 2, keys: 2, tables: 7, logGroups: 18, buckets: 6 } as const;

/** Service Quotas knows what belongs to an account and to no region only there. Source: Amazon S3 User Guide, "Bucket quotas". */
const REGION_OF_ACCOUNTS = 'us-east-1';

/** Pages of log groups that are counted at most. CloudWatch Logs answers ten requests a second, with 50 groups each. */
const PAGES_OF_GROUPS = 40;

/** Something that an account may have so many of. */
interface Quota {
  readonly name: string;
  /** As Service Quotas names it. */
  readonly service: 'apigateway' | 'dynamodb' | 'logs' | 's3';
  /** @default - it cannot be raised, and Service Quotas does not know it */
  readonly code?: string;
  /** What accounts start with. It counts where Service Quotas may not be asked. */
  readonly usual: number;
  readonly needed: number;
  /** `undefined` where they are too many to be counted. */
  readonly used: () => Promise<number | undefined>;
}

/** Clients of one region. */
interface QuotaPorts {
  readonly quotas: ServiceQuotasClient;
  readonly rest: APIGatewayClient;
  readonly http: ApiGatewayV2Client;
  readonly dynamodb: DynamoDBClient;
  readonly logs: CloudWatchLogsClient;
}

/**
 * Whether a region of the account has room for what a stage's stacks make there: one question per quota.
 *
 * Source: Amazon API Gateway Developer Guide, "Quotas for configuring and running a REST API"; Amazon DynamoDB Developer Guide, "Quotas"; Amazon
 * CloudWatch Logs User Guide, "CloudWatch Logs quotas"; Service Quotas API Reference, "GetServiceQuota".
 *
 * @param isFirst - whether nothing of the stage is there yet
 */
export function quotaChecks(
  context: StageContext,
  region: string,
  isFirst: boolean,
  ports = awsPorts(context, region),
): readonly (() => Promise<Verdict>)[] {
  return quotasOf(ports).map(
    (quota) => () => verdictOf(quota, { region, where: ` in ${region}`, isFirst }, ports.quotas),
  );
}

/** The same for buckets, which an account has so many of in all regions together. */
export function bucketQuotaCheck(
  context: StageContext,
  isFirst: boolean,
  ports = awsBucketPorts(context),
): () => Promise<Verdict> {
  const buckets: Quota = {
    name: 'buckets',
    service: 's3',
    code: 'L-DC2B2D3D',
    usual: 10_000,
    needed: NEEDED.buckets,
    used: () => counted(paginateListBuckets({ client: ports.s3 }, { MaxBuckets: 1000 }), ({ Buckets }) => Buckets),
  };
  return () => verdictOf(buckets, { region: REGION_OF_ACCOUNTS, where: '', isFirst }, ports.quotas);
}

async function verdictOf(
  { name, service, code, usual, needed, used }: Quota,
  { region, where, isFirst }: { readonly region: string; readonly where: string; readonly isFirst: boolean },
  client: ServiceQuotasClient,
): Promise<Verdict> {
  const [most, count] = await Promise.all([code === undefined ? usual : appliedQuota(client, service, code), used()]);
  const limit = most ?? usual;
  if (count === undefined) return { outcome: 'skipped', found: `more ${name}${where} than are counted, of ${limit}` };
  const found = `${count} of ${limit} ${name}${where}`;
  const wanted = isFirst ? needed : 0;
  if (limit - count >= wanted) return { outcome: 'ok', found };
  // What is not known must not stop anybody: the account may have been given more.
  const outcome = most === undefined ? 'warn' : 'fail';
  const fix =
    code === undefined ? `AWS gives nobody more: delete what nobody needs.` : quotaPage(region, service, code);
  return { outcome, found: `${found}, a stage needs ${wanted}`, fix };
}

function quotasOf({ rest, http, dynamodb, logs }: QuotaPorts): readonly Quota[] {
  const apigateway = { service: 'apigateway' } as const;
  return [
    {
      ...apigateway,
      name: 'regional APIs',
      code: 'L-AA0FF27B',
      usual: 600,
      needed: NEEDED.apis,
      used: async () =>
        (await counted(paginateGetRestApis({ client: rest }, { limit: 500 }), ({ items }) => items)) +
        (await everyPage((NextToken) => http.send(new GetApisCommand({ NextToken })))).length,
    },
    {
      ...apigateway,
      name: 'custom domain names',
      code: 'L-A93447B8',
      usual: 120,
      needed: NEEDED.domains,
      // Version 2 lists the names of both kinds of APIs.
      used: async () => (await everyPage((NextToken) => http.send(new GetDomainNamesCommand({ NextToken })))).length,
    },
    {
      ...apigateway,
      name: 'usage plans',
      code: 'L-E8693075',
      usual: 300,
      needed: NEEDED.usagePlans,
      used: () => counted(paginateGetUsagePlans({ client: rest }, { limit: 500 }), ({ items }) => items),
    },
    {
      ...apigateway,
      name: 'API keys',
      usual: 10_000,
      needed: NEEDED.keys,
      used: () => counted(paginateGetApiKeys({ client: rest }, { limit: 500 }), ({ items }) => items),
    },
    {
      name: 'tables',
      service: 'dynamodb',
      code: 'L-F98FE922',
      usual: 2500,
      needed: NEEDED.tables,
      used: () => counted(paginateListTables({ client: dynamodb }, {}), ({ TableNames }) => TableNames),
    },
    {
      name: 'log groups',
      service: 'logs',
      code: 'L-C7B9AAAB',
      usual: 1_000_000,
      needed: NEEDED.logGroups,
      used: () => countGroups(logs),
    },
  ];
}

async function counted<P>(pages: AsyncIterable<P>, of: (page: P) => readonly unknown[] | undefined): Promise<number> {
  let count = 0;
  for await (const page of pages) count += of(page)?.length ?? 0;
  return count;
}

async function countGroups(client: CloudWatchLogsClient): Promise<number | undefined> {
  let [count, pages] = [0, 0];
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client, pageSize: 50 }, {})) {
    count += logGroups.length;
    pages += 1;
    if (pages > PAGES_OF_GROUPS) return undefined;
  }
  return count;
}

/** What the account has been given; `undefined` where that may not be asked, or is not known. */
export async function appliedQuota(
  client: ServiceQuotasClient,
  service: string,
  code: string,
): Promise<number | undefined> {
  const command = new GetServiceQuotaCommand({ ServiceCode: service, QuotaCode: code });
  return client.send(command).then(
    ({ Quota }) => Quota?.Value,
    () => undefined,
  );
}

function awsPorts(context: StageContext, region: string): QuotaPorts {
  const settings = clientSettings(accessOf(context), region);
  return {
    quotas: new ServiceQuotasClient(settings),
    rest: new APIGatewayClient(settings),
    http: new ApiGatewayV2Client(settings),
    dynamodb: new DynamoDBClient(settings),
    logs: new CloudWatchLogsClient(settings),
  };
}

function awsBucketPorts(context: StageContext): { readonly s3: S3Client; readonly quotas: ServiceQuotasClient } {
  const settings = clientSettings(accessOf(context), REGION_OF_ACCOUNTS);
  return {
    s3: new S3Client({ ...settings, forcePathStyle: hasOwnS3Endpoint() }),
    quotas: new ServiceQuotasClient(settings),
  };
}
