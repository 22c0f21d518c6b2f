import {
  type ApiGatewayV2Client,
  GetApiMappingsCommand,
  GetApisCommand,
  GetDeploymentCommand,
  GetStagesCommand,
} from '@aws-sdk/client-apigatewayv2';
import { unlessAbsent } from '#operator/aws/absent.ts';
import type { LiveGatewayStage } from './live-region.ts';

export async function httpMappedStage(client: ApiGatewayV2Client, DomainName: string): Promise<string | undefined> {
  const answer = await unlessAbsent(client.send(new GetApiMappingsCommand({ DomainName })));
  return answer?.Items?.find(({ ApiMappingKey }) => !ApiMappingKey || ApiMappingKey === '(none)')?.Stage;
}

export async function httpApiId(client: ApiGatewayV2Client, apiName: string): Promise<string | undefined> {
  let NextToken: string | undefined;
  do {
    const page = await client.send(new GetApisCommand({ MaxResults: '500', NextToken }));
    const found = page.Items?.find(({ Name }) => Name === apiName);
    if (found) return found.ApiId;
    NextToken = page.NextToken;
  } while (NextToken);
  return undefined;
}

/** An HTTP API has at most 10 stages: one page. Source: "Quotas for configuring and running an HTTP API". */
export async function httpStages(
  client: ApiGatewayV2Client,
  ApiId: string,
): Promise<ReadonlyMap<string, LiveGatewayStage>> {
  const { Items = [] } = await client.send(new GetStagesCommand({ ApiId, MaxResults: '500' }));
  const read = Items.map(async ({ StageName = '', DeploymentId, CreatedDate, LastUpdatedDate }) => {
    const deployment =
      DeploymentId === undefined
        ? undefined
        : await unlessAbsent(client.send(new GetDeploymentCommand({ ApiId, DeploymentId })));
    const created = deployment?.CreatedDate ?? LastUpdatedDate ?? CreatedDate ?? new Date(0);
    return [StageName, { deploymentId: DeploymentId, created }] as const;
  });
  return new Map(await Promise.all(read));
}
