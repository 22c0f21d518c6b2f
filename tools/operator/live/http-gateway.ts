import {
  type ApiGatewayV2Client,
  ExportApiCommand,
  GetApiMappingsCommand,
  GetApisCommand,
  GetDeploymentCommand,
  GetStagesCommand,
  type Stage,
} from '@aws-sdk/client-apigatewayv2';
import * as z from 'zod/mini';
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

const documentSchema = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });

/**
 * Routes of the deployment that a stage serves.
 *
 * Source: Amazon API Gateway Version 2 API, ExportApi: with `stageName` it is the stage that is exported, not the API's latest configuration.
 */
export async function httpRoutes(
  client: ApiGatewayV2Client,
  ApiId: string,
  StageName: string,
): Promise<ReadonlySet<string> | undefined> {
  const command = new ExportApiCommand({ ApiId, StageName, OutputType: 'JSON', Specification: 'OAS30' });
  const body = (await unlessAbsent(client.send(command)))?.body;
  if (body === undefined) return undefined;
  const { paths } = documentSchema.parse(JSON.parse(Buffer.from(body).toString('utf8')));
  return new Set(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((each) => `${each.toUpperCase()} ${path}`),
    ),
  );
}

/** Routes that are closed: their own limits are zero. The stacks set limits of whole stages alone. */
export function closedRoutes({ RouteSettings = {} }: Pick<Stage, 'RouteSettings'>): readonly string[] {
  return Object.entries(RouteSettings).flatMap(([route, { ThrottlingRateLimit, ThrottlingBurstLimit }]) =>
    ThrottlingRateLimit === 0 && ThrottlingBurstLimit === 0 ? [route] : [],
  );
}

/** Stages of an HTTP API, each with the deployment that it serves. */
export async function httpStages(
  client: ApiGatewayV2Client,
  ApiId: string,
): Promise<ReadonlyMap<string, LiveGatewayStage>> {
  const stages = await everyPage((NextToken) => client.send(new GetStagesCommand({ ApiId, NextToken })));
  const read = stages.map(async ({ StageName = '', DeploymentId, CreatedDate, LastUpdatedDate, RouteSettings }) => {
    const deployment =
      DeploymentId === undefined
        ? undefined
        : await unlessAbsent(client.send(new GetDeploymentCommand({ ApiId, DeploymentId })));
    const created = deployment?.CreatedDate ?? LastUpdatedDate ?? CreatedDate ?? new Date(0);
    const held = closedRoutes({ ...(RouteSettings && { RouteSettings }) }).length;
    return [StageName, { deploymentId: DeploymentId, created, ...(held > 0 && { held }) }] as const;
  });
  return new Map(await Promise.all(read));
}
