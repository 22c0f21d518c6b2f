import {
  type APIGatewayClient,
  GetBasePathMappingCommand,
  GetDeploymentCommand,
  GetStagesCommand,
  paginateGetRestApis,
  type Stage,
} from '@aws-sdk/client-api-gateway';
import { unlessAbsent } from '#operator/aws/absent.ts';
import { contentHashOf, type LiveGatewayStage } from './live-region.ts';

/** How API Gateway writes an empty base path. */
const NO_BASE_PATH = '(none)';

export async function restMappedStage(client: APIGatewayClient, domainName: string): Promise<string | undefined> {
  const command = new GetBasePathMappingCommand({ domainName, basePath: NO_BASE_PATH });
  return (await unlessAbsent(client.send(command)))?.stage;
}

export async function restApiId(client: APIGatewayClient, apiName: string): Promise<string | undefined> {
  for await (const { items = [] } of paginateGetRestApis({ client }, { limit: 500 })) {
    const found = items.find(({ name }) => name === apiName);
    if (found) return found.id;
  }
  return undefined;
}

/**
 * Methods in a deployment's own copy of the API, which its resources may have left behind.
 *
 * Source: Amazon API Gateway REST API, GetDeployment with `embed=apisummary`.
 */
export async function restRoutes(
  client: APIGatewayClient,
  restApiId: string,
  deploymentId: string,
): Promise<ReadonlySet<string> | undefined> {
  const command = new GetDeploymentCommand({ restApiId, deploymentId, embed: ['apisummary'] });
  const summary = (await unlessAbsent(client.send(command)))?.apiSummary;
  if (summary === undefined) return undefined;
  return new Set(
    Object.entries(summary).flatMap(([path, methods]) => Object.keys(methods).map((each) => `${each} ${path}`)),
  );
}

/** Key of the settings of a whole stage. */
export const EVERY_METHOD = '*/*';

/** Keys of methods that are closed: their own limits are zero. The stacks set limits of whole stages alone. */
export function closedMethods({ methodSettings = {} }: Pick<Stage, 'methodSettings'>): readonly string[] {
  return Object.entries(methodSettings).flatMap(([key, { throttlingRateLimit, throttlingBurstLimit }]) =>
    key !== EVERY_METHOD && throttlingRateLimit === 0 && throttlingBurstLimit === 0 ? [key] : [],
  );
}

export async function restStages(
  client: APIGatewayClient,
  restApiId: string,
): Promise<ReadonlyMap<string, LiveGatewayStage>> {
  const { item: stages = [] } = await client.send(new GetStagesCommand({ restApiId }));
  const read = stages.map(
    async ({ stageName = '', deploymentId, documentationVersion, createdDate, methodSettings }) => {
      const deployment =
        deploymentId === undefined
          ? undefined
          : await unlessAbsent(client.send(new GetDeploymentCommand({ restApiId, deploymentId })));
      const created = deployment?.createdDate ?? createdDate ?? new Date(0);
      const held = closedMethods({ ...(methodSettings && { methodSettings }) }).length;
      const hash = contentHashOf(stageName, documentationVersion);
      return [stageName, { deploymentId, created, ...hash, ...(held > 0 && { held }) }] as const;
    },
  );
  return new Map(await Promise.all(read));
}
