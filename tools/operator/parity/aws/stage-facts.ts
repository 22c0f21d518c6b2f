import {
  type APIGatewayClient,
  GetStagesCommand,
  paginateGetUsagePlans,
  type UsagePlan,
} from '@aws-sdk/client-api-gateway';
import { type ApiGatewayV2Client, GetStagesCommand as GetHttpStagesCommand } from '@aws-sdk/client-apigatewayv2';
import { everyPage } from '#operator/aws/every-page.ts';
import { admittedKeys } from '#operator/keys/admitted-keys.ts';
import type { LiveRegion } from '#operator/live/live-region.ts';
import { type Fact, factsOf, factValue, listed, planFacts } from '#operator/parity/fact.ts';

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
      'access log': logGroup(stage.accessLogSettings?.destinationArn),
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
  const stages = await everyPage((NextToken) => client.send(new GetHttpStagesCommand({ ApiId, NextToken })));
  return stages.flatMap((stage) =>
    factsOf(`HTTP API in ${stage.StageName}`, {
      'stage variables': stage.StageVariables,
      'access log': logGroup(stage.AccessLogSettings?.DestinationArn),
      'access log format': stage.AccessLogSettings?.Format,
      'route settings': { default: stage.DefaultRouteSettings, ...stage.RouteSettings },
      'automatic deployment': stage.AutoDeploy ? 'on' : 'off',
    }),
  );
}

/** The stage's usage plans: quota, throttle, stages, and their keys by fingerprint. */
export async function usagePlanFacts(client: APIGatewayClient, prefix: string): Promise<readonly Fact[]> {
  const plans: UsagePlan[] = [];
  for await (const { items = [] } of paginateGetUsagePlans({ client }, { limit: 500 })) {
    plans.push(...items.filter(({ name = '' }) => name === prefix || name.startsWith(`${prefix}-`)));
  }
  const facts = plans.map(async ({ id = '', name = '', quota, throttle, apiStages = [] }) => {
    const keys = await admittedKeys(client, id);
    const stages = apiStages.map(({ stage }) => stage ?? '');
    const perMethod = listed(apiStages.map(({ stage, throttle: limits }) => `${stage} ${factValue(limits)}`));
    return [
      ...planFacts({ name, quota, throttle, stages, keys }),
      ...factsOf(name, { 'throttle per method': perMethod }),
    ];
  });
  return (await Promise.all(facts)).flat();
}

/** A log group by its name, as its ARN is of one region and account; any other destination as it is. */
function logGroup(destinationArn: string | undefined): string | undefined {
  return destinationArn?.replace(/^arn:[^:]+:logs:[^:]*:[^:]*:log-group:/, '');
}
