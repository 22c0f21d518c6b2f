import { APIGatewayClient, GetRestApisCommand, GetUsagePlansCommand } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client, GetApisCommand, GetDomainNamesCommand } from '@aws-sdk/client-apigatewayv2';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { quotaChecks } from '#operator/account/quotas.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';

const many = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);

/** A region with so many custom domain names, and what Service Quotas says of them. */
async function verdicts(domains: number, quota: number | Error, isFirst = true) {
  const ports = {
    quotas: new ServiceQuotasClient({}),
    rest: new APIGatewayClient({}),
    http: new ApiGatewayV2Client({}),
    dynamodb: new DynamoDBClient({}),
  };
  const [quotas, rest, http, dynamodb] = [
    mockClient(ports.quotas),
    mockClient(ports.rest),
    mockClient(ports.http),
    mockClient(ports.dynamodb),
  ];
  quotas.on(GetServiceQuotaCommand).resolves({});
  const ofDomains = quotas.on(GetServiceQuotaCommand, { ServiceCode: 'apigateway', QuotaCode: 'L-A93447B8' });
  if (quota instanceof Error) ofDomains.rejects(quota);
  else ofDomains.resolves({ Quota: { Value: quota } });
  rest.on(GetRestApisCommand).resolves({ items: many(3, {}) });
  rest.on(GetUsagePlansCommand).resolves({ items: many(4, {}) });
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
      { outcome: 'ok', found: '7 of 2500 tables in eu-west-1' },
    ]);
  });

  it('that a first deploy would exceed fail, with the page to ask for more; of a stage that is there nothing more is needed', async () => {
    const page = 'https://eu-west-1.console.aws.amazon.com/servicequotas/home/services/apigateway/quotas/L-A93447B8';
    expect((await verdicts(149, 150))[1]).toEqual({
      outcome: 'fail',
      found: '149 of 150 custom domain names in eu-west-1, a stage needs 2',
      fix: `Ask for more: ${page}`,
    });
    expect((await verdicts(150, 150, false))[1]).toMatchObject({ outcome: 'ok' });
  });

  it('that may not be asked only warn: the account may have more than others', async () => {
    expect((await verdicts(119, new Error('AccessDeniedException')))[1]).toMatchObject({
      outcome: 'warn',
      found: '119 of 120 custom domain names in eu-west-1, a stage needs 2',
    });
  });
});
