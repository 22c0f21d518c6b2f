import * as z from 'zod/mini';
import type { Found, LintedStage } from '#operator/lint/linted-stage.ts';

/** A route of an API in one of its stages, and whom it invokes there. */
export interface StageRoute {
  readonly kind: 'http' | 'rest';
  readonly api: string;
  /** The gateway stage, which is the environment. */
  readonly stage: Found<unknown>;
  readonly environment: string;
  readonly method: string;
  /** `/user/{id}` */
  readonly path: string;
  /** Name of the function. */
  readonly invokes: string;
  readonly declared: Found<unknown>;
}

const resourceSchema = z.object({ id: z.string(), path: z.string() });
const methodSchema = z.object({ rest_api_id: z.string(), resource_id: z.string(), http_method: z.string() });
const integrationSchema = z.object({ resource_id: z.string(), http_method: z.string(), uri: z.string() });
const restStageSchema = z.object({ rest_api_id: z.string(), stage_name: z.string() });
const routeSchema = z.object({ api_id: z.string(), route_key: z.string(), target: z.string() });
const httpIntegrationSchema = z.object({ id: z.string(), integration_uri: z.string() });
const httpStageSchema = z.object({ api_id: z.string(), name: z.string() });

/** Every route of both kinds of API in every stage that serves it. */
export function stageRoutes(stage: LintedStage): readonly StageRoute[] {
  return [...restRoutes(stage), ...httpRoutes(stage)];
}

function restRoutes(stage: LintedStage): readonly StageRoute[] {
  const stages = stage.of('aws_api_gateway_stage', restStageSchema);
  const paths = new Map(
    stage.of('aws_api_gateway_resource', resourceSchema).map(({ values }) => [values.id, values.path]),
  );
  const integrations = stage.of('aws_api_gateway_integration', integrationSchema);
  return stage.of('aws_api_gateway_method', methodSchema).flatMap((method) => {
    const { rest_api_id: api, resource_id: resource, http_method: verb } = method.values;
    const integration = integrations.find(
      ({ values, stack }) => stack === method.stack && values.resource_id === resource && values.http_method === verb,
    );
    const invokes = functionOf(integration?.values.uri);
    if (invokes === undefined) return [];
    return stages
      .filter(({ values }) => values.rest_api_id === api)
      .map((each) => ({
        kind: 'rest' as const,
        api,
        stage: each,
        environment: each.values.stage_name,
        method: verb,
        path: paths.get(resource) ?? '/',
        invokes,
        declared: method,
      }));
  });
}

function httpRoutes(stage: LintedStage): readonly StageRoute[] {
  const stages = stage.of('aws_apigatewayv2_stage', httpStageSchema);
  const integrations = stage.of('aws_apigatewayv2_integration', httpIntegrationSchema);
  return stage.of('aws_apigatewayv2_route', routeSchema).flatMap((route) => {
    const { api_id: api, route_key: key, target } = route.values;
    const integration = integrations.find(({ values }) => target === `integrations/${values.id}`);
    const invokes = functionOf(integration?.values.integration_uri);
    const [method = '', path = ''] = key.split(' ');
    if (invokes === undefined) return [];
    return stages
      .filter(({ values }) => values.api_id === api)
      .map((each) => ({
        kind: 'http' as const,
        api,
        stage: each,
        environment: each.values.name,
        method,
        path,
        invokes,
        declared: route,
      }));
  });
}

/** The function in an integration's URI, whose alias is the stage's own. */
function functionOf(uri = ''): string | undefined {
  return /:function:([^:/]+):/.exec(uri)?.[1];
}
