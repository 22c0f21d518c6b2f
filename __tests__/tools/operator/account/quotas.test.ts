import {
  APIGatewayClient,
  GetApiKeysCommand,
  GetRestApisCommand,
  GetUsagePlansCommand,
} from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client, GetApisCommand, GetDomainNamesCommand } from '@aws-sdk/client-apigatewayv2';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { bucketQuotaCheck, NEEDED, quotaChecks } from '#operator/account/quotas.ts';
import { stackNames } from '#stacks/settings/stack-names.ts';
import { synthesizeStage } from '#tests/support/synthesized-stage.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';

/** Clients of an account that Service Quotas knows nothing of. */
const unknown = () => {
  const ports = {
    quotas: new ServiceQuotasClient({}),
    rest: new APIGatewayClient({}),
    http: new ApiGatewayV2Client({}),
    dynamodb: new DynamoDBClient({}),
    logs: new CloudWatchLogsClient({}),
  };
  mockClient(ports.quotas).on(GetServiceQuotaCommand).resolves({});
  return ports;
};

const many = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);

/** A region with so many custom domain names, and what Service Quotas says of them. */
async function verdicts(domains: number, quota: number | Error, isFirst = true, keys = 5) {
  const ports = {
    quotas: new ServiceQuotasClient({}),
    rest: new APIGatewayClient({}),
    http: new ApiGatewayV2Client({}),
    dynamodb: new DynamoDBClient({}),
    logs: new CloudWatchLogsClient({}),
  };
  const [quotas, rest, http, dynamodb, logs] = [
    mockClient(ports.quotas),
    mockClient(ports.rest),
    mockClient(ports.http),
    mockClient(ports.dynamodb),
    mockClient(ports.logs),
  ];
  quotas.on(GetServiceQuotaCommand).resolves({});
  const ofDomains = quotas.on(GetServiceQuotaCommand, { ServiceCode: 'apigateway', QuotaCode: 'L-A93447B8' });
  if (quota instanceof Error) ofDomains.rejects(quota);
  else ofDomains.resolves({ Quota: { Value: quota } });
  rest.on(GetRestApisCommand).resolves({ items: many(3, {}) });
  rest.on(GetUsagePlansCommand).resolves({ items: many(4, {}) });
  rest.on(GetApiKeysCommand).resolves({ items: many(keys, {}) });
  logs.on(DescribeLogGroupsCommand).resolvesOnce({ logGroups: many(50, {}), nextToken: 'more' });
  logs.on(DescribeLogGroupsCommand, { nextToken: 'more' }).resolves({ logGroups: many(1, {}) });
  http
    .on(GetApisCommand)
    .resolves({ Items: many(2, { Name: 'a', ProtocolType: 'HTTP', RouteSelectionExpression: '' }) });
  http.on(GetDomainNamesCommand).resolves({ Items: many(domains, { DomainName: 'a' }) });
  dynamodb.on(ListTablesCommand).resolves({ TableNames: many(7, 'a') });
  return Promise.all(quotaChecks(context, 'eu-west-1', isFirst, ports).map((check) => check()));
}

