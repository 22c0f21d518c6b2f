import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider';
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import type { Construct } from 'constructs';
import { ApiFunction } from '#constructs/api-function.ts';
import { grantAccess } from '#constructs/function-access.ts';
import type { FunctionBundle } from '#constructs/function-bundle.ts';
import { HttpApi } from '#constructs/http-api/http-api.ts';
import { InvokerRole } from '#constructs/http-api/invoker-role.ts';
import { RestApi } from '#constructs/rest-api/rest-api.ts';
import { sourceArn } from '#constructs/source-arn.ts';
import type { FunctionName, Operation } from '#contract/operation.ts';
import { PREVIEW } from '#functions/environment.ts';
import type { Base } from './base.ts';
import type { RegionContext } from './context.ts';
import type { Data } from './data.ts';
import { functionName, parameterPath, prefix, roleName } from './naming.ts';
import { partitionOf } from './settings/partitions.ts';
import { stageParameter } from './stage-parameter.ts';
import { createStack } from './stage-stack.ts';

export interface ApiInputs {
  readonly data: Data;
  readonly base: Base;
  /** What the API serves. */
  readonly operations: readonly Operation[];
  /** Code of the functions that the operations name. */
  readonly bundles: ReadonlyMap<string, FunctionBundle>;
}

/** What the `api-<region>` stack offers to the region's environments. */
export interface Api {
  readonly restApi: RestApi;
  readonly httpApi: HttpApi;
  readonly functions: ReadonlyMap<FunctionName, ApiFunction>;
}

/** `<stage>-api-<region>`: the functions with their newest published versions, and the gateways that call them through aliases. */
export function createApiStack(scope: Construct, context: RegionContext, inputs: ApiInputs): Api {
  const { operations } = inputs;
  const { stack } = createStack(scope, context, `api-${context.regionType}`, context.region);
  new ArchiveProvider(stack, 'archive');
  const { accountId } = new DataAwsCallerIdentity(stack, 'account');
  const arn = `arn:${partitionOf(context.region)}`;
  const functions = new Map<FunctionName, ApiFunction>();
  for (const [name, served] of operationsByFunction(operations)) {
    const bundle = inputs.bundles.get(name);
    if (bundle === undefined) throw new Error(`No bundle for the function ${name}: add functions/${name}/handler.ts.`);
    const access = grantAccess(
      served.map((operation) => operation.access),
      {
        values: { STAGE: context.stage, REGION_TYPE: context.regionType },
        table: (table) => ({
          name: inputs.data.tableNames[table],
          arn: `${arn}:dynamodb:${context.region}:${accountId}:table/${inputs.data.tableNames[table]}`,
        }),
        parameter: (parameter) => {
          const name = parameterPath(context, parameter);
          return { name, arn: `${arn}:ssm:${context.region}:${accountId}:parameter${name}` };
        },
        bucket: { name: inputs.base.dataBucket.bucketName, arn: inputs.base.dataBucket.arn },
      },
    );
    functions.set(
      name,
      new ApiFunction(stack, name, {
        functionName: functionName(context, name),
        roleName: roleName(context, name),
        description: served.map((operation) => operation.summary).join('; '),
        bundle,
        packageBucketName: inputs.base.packageBucket.bucketName,
        access,
        logRetentionDays: context.settings.logRetentionDays,
      }),
    );
  }
  const integrationUri = (operation: Operation) => functionOf(functions, operation).integrationUri;
  const restApi = new RestApi(stack, 'rest', {
    apiName: prefix(context),
    description: `REST API of ${context.settings.appName}, stage ${context.stage}`,
    operations: operations.filter((operation) => operation.api === 'rest'),
    integrationUri,
  });
  const httpApi = new HttpApi(stack, 'http', {
    apiName: prefix(context),
    description: `HTTP API of ${context.settings.appName}, stage ${context.stage}`,
    operations: operations.filter((operation) => operation.api === 'http'),
    integrationUri,
    cors: context.settings.cors,
  });
  const environments = [...context.settings.apiEnvironments, PREVIEW];
  new InvokerRole(stack, 'events-invoker', {
    roleName: roleName(context, 'events-invoker'),
    principals: stageParameter(stack, context, 'events_principals'),
    routeArns: environments.flatMap((environment) =>
      httpApi.operations.filter(({ auth }) => auth === 'iam').map((route) => sourceArn(httpApi, environment, route)),
    ),
  });
  return { restApi, httpApi, functions };
}

function functionOf(functions: Api['functions'], operation: Operation): ApiFunction {
  const served = functions.get(operation.function);
  if (served === undefined)
    throw new Error(`The operation ${operation.id} names the function ${operation.function}, which is not declared.`);
  return served;
}

function operationsByFunction(operations: readonly Operation[]): ReadonlyMap<FunctionName, readonly Operation[]> {
  const byFunction = new Map<FunctionName, Operation[]>();
  for (const operation of operations) {
    const served = byFunction.get(operation.function);
    if (served) served.push(operation);
    else byFunction.set(operation.function, [operation]);
  }
  return byFunction;
}
