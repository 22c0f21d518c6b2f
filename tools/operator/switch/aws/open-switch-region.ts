import { APIGatewayClient, paginateGetDeployments } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client, GetDeploymentsCommand } from '@aws-sdk/client-apigatewayv2';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient, UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { askSickAlarm } from '#operator/alarms/sick-alarm.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { everyPage } from '#operator/aws/every-page.ts';
import { measureVersions } from '#operator/aws/version-metrics.ts';
import type { GatewayDeployment, SwitchRegionPort } from '#operator/switch/preflight/region.ts';
import { scanItems } from '#operator/switch/preflight/scan-items.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';

/** One region as the AWS SDK asks it. Nothing is asked yet. */
export function openSwitchRegion(context: StageContext, regionType: RegionType): SwitchRegionPort {
  const settings = clientSettings(accessOf(context), inRegion(context, regionType).region);
  const rest = new APIGatewayClient(settings);
  const http = new ApiGatewayV2Client(settings);
  const dynamoDb = new DynamoDBClient(settings);
  const lambda = new LambdaClient(settings);
  const cloudWatch = new CloudWatchClient(settings);
  return {
    deployments: (kind, apiId) => (kind === 'rest' ? restDeployments(rest, apiId) : httpDeployments(http, apiId)),
    sample: scanItems(dynamoDb),
    sick: (environment) => askSickAlarm(cloudWatch, context, environment),
    weigh: async (Name, functions, weights) => {
      for (const FunctionName of functions) {
        const weight = weights[FunctionName];
        // Without a map Lambda leaves the weights as they are.
        const AdditionalVersionWeights = weight === undefined ? {} : { [weight.version]: weight.share };
        await lambda.send(new UpdateAliasCommand({ FunctionName, Name, RoutingConfig: { AdditionalVersionWeights } }));
      }
    },
    measure: (environment, versions, since) => measureVersions(cloudWatch, environment, versions, since),
  };
}

async function restDeployments(client: APIGatewayClient, restApiId: string): Promise<readonly GatewayDeployment[]> {
  const found: GatewayDeployment[] = [];
  for await (const { items = [] } of paginateGetDeployments({ client }, { restApiId, limit: 500 })) {
    found.push(
      ...items.map(({ id = '', description = '', createdDate = new Date(0) }) => ({
        id,
        environment: description,
        created: createdDate,
      })),
    );
  }
  return found;
}

async function httpDeployments(client: ApiGatewayV2Client, ApiId: string): Promise<readonly GatewayDeployment[]> {
  const deployments = await everyPage((NextToken) => client.send(new GetDeploymentsCommand({ ApiId, NextToken })));
  return deployments.map(({ DeploymentId = '', Description = '', CreatedDate = new Date(0) }) => {
    return { id: DeploymentId, environment: Description, created: CreatedDate };
  });
}
