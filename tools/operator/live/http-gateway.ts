import {
  type ApiGatewayV2Client,
  GetApiMappingsCommand,
  GetApisCommand,
  GetDeploymentCommand,
  GetStagesCommand,
} from '@aws-sdk/client-apigatewayv2';
import { unlessAbsent } from '#operator/aws/absent.ts';
import { everyPage } from '#operator/aws/every-page.ts';
import type { LiveGatewayStage } from './live-region.ts';

export async function httpMappedStage(client: ApiGatewayV2Client, DomainName: string): Promise<string | undefined> {
  const answer = await unlessAbsent(client.send(new GetApiMappingsCommand({ DomainName })));
  return answer?.Items?.find(({ ApiMappingKey }) => !ApiMappingKey || ApiMappingKey === '(none)')?.Stage;
}

export async function httpApiId(client: ApiGatewayV2Client, apiName: string): Promise<string | undefined> {
  const apis = await everyPage((NextToken) => client.send(new GetApisCommand({ NextToken })));
  return apis.find(({ Name }) => Name === apiName)?.ApiId;
}

export async function httpStages(
  client: ApiGatewayV2Client,
  ApiId: string,
): Promise<ReadonlyMap<string, LiveGatewayStage>> {
  const stages = await everyPage((NextToken) => client.send(new GetStagesCommand({ ApiId, NextToken })));
  const read = stages.map(async ({ StageName = '', DeploymentId, CreatedDate, LastUpdatedDate }) => {
    const deployment =
      DeploymentId === undefined
        ? undefined
        : await unlessAbsent(client.send(new GetDeploymentCommand({ ApiId, DeploymentId })));
    const created = deployment?.CreatedDate ?? LastUpdatedDate ?? CreatedDate ?? new Date(0);
    return [StageName, { deploymentId: DeploymentId, created }] as const;
  });
  return new Map(await Promise.all(read));
}
