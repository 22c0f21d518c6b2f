import { type APIGatewayClient, GetStagesCommand } from '@aws-sdk/client-api-gateway';
import { type ApiGatewayV2Client, GetStagesCommand as GetHttpStagesCommand } from '@aws-sdk/client-apigatewayv2';
import type { LiveRegion } from '../../live/live-region.ts';
import { type Fact, factsOf, factValue } from '../fact.ts';

/** Where the public names lead, and the content of each deployment of the REST API. */
export function contentFacts({ target, environments }: LiveRegion): readonly Fact[] {
  return [
    { kind: 'target', name: 'REST API', value: factValue(target.rest) },
    { kind: 'target', name: 'HTTP API', value: factValue(target.http) },
    ...environments.map(({ name, stages }) => ({
      kind: 'deployed content',
      name: `REST API in ${name}`,
      value: factValue(stages.rest?.contentHash),
    })),
  ];
}

/** Settings of the REST API's stages. */
export async function restStageFacts(
  client: APIGatewayClient,
  restApiId: string | undefined,
): Promise<readonly Fact[]> {
  if (restApiId === undefined) return [];
  const { item: stages = [] } = await client.send(new GetStagesCommand({ restApiId }));
  return stages.flatMap((stage) =>
    factsOf(`REST API in ${stage.stageName}`, {
      'stage variables': stage.variables,
      'method settings': stage.methodSettings,
      'access log': stage.accessLogSettings?.destinationArn,
      'access log format': stage.accessLogSettings?.format,
      cache: stage.cacheClusterEnabled ? stage.cacheClusterSize : 'off',
      canary: stage.canarySettings?.percentTraffic,
      'X-Ray tracing': stage.tracingEnabled ? 'on' : 'off',
      // Web ACLs are regional, each with an id of its own.
      'web ACL': stage.webAclArn ? 'yes' : 'no',
    }),
  );
}

/** Settings of the HTTP API's stages. */
export async function httpStageFacts(client: ApiGatewayV2Client, ApiId: string | undefined): Promise<readonly Fact[]> {
  if (ApiId === undefined) return [];
  const { Items: stages = [] } = await client.send(new GetHttpStagesCommand({ ApiId, MaxResults: '500' }));
  return stages.flatMap((stage) =>
    factsOf(`HTTP API in ${stage.StageName}`, {
      'stage variables': stage.StageVariables,
      'access log': stage.AccessLogSettings?.DestinationArn,
      'access log format': stage.AccessLogSettings?.Format,
      'route settings': { default: stage.DefaultRouteSettings, ...stage.RouteSettings },
      'automatic deployment': stage.AutoDeploy ? 'on' : 'off',
    }),
  );
}
