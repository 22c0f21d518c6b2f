import { APIGatewayClient, GetDomainNameCommand, paginateGetDeployments } from '@aws-sdk/client-api-gateway';
import { ApiGatewayV2Client, GetDeploymentsCommand } from '@aws-sdk/client-apigatewayv2';
import { GetPolicyCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import { unlessAbsent } from '#operator/aws/absent.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import type { GatewayDeployment, SwitchRegionPort } from '#operator/switch/preflight/region.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';

const oneOrMore = z.union([z.string(), z.array(z.string())]);

const policySchema = z.object({
  Statement: z.array(
    z.object({
      Effect: z.string(),
      Principal: z.union([z.string(), z.record(z.string(), oneOrMore)]),
      Action: oneOrMore,
      Condition: z.optional(z.record(z.string(), z.record(z.string(), oneOrMore))),
    }),
  ),
});

/** One region as the AWS SDK asks it. Nothing is asked yet. */
export function openSwitchRegion(context: StageContext, regionType: RegionType): SwitchRegionPort {
  const settings = clientSettings(accessOf(context), inRegion(context, regionType).region);
  const rest = new APIGatewayClient(settings);
  const http = new ApiGatewayV2Client(settings);
  const lambda = new LambdaClient(settings);
  return {
    deployments: (kind, apiId) => (kind === 'rest' ? restDeployments(rest, apiId) : httpDeployments(http, apiId)),
    invokers: async (FunctionName, Qualifier) => {
      const answer = await unlessAbsent(lambda.send(new GetPolicyCommand({ FunctionName, Qualifier })));
      return answer?.Policy === undefined ? [] : invokersIn(answer.Policy);
    },
    regionalHost: async (domainName) =>
      (await unlessAbsent(rest.send(new GetDomainNameCommand({ domainName }))))?.regionalDomainName,
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
  const found: GatewayDeployment[] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new GetDeploymentsCommand({ ApiId, MaxResults: '500', NextToken }));
    for (const { DeploymentId = '', Description = '', CreatedDate = new Date(0) } of page.Items ?? []) {
      found.push({ id: DeploymentId, environment: Description, created: CreatedDate });
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}

/**
 * Source ARNs from which API Gateway may invoke what a policy is for; `*` for a statement without that condition.
 *
 * Source: AWS Lambda Developer Guide, "Granting Lambda function access to AWS services", with the condition `AWS:SourceArn`.
 */
export function invokersIn(policy: string): readonly string[] {
  const { Statement } = policySchema.parse(JSON.parse(policy));
  return Statement.flatMap(({ Effect, Principal, Action, Condition }) => {
    const services = typeof Principal === 'string' ? [Principal] : all(Principal.Service);
    const isInvoker =
      Effect === 'Allow' &&
      services.some((service) => service === 'apigateway.amazonaws.com' || service === '*') &&
      all(Action).some((action) => action === 'lambda:InvokeFunction' || action === 'lambda:*');
    return isInvoker ? sourceArns(Condition) : [];
  });
}

function sourceArns(condition: Readonly<Record<string, Readonly<Record<string, string | string[]>>>> = {}): string[] {
  const found = Object.values(condition).flatMap((keys) =>
    Object.entries(keys).flatMap(([key, values]) => (key.toLowerCase() === 'aws:sourcearn' ? all(values) : [])),
  );
  return found.length === 0 ? ['*'] : found;
}

function all(values: string | readonly string[] | undefined): readonly string[] {
  if (values === undefined) return [];
  return typeof values === 'string' ? [values] : values;
}
