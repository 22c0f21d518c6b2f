import { Fn, type TerraformStack, TerraformVariable, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { RestEnvironment } from '../constructs/rest-api/rest-environment.ts';
import type { Api } from './api.ts';
import type { RegionContext } from './context.ts';
import { prefix } from './naming.ts';
import { createStack } from './stage-stack.ts';

/** What an environment's stack offers to the entry. */
export interface ApiEnvironment {
  readonly name: string;
  readonly restStageName: string;
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
  const stack = createStack(scope, context, `${environment}-${context.regionType}`, context.region);
  const pinned = functionVersions(stack);
  const aliases = [...api.functions].map(([name, apiFunction]) =>
    apiFunction.addAlias(stack, `alias-${name}`, {
      environment,
      version: Token.asString(Fn.lookup(pinned.value, name, apiFunction.version)),
      invokedFrom: api.restApi.operations
        .filter((operation) => operation.function === name)
        .map((operation) => ({ id: operation.id, sourceArn: api.restApi.sourceArn(environment, operation) })),
    }),
  );
  const { stageName } = new RestEnvironment(stack, 'rest', {
    api: api.restApi,
    environment,
    logGroupName: `/aws/apigateway/${prefix(context)}-${environment}`,
    logRetentionDays: context.settings.logRetentionDays,
    dependsOn: aliases,
  });
  return { name: environment, restStageName: stageName };
}

function functionVersions(stack: TerraformStack): TerraformVariable {
  return new TerraformVariable(stack, 'function_versions', {
    type: 'map(string)',
    default: {},
    description: 'Function name to published version. A function that is not named takes its newest version.',
  });
}
