import { type APIGatewayClient, GetStagesCommand, paginateGetDeployments } from '@aws-sdk/client-api-gateway';
import {
  type ApiGatewayV2Client,
  GetDeploymentsCommand,
  GetStagesCommand as GetHttpStagesCommand,
} from '@aws-sdk/client-apigatewayv2';
import { everyPage } from '#operator/aws/every-page.ts';
import { httpApiId } from '#operator/live/http-gateway.ts';
import { restApiId } from '#operator/live/rest-gateway.ts';
import { type Inventory, UNKNOWN_TIME } from './leftovers.ts';

/** Deployments of the stage's REST API, and those that its gateway stages serve. */
export async function restInventory(client: APIGatewayClient, name: string): Promise<Inventory['apis']> {
  const id = await restApiId(client, name);
  if (id === undefined) return [];
  const deployments: { id: string; made: Date }[] = [];
  for await (const { items = [] } of paginateGetDeployments({ client }, { restApiId: id, limit: 500 })) {
    deployments.push(...items.map((each) => ({ id: each.id ?? '', made: each.createdDate ?? UNKNOWN_TIME })));
  }
  const { item: stages = [] } = await client.send(new GetStagesCommand({ restApiId: id }));
  const served = stages.flatMap(({ deploymentId, canarySettings }) => [deploymentId, canarySettings?.deploymentId]);
  return [{ kind: 'rest', id, deployments, served: served.filter((each) => each !== undefined) }];
}

/** The same of its HTTP API. moto and APIs that deploy by themselves have stages without one: nothing is told of those. */
export async function httpInventory(client: ApiGatewayV2Client, name: string): Promise<Inventory['apis']> {
  const id = await httpApiId(client, name);
  if (id === undefined) return [];
  const stages = await everyPage((NextToken) => client.send(new GetHttpStagesCommand({ ApiId: id, NextToken })));
  const served = stages.flatMap(({ DeploymentId }) => DeploymentId ?? []);
  if (served.length === 0) return [];
  const found = await everyPage((NextToken) => client.send(new GetDeploymentsCommand({ ApiId: id, NextToken })));
  const deployments = found.map(({ DeploymentId = '', CreatedDate = UNKNOWN_TIME }) => ({
    id: DeploymentId,
    made: CreatedDate,
  }));
  return [{ kind: 'http', id, deployments, served }];
}
