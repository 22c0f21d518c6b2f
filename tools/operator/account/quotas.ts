import { APIGatewayClient, paginateGetRestApis, paginateGetUsagePlans } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client, GetApisCommand, GetDomainNamesCommand } from '@aws-sdk/client-apigatewayv2';
import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import { GetServiceQuotaCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { everyPage } from '#operator/aws/every-page.ts';
import type { StageContext } from '#stacks/context.ts';
import { quotaPage } from './limits.ts';
import type { Verdict } from './verdict.ts';

/** Something that an account may have so many of in a region. */
interface Quota {
  readonly name: string;
  /** Service and quota, as Service Quotas names them. */
  readonly service: 'apigateway' | 'dynamodb';
  readonly code: string;
  /** What accounts start with. It counts where Service Quotas may not be asked. */
  readonly usual: number;
  /** How many more the stacks of one stage make in a region. */
  readonly needed: number;
  readonly used: () => Promise<number>;
}

/** Clients of one region. */
interface QuotaPorts {
  readonly quotas: ServiceQuotasClient;
  readonly rest: APIGatewayClient;
  readonly http: ApiGatewayV2Client;
  readonly dynamodb: DynamoDBClient;
}

/**
 * Whether a region of the account has room for what a stage's stacks make there: one question per quota.
 *
 * Source: Amazon API Gateway Developer Guide, "Amazon API Gateway quotas"; Amazon DynamoDB Developer Guide, "Quotas"; Service Quotas API Reference,
 * "GetServiceQuota".
 *
 * @param isFirst - whether nothing of the stage is there yet
 */
export function quotaChecks(
  context: StageContext,
  region: string,
  isFirst: boolean,
  ports = awsPorts(context, region),
): readonly (() => Promise<Verdict>)[] {
  return quotasOf(ports).map(({ name, service, code, usual, needed, used }) => async () => {
    const [most, count] = await Promise.all([appliedQuota(ports.quotas, service, code), used()]);
    const limit = most ?? usual;
    const found = `${count} of ${limit} ${name} in ${region}`;
    const wanted = isFirst ? needed : 0;
    if (limit - count >= wanted) return { outcome: 'ok', found };
    // What is not known must not stop anybody: the account may have been given more.
    const outcome = most === undefined ? 'warn' : 'fail';
    return { outcome, found: `${found}, a stage needs ${wanted}`, fix: quotaPage(region, service, code) };
  });
}

function quotasOf({ rest, http, dynamodb }: QuotaPorts): readonly Quota[] {
  const apigateway = { service: 'apigateway' } as const;
  return [
    {
      ...apigateway,
      name: 'regional APIs',
      code: 'L-AA0FF27B',
      usual: 600,
      needed: 2,
      used: async () =>
        (await counted(paginateGetRestApis({ client: rest }, { limit: 500 }), ({ items }) => items)) +
        (await everyPage((NextToken) => http.send(new GetApisCommand({ NextToken })))).length,
    },
    {
      ...apigateway,
      name: 'custom domain names',
      code: 'L-A93447B8',
      usual: 120,
      needed: 2,
      // Version 2 lists the names of both kinds of APIs.
      used: async () => (await everyPage((NextToken) => http.send(new GetDomainNamesCommand({ NextToken })))).length,
    },
    {
      ...apigateway,
      name: 'usage plans',
      code: 'L-E8693075',
      usual: 300,
      needed: 2,
      used: () => counted(paginateGetUsagePlans({ client: rest }, { limit: 500 }), ({ items }) => items),
    },
    {
      name: 'tables',
      service: 'dynamodb',
      code: 'L-F98FE922',
      usual: 2500,
      needed: 6,
      used: () => counted(paginateListTables({ client: dynamodb }, {}), ({ TableNames }) => TableNames),
    },
  ];
}

async function counted<P>(pages: AsyncIterable<P>, of: (page: P) => readonly unknown[] | undefined): Promise<number> {
  let count = 0;
  for await (const page of pages) count += of(page)?.length ?? 0;
  return count;
}

/** What the account has been given; `undefined` where that may not be asked, or is not known. */
async function appliedQuota(client: ServiceQuotasClient, service: string, code: string): Promise<number | undefined> {
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
  };
}
