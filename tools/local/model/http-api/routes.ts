import { z } from 'zod';
import type { HttpIntegration, HttpRoute } from '#local/model/api-model.ts';
import { numeric } from '#local/model/argument-schema.ts';
import type { ResourceReader } from '#local/model/resource-reader.ts';

const route = z.object({
  api_id: z.string(),
  route_key: z.string(),
  authorization_type: z.enum(['AWS_IAM', 'NONE']).default('NONE'),
  target: z.string({ error: 'is needed: integrations/<id>' }),
});

// Defaults: Amazon API Gateway V2 API, "CreateIntegration".
const integration = z.object({
  id: z.string(),
  integration_type: z.literal('AWS_PROXY', { error: 'is not served; AWS_PROXY is' }),
  integration_subtype: z.undefined({ error: 'is not served' }).optional(),
  integration_uri: z.string(),
  payload_format_version: z.enum(['1.0', '2.0']).default('1.0'),
  timeout_milliseconds: numeric.default(30_000),
});

/** @returns for an API's id: its routes with what they integrate */
export function readRoutes(reader: ResourceReader): (apiId: string) => readonly HttpRoute[] {
  const integrations = new Map(
    reader.managed('aws_apigatewayv2_integration', integration).map(({ values }): [string, HttpIntegration] => [
      `integrations/${values.id}`,
      {
        uri: values.integration_uri,
        payloadFormatVersion: values.payload_format_version,
        timeoutMilliseconds: values.timeout_milliseconds,
      },
    ]),
  );
  const routes = reader.managed('aws_apigatewayv2_route', route).flatMap((resource) => {
    const { api_id: apiId, route_key: routeKey, authorization_type: authorization, target } = resource.values;
    const itsIntegration = integrations.get(target);
    if (itsIntegration) return { apiId, route: { routeKey, authorization, integration: itsIntegration } };
    reader.fail(resource, `target: no aws_apigatewayv2_integration that is served is ${target}`);
    return [];
  });
  return (apiId) => routes.filter((one) => one.apiId === apiId).map((one) => one.route);
}
