import * as z from 'zod/mini';
import { compileWildcard } from '#local/iam/policy/wildcard.ts';
import type { Found, LintedStage } from '#operator/lint/linted-stage.ts';
import type { Rule } from '#operator/lint/rule.ts';
import { type StageRoute, stageRoutes } from './routes.ts';

const permissionSchema = z.object({
  function_name: z.string(),
  qualifier: z.optional(z.string()),
  principal: z.string(),
  source_arn: z.string(),
});

type Permission = Found<z.infer<typeof permissionSchema>>;

/** A call of the route, as the permission's source names it: whatever stands in the path's parameters. */
function admits(permission: Permission, route: StageRoute): boolean {
  const { function_name: name, qualifier, source_arn: source } = permission.values;
  if (permission.region !== route.stage.region || name !== route.invokes || qualifier !== route.environment)
    return false;
  const path = route.path.replaceAll(/\{[^}]+\}/g, '*');
  const [, resource = ''] = source.split(/:execute-api:[^:]*:[^:]*:/);
  return compileWildcard(resource)(`${route.api}/${route.environment}/${route.method}${path}`);
}

const gatewayPermissions = (stage: LintedStage): readonly Permission[] =>
  stage
    .of('aws_lambda_permission', permissionSchema)
    .filter(({ values }) => values.principal.startsWith('apigateway.'));

const cacheSchema = z.object({ cache_cluster_enabled: z.literal(true) });
const settingsSchema = z.object({ settings: z.object({ caching_enabled: z.literal(true) }) });
const deploymentSchema = z.object({ triggers: z.optional(z.nullable(z.record(z.string(), z.unknown()))) });

/** What a route needs in every environment that serves it. */
export const INVOCATION_RULES: readonly Rule[] = [
  {
    id: 'alias-permission',
    title: "API Gateway may invoke the alias of each environment's functions.",
    why: 'A route without the permission responds with 500 in that environment and region alone, after a switch or a failover.',
    find: (stage) => {
      const permissions = gatewayPermissions(stage);
      return stageRoutes(stage)
        .filter((route) => !permissions.some((permission) => admits(permission, route)))
        .map(({ declared, stage: served, environment, method, path, invokes }) => ({
          ...declared,
          found: `${method} ${path} may not invoke ${invokes}:${environment} in ${served.region}.`,
          fix: `Declare an aws_lambda_permission for ${invokes} with the qualifier ${environment} in ${served.stack}.`,
        }));
    },
  },
  {
    id: 'permission-without-route',
    title: 'A permission to invoke a function is of a route that exists.',
    why: 'What no route needs is a right that nobody looks after, and hides that a route was renamed without it.',
    find: (stage) => {
      const routes = stageRoutes(stage);
      return (
        gatewayPermissions(stage)
          // An authorizer is asked for all routes that name it.
          .filter(({ values }) => !/:execute-api:[^/]*\/authorizers\//.test(values.source_arn))
          .filter((permission) => !routes.some((route) => admits(permission, route)))
          .map((permission) => ({
            ...permission,
            found: `${permission.values.source_arn} is no route that invokes ${permission.values.function_name}.`,
            fix: 'Take the permission out, or let it name the route.',
          }))
      );
    },
  },
  {
    id: 'deployment-trigger',
    title: "A deployment is made anew when the API's content changes.",
    why: 'Without a trigger Terraform changes routes and models and leaves the stage at its old copy of them.',
    find: (stage) =>
      ['aws_api_gateway_deployment', 'aws_apigatewayv2_deployment'].flatMap((type) =>
        stage
          .of(type, deploymentSchema)
          .filter(({ values }) => Object.keys(values.triggers ?? {}).length === 0)
          .map((deployment) => ({
            ...deployment,
            found: 'The deployment has no trigger.',
            fix: 'Give it `triggers` with a hash of the routes, models and templates that it copies.',
          })),
      ),
  },
  {
    id: 'cached-stage',
    title: 'A stage keeps no responses.',
    why: 'A cache belongs to one region and one stage: after a switch or a failover clients get what is no longer so, and each region something else.',
    find: (stage) =>
      [
        ...stage.of('aws_api_gateway_stage', cacheSchema),
        ...stage.of('aws_api_gateway_method_settings', settingsSchema),
      ].map((cached) => ({
        ...cached,
        found: 'The stage caches responses.',
        fix: 'Turn its cache off; cache at the edge, per operation.',
      })),
  },
  {
    id: 'target-default',
    title: 'target_env has no default.',
    why: 'A plan that nobody gave the target would move live traffic to the default.',
    find: ({ stacks }) =>
      stacks
        .filter(({ json }) => json.variable.target_env?.default !== undefined)
        .map(({ name }) => ({
          stack: name,
          address: 'variable.target_env',
          found: 'target_env has a default.',
          fix: 'Take the default out: two-region reads the target from the mappings and hands it over.',
        })),
  },
];