describe("a region's quotas (B29)", () => {
  it('are counted against what the account has been given, or starts with', async () => {
    expect(await verdicts(10, 150)).toEqual([
      { outcome: 'ok', found: '5 of 600 regional APIs in eu-west-1' },
      { outcome: 'ok', found: '10 of 150 custom domain names in eu-west-1' },
      { outcome: 'ok', found: '4 of 300 usage plans in eu-west-1' },
      { outcome: 'ok', found: '5 of 10000 API keys in eu-west-1' },
      { outcome: 'ok', found: '7 of 2500 tables in eu-west-1' },
      { outcome: 'ok', found: '51 of 1000000 log groups in eu-west-1' },
    ]);
  });

  it('that a first deploy would exceed fail, with the page to ask for more; of a stage that is there nothing more is needed', async () => {
    const page = 'https://eu-west-1.console.aws.amazon.com/servicequotas/home/services/apigateway/quotas/L-A93447B8';
    expect((await verdicts(149, 150))[1]).toEqual({
      outcome: 'fail',
      found: '149 of 150 custom domain names in eu-west-1, a stage needs 4',
      fix: `Ask for more: ${page}`,
    });
    expect((await verdicts(150, 150, false))[1]).toMatchObject({ outcome: 'ok' });
  });

  it('that may not be asked only warn: the account may have more than others', async () => {
    expect((await verdicts(119, new Error('AccessDeniedException')))[1]).toMatchObject({
      outcome: 'warn',
      found: '119 of 120 custom domain names in eu-west-1, a stage needs 4',
    });
  });

  it('that nobody raises fail where they are used up, and say so', async () => {
    expect((await verdicts(10, 150, true, 9999))[3]).toEqual({
      outcome: 'fail',
      found: '9999 of 10000 API keys in eu-west-1, a stage needs 2',
      fix: 'AWS gives nobody more: delete what nobody needs.',
    });
  });

  it('of log groups are not counted to their end: a million of them would take half an hour', async () => {
    const logs = new CloudWatchLogsClient({});
    mockClient(logs)
      .on(DescribeLogGroupsCommand)
      .callsFake(({ nextToken = '0' }) => ({ logGroups: many(50, {}), nextToken: String(Number(nextToken) + 1) }));
    const ports = { ...unknown(), logs };
    const check = quotaChecks(context, 'eu-west-1', true, ports).at(-1);
    expect(await check?.()).toEqual({
      outcome: 'skipped',
      found: 'more log groups in eu-west-1 than are counted, of 1000000',
    });
  });
});

describe("an account's quota of buckets (B29)", () => {
  it('is one for all regions, asked where Service Quotas knows it', async () => {
    const ports = { s3: new S3Client({}), quotas: new ServiceQuotasClient({}) };
    mockClient(ports.s3)
      .on(ListBucketsCommand)
      .resolves({ Buckets: many(97, {}) });
    mockClient(ports.quotas)
      .on(GetServiceQuotaCommand, { ServiceCode: 's3', QuotaCode: 'L-DC2B2D3D' })
      .resolves({ Quota: { Value: 100 } });
    expect(await bucketQuotaCheck(context, true, ports)()).toEqual({
      outcome: 'fail',
      found: `97 of 100 buckets, a stage needs ${NEEDED.buckets}`,
      fix: 'Ask for more: https://us-east-1.console.aws.amazon.com/servicequotas/home/services/s3/quotas/L-DC2B2D3D',
    });
    expect(await bucketQuotaCheck(context, false, ports)()).toMatchObject({ outcome: 'ok' });
  });
});

it('what a stage needs of each quota is what its stacks make (B29)', async () => {
  // As settings are shipped: with all that runs by a schedule.
  const { alarms } = context.settings;
  const stack = await synthesizeStage('dev', {
    ...{ failback: 'manual', routeAway: 'watch' },
    alarms: { ...alarms, heartbeatAgeSeconds: 180 },
  });
  const made = (type: string, region = 'primary') =>
    stackNames(context.settings.apiEnvironments)
      .filter((name) => name.endsWith(`-${region}`) || !/-(?:primary|secondary)$/.test(name))
      .reduce((sum, name) => sum + stack(name).resources(type).length, 0);
  expect(NEEDED).toEqual({
    apis: made('aws_api_gateway_rest_api') + made('aws_apigatewayv2_api'),
    domains: made('aws_api_gateway_domain_name') + made('aws_apigatewayv2_domain_name'),
    usagePlans: made('aws_api_gateway_usage_plan'),
    keys: made('aws_api_gateway_api_key'),
    tables: made('aws_dynamodb_table'),
    logGroups: made('aws_cloudwatch_log_group', 'secondary'),
    buckets: made('aws_s3_bucket') + made('aws_s3_bucket', 'secondary'),
  });
});
