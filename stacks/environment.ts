import { DataAwsSsmParametersByPath } from '@cdktf/provider-aws/lib/data-aws-ssm-parameters-by-path';
import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { conditional, Fn, Op, propertyAccess, type TerraformStack, TerraformVariable, Token } from 'cdktf';
import type { Construct } from 'constructs';
import type { ApiFunction, FunctionAliasProps } from '#constructs/api-function.ts';
import { HttpEnvironment } from '#constructs/http-api/http-environment.ts';
import { ApiAccess } from '#constructs/rest-api/api-access.ts';
import { RestEnvironment } from '#constructs/rest-api/rest-environment.ts';
import { sourceArn } from '#constructs/source-arn.ts';
import type { FunctionName } from '#contract/operation.ts';
import { PREVIEW } from '#functions/environment.ts';
import { watchEnvironment } from './alarms.ts';
import type { Api } from './api.ts';
import type { RegionContext } from './context.ts';
import { EXECUTION_LOGS, httpAccessLogGroup, PINNED, prefix, restAccessLogGroup } from './naming.ts';
import { type FunctionRecord, recordPath } from './release-record.ts';
import { stageParameter, stageTokens } from './stage-parameter.ts';
import { createStack } from './stage-stack.ts';

/** What an environment's stack offers to the entry. */
export interface ApiEnvironment {
  readonly name: string;
  readonly restStageName: string;
  readonly httpStageName: string;
}

/**
 * `<stage>-<env>-<region>`: one environment of one region, in a state of its own, so that deploying envB can't touch envA. Its aliases take
 * the newest published versions unless a variable says otherwise: `function_versions` for one apply, `pinned_versions` with a mark on the alias,
 * so that later deploys leave them there. What it runs stands in its release record (release-record.ts).
 */
export function createEnvironmentStack(
  scope: Construct,
  context: RegionContext,
  environment: string,
  api: Api,
): ApiEnvironment {
  const stack = createEmptyStack(scope, context, environment);
  const versions = versionVariable(
    stack,
    'function_versions',
    'A function that is not named takes its newest version.',
  );
  const pinned = versionVariable(stack, 'pinned_versions', 'They stay there until they are told to move.');
  const previous = new DataAwsSsmParametersByPath(stack, 'release', {
    path: recordPath(context, environment),
    recursive: true,
  });
  watchEnvironment(stack, context, environment, api);
  const byName = Fn.zipmap(previous.names, Fn.nonsensitive(previous.values));
  const versionOf = (name: FunctionName, { newest }: ApiFunction) => ({
    version: Token.asString(Fn.lookup(pinned.value, name, Fn.lookup(versions.value, name, newest.version))),
    description: Token.asString(conditional(Fn.contains(Fn.keys(pinned.value), name), PINNED, Token.nullValue())),
  });
  return addEnvironment(stack, context, environment, api, versionOf, (name, made) => {
    // A version keeps what it was made with, whatever the code says by now: its record stays, too.
    const former = Fn.lookup(byName, `${recordPath(context, environment)}/${name}`, '{}');
    const isFormer = Op.eq(Fn.try([propertyAccess(Fn.jsondecode(former), ['version']), '']), made.version);
    return Fn.jsondecode(Token.asString(conditional(isFormer, former, Fn.jsonencode(made))));
  });
}

/** `<stage>-preview-<region>`: the environment whose aliases follow `$LATEST`, with a key and a usage plan of its own. */
export function createPreviewStack(scope: Construct, context: RegionContext, api: Api): ApiEnvironment {
  const stack = createEmptyStack(scope, context, PREVIEW);
  const environment = addEnvironment(stack, context, PREVIEW, api, () => ({ version: '$LATEST' }));
  new ApiAccess(stack, 'access', {
    name: `${prefix(context)}-${PREVIEW}`,
    keyValues: stageParameter(stack, context, 'preview_api_key'),
    restApiId: api.restApi.restApiId,
    stageNames: [environment.restStageName],
    limits: context.settings.previewUsagePlan,
  });
  return environment;
}

function createEmptyStack(scope: Construct, context: RegionContext, environment: string): TerraformStack {
  return createStack(scope, context, `${environment}-${context.regionType}`, context.region).stack;
}

function addEnvironment(
  stack: TerraformStack,
  context: RegionContext,
  environment: string,
  api: Api,
  versionOf: (name: FunctionName, apiFunction: ApiFunction) => Pick<FunctionAliasProps, 'description' | 'version'>,
  recordOf: (name: FunctionName, made: Omit<FunctionRecord, 'routes'>) => unknown = (_, made) => made,
): ApiEnvironment {
  const { functions, restApi, httpApi } = api;
  const dependsOn = [...functions].flatMap(([name, apiFunction]) => {
    const parts = apiFunction.addAlias(stack, `alias-${name}`, {
      environment,
      ...versionOf(name, apiFunction),
      invokedFrom: [
        ...[restApi, httpApi].flatMap((api) =>
          api.operations
            .filter((operation) => operation.function === name)
            .map((operation) => ({ id: operation.id, sourceArn: sourceArn(api, environment, operation) })),
        ),
        ...[restApi.authorizerArns.get(name) ?? []].flat().map((arn) => ({ id: 'authorizer', sourceArn: arn })),
      ],
    });
    const { version } = versionOf(name, apiFunction);
    const made = { ...apiFunction.newest, version, tables: api.tablesOf(name) };
    new SsmParameter(stack, `release-${name}`, {
      name: `${recordPath(context, environment)}/${name}`,
      description: `What ${environment} runs of ${name}; written by its stack`,
      type: 'String',
      // Standard up to 4 KB, above that advanced (AWS Systems Manager User Guide, "Managing parameter tiers").
      tier: 'Intelligent-Tiering',
      insecureValue: Fn.jsonencode(Fn.merge([recordOf(name, made), { routes: routesOf(api, name) }])),
      // Until the alias has moved, the environment runs what it ran.
      dependsOn: [...parts],
    });
    return parts;
  });
  const { logRetentionDays, routeThrottle: throttle } = context.settings;
  const shared = { environment, logRetentionDays, logKeyArn: api.keyFor('logs'), throttle, dependsOn };
  const rest = new RestEnvironment(stack, 'rest', {
    ...shared,
    api: restApi,
    webAclArn: api.webAclArn,
    isTraced: context.settings.tracing.isActive,
    logGroupName: restAccessLogGroup(context, environment),
    executionLogGroupName: `${EXECUTION_LOGS}${restApi.restApiId}/${environment}`,
  });
  const http = new HttpEnvironment(stack, 'http', {
    ...shared,
    api: httpApi,
    logGroupName: httpAccessLogGroup(context, environment),
    ...(httpApi.tokens && { tokens: stageTokens(stack, context) }),
  });
  return { name: environment, restStageName: rest.stageName, httpStageName: http.stageName };
}

function routesOf({ restApi, httpApi }: Api, name: FunctionName) {
  return [restApi, httpApi]
    .flatMap(({ operations }) => operations)
    .filter((operation) => operation.function === name)
    .map(({ id, api, method, path, auth }) => ({ id, api, method, path, auth }));
}

function versionVariable(stack: TerraformStack, name: string, description: string): TerraformVariable {
  return new TerraformVariable(stack, name, {
    type: 'map(string)',
    default: {},
    description: `Function name to published version. ${description}`,
  });
}
