import { Fn, type TerraformStack, TerraformVariable, Token } from 'cdktf';
import type { Construct } from 'constructs';
import type { ApiFunction } from '../constructs/api-function.ts';
import { HttpEnvironment } from '../constructs/http-api/http-environment.ts';
import { ApiAccess } from '../constructs/rest-api/api-access.ts';
import { RestEnvironment } from '../constructs/rest-api/rest-environment.ts';
import { sourceArn } from '../constructs/source-arn.ts';
import type { FunctionName } from '../functions/contract/operation.ts';
import { PREVIEW } from '../functions/environment.ts';
import type { Api } from './api.ts';
import type { RegionContext } from './context.ts';
import { prefix } from './naming.ts';
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
 * the newest published versions unless the variable `function_versions` pins them.
 */
export function createEnvironmentStack(
  scope: Construct,
  context: RegionContext,
  environment: string,
  api: Api,
): ApiEnvironment {
  const stack = createEmptyStack(scope, context, environment);
  const pinned = functionVersions(stack);
  return addEnvironment(stack, context, environment, api, (name, { version }) =>
    Token.asString(Fn.lookup(pinned.value, name, version)),
  );
}

/** `<stage>-preview-<region>`: the environment whose aliases follow `$LATEST`, with a key and a usage plan of its own. */
export function createPreviewStack(scope: Construct, context: RegionContext, api: Api): void {
  const stack = createEmptyStack(scope, context, PREVIEW);
  const { restStageName } = addEnvironment(stack, context, PREVIEW, api, () => '$LATEST');
  new ApiAccess(stack, 'access', {
    name: `${prefix(context)}-${PREVIEW}`,
    keyValue: stageParameter(stack, context, 'preview_api_key'),
    restApiId: api.restApi.restApiId,
    stageNames: [restStageName],
    limits: context.settings.previewUsagePlan,
  });
}

function createEmptyStack(scope: Construct, context: RegionContext, environment: string): TerraformStack {
  return createStack(scope, context, `${environment}-${context.regionType}`, context.region);
}

function addEnvironment(
  stack: TerraformStack,
  context: RegionContext,
  environment: string,
  { functions, restApi, httpApi }: Api,
  version: (name: FunctionName, apiFunction: ApiFunction) => string,
): ApiEnvironment {
  const dependsOn = [...functions].map(([name, apiFunction]) =>
    apiFunction.addAlias(stack, `alias-${name}`, {
      environment,
      version: version(name, apiFunction),
      invokedFrom: [restApi, httpApi].flatMap((api) =>
        api.operations
          .filter((operation) => operation.function === name)
          .map((operation) => ({ id: operation.id, sourceArn: sourceArn(api, environment, operation) })),
      ),
    }),
  );
  const shared = { environment, logRetentionDays: context.settings.logRetentionDays, dependsOn };
  const logGroupName = `/aws/apigateway/${prefix(context)}-${environment}`;
  const rest = new RestEnvironment(stack, 'rest', { ...shared, api: restApi, logGroupName: `${logGroupName}-rest` });
  const http = new HttpEnvironment(stack, 'http', { ...shared, api: httpApi, logGroupName: `${logGroupName}-http` });
  return { name: environment, restStageName: rest.stageName, httpStageName: http.stageName };
}

function functionVersions(stack: TerraformStack): TerraformVariable {
  return new TerraformVariable(stack, 'function_versions', {
    type: 'map(string)',
    default: {},
    description: 'Function name to published version. A function that is not named takes its newest version.',
  });
}
