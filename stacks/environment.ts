import { conditional, Fn, type TerraformStack, TerraformVariable, Token } from 'cdktf';
import type { Construct } from 'constructs';
import type { ApiFunction, FunctionAliasProps } from '#constructs/api-function.ts';
import { HttpEnvironment } from '#constructs/http-api/http-environment.ts';
import { ApiAccess } from '#constructs/rest-api/api-access.ts';
import { RestEnvironment } from '#constructs/rest-api/rest-environment.ts';
import { sourceArn } from '#constructs/source-arn.ts';
import type { FunctionName } from '#contract/operation.ts';
import { PREVIEW } from '#functions/environment.ts';
import type { Api } from './api.ts';
import type { RegionContext } from './context.ts';
import { HTTP_ACCESS_LOGS, PINNED, prefix, REST_ACCESS_LOGS } from './naming.ts';
import { stageParameter } from './stage-parameter.ts';
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
 * so that later deploys leave them there.
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
  return addEnvironment(stack, context, environment, api, (name, { version }) => ({
    version: Token.asString(Fn.lookup(pinned.value, name, Fn.lookup(versions.value, name, version))),
    description: Token.asString(conditional(Fn.contains(Fn.keys(pinned.value), name), PINNED, Token.nullValue())),
  }));
}

/** `<stage>-preview-<region>`: the environment whose aliases follow `$LATEST`, with a key and a usage plan of its own. */
export function createPreviewStack(scope: Construct, context: RegionContext, api: Api): void {
  const stack = createEmptyStack(scope, context, PREVIEW);
  const { restStageName } = addEnvironment(stack, context, PREVIEW, api, () => ({ version: '$LATEST' }));
  new ApiAccess(stack, 'access', {
    name: `${prefix(context)}-${PREVIEW}`,
    keyValues: stageParameter(stack, context, 'preview_api_key'),
    restApiId: api.restApi.restApiId,
    stageNames: [restStageName],
    limits: context.settings.previewUsagePlan,
  });
}

function createEmptyStack(scope: Construct, context: RegionContext, environment: string): TerraformStack {
  return createStack(scope, context, `${environment}-${context.regionType}`, context.region).stack;
}

function addEnvironment(
  stack: TerraformStack,
  context: RegionContext,
  environment: string,
  { functions, restApi, httpApi }: Api,
  versionOf: (name: FunctionName, apiFunction: ApiFunction) => Pick<FunctionAliasProps, 'description' | 'version'>,
): ApiEnvironment {
  const dependsOn = [...functions].flatMap(([name, apiFunction]) =>
    apiFunction.addAlias(stack, `alias-${name}`, {
      environment,
      ...versionOf(name, apiFunction),
      invokedFrom: [restApi, httpApi].flatMap((api) =>
        api.operations
          .filter((operation) => operation.function === name)
          .map((operation) => ({ id: operation.id, sourceArn: sourceArn(api, environment, operation) })),
      ),
    }),
  );
  const shared = { environment, logRetentionDays: context.settings.logRetentionDays, dependsOn };
  const rest = new RestEnvironment(stack, 'rest', {
    ...shared,
    api: restApi,
    logGroupName: `${REST_ACCESS_LOGS}${prefix(context)}-${environment}-rest`,
  });
  const http = new HttpEnvironment(stack, 'http', {
    ...shared,
    api: httpApi,
    logGroupName: `${HTTP_ACCESS_LOGS}${prefix(context)}-${environment}-http`,
  });
  return { name: environment, restStageName: rest.stageName, httpStageName: http.stageName };
}

function versionVariable(stack: TerraformStack, name: string, description: string): TerraformVariable {
  return new TerraformVariable(stack, name, {
    type: 'map(string)',
    default: {},
    description: `Function name to published version. ${description}`,
  });
}
