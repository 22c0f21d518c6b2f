import { z } from 'zod';
import type { HttpIntegration, HttpRoute, JwtAuthorization } from '#local/model/api-model.ts';
import { notServed, numeric, textMap } from '#local/model/arguments/argument-schema.ts';
import type { Read, ResourceReader } from '#local/model/resource-reader.ts';
import { blocks, optionalBlock } from '#local/terraform/block-schema.ts';

const route = z.object({
  api_id: z.string(),
  route_key: z.string(),
  authorization_type: z.enum(['AWS_IAM', 'CUSTOM', 'JWT', 'NONE']).default('NONE'),
  authorizer_id: z.string().optional(),
  authorization_scopes: z.array(z.string()).default([]),
  target: z.string({ error: 'is needed: integrations/<id>' }),
});

const authorizer = z.object({
  id: z.string(),
  api_id: z.string(),
  authorizer_type: z.enum(['JWT', 'REQUEST']),
  identity_sources: z
    .array(z.string().regex(/^\$request\.(header|querystring)\.[^\s.]+$/, 'allowed: $request.header.NAME'))
    .default([]),
  jwt_configuration: optionalBlock(z.object({ issuer: z.string(), audience: z.array(z.string()).default([]) })),
});

// Defaults: Amazon API Gateway V2 API, "CreateIntegration".
const integration = z.object({
  id: z.string(),
  integration_type: z.enum(['AWS', 'AWS_PROXY', 'HTTP', 'HTTP_PROXY', 'MOCK']),
  integration_subtype: z.string().optional(),
  integration_uri: z.string().default(''),
  payload_format_version: z.enum(['1.0', '2.0']).default('1.0'),
  timeout_milliseconds: numeric.default(30_000),
  credentials_arn: z.string().optional(),
  request_parameters: textMap,
  response_parameters: blocks(z.object({ status_code: z.coerce.string(), mappings: textMap })),
});

type Found = Read<z.infer<typeof integration>>;

/** @returns for an API's id: its routes with what they integrate */
export function readRoutes(reader: ResourceReader): (apiId: string) => readonly HttpRoute[] {
  const integrations = new Map(
    reader
      .managed('aws_apigatewayv2_integration', integration)
      .map((found): [string, Found] => [`integrations/${found.values.id}`, found]),
  );
  for (const found of integrations.values()) {
    const unserved = unservedOf(found);
    if (unserved !== undefined) reader.leaveUnserved(found, `aws_apigatewayv2_integration ${unserved}`);
  }
  const authorizers = reader.managed('aws_apigatewayv2_authorizer', authorizer);
  for (const found of authorizers) {
    const { authorizer_type: type } = found.values;
    if (type !== 'JWT') reader.leaveUnserved(found, `aws_apigatewayv2_authorizer of type ${type}`);
  }
  const routes = reader.managed('aws_apigatewayv2_route', route).flatMap((resource) => {
    const { api_id: apiId, route_key: routeKey, authorization_type: authorization, target } = resource.values;
    const found = integrations.get(target);
    if (!found) {
      reader.fail(resource, `target: no aws_apigatewayv2_integration is ${target}`);
      return [];
    }
    const isServed = authorization !== 'CUSTOM';
    if (!isServed) reader.leaveUnserved(resource, `aws_apigatewayv2_route with the authorization ${authorization}`);
    const jwt = authorization === 'JWT' ? jwtOf(resource.values, authorizers) : undefined;
    if (authorization === 'JWT' && !jwt) {
      reader.fail(
        resource,
        `authorizer_id: got ${resource.values.authorizer_id}, allowed: a JWT authorizer of the API`,
      );
      return [];
    }
    const notIntegrated = unservedOf(found);
    const unserved = isServed ? notIntegrated && `integrations ${notIntegrated}` : `the authorization ${authorization}`;
    const served: HttpRoute = {
      routeKey,
      authorization: isServed ? authorization : 'NONE',
      ...(jwt && { jwt }),
      integration: toIntegration(found),
      ...(unserved === undefined ? {} : { unserved: notServed(unserved) }),
    };
    return { apiId, route: served };
  });
  return (apiId) => routes.filter((one) => one.apiId === apiId).map((one) => one.route);
}

function jwtOf(
  { api_id: apiId, authorizer_id: id, authorization_scopes: scopes }: z.infer<typeof route>,
  authorizers: readonly Read<z.infer<typeof authorizer>>[],
): JwtAuthorization | undefined {
  const found = authorizers.find(({ values }) => values.id === id && values.api_id === apiId);
  const { jwt_configuration: configuration, identity_sources: identitySources = [] } = found?.values ?? {};
  return configuration && { ...configuration, scopes, identitySources };
}

/** What the runtime reaches is functions; other services and hosts lie outside it. */
function unservedOf({ values }: Found): string | undefined {
  if (values.integration_subtype !== undefined) return `of ${values.integration_subtype}`;
  return values.integration_type === 'AWS_PROXY' ? undefined : `of type ${values.integration_type}`;
}

function toIntegration({ values }: Found): HttpIntegration {
  const { credentials_arn: credentials, request_parameters: requestParameters } = values;
  const responses = values.response_parameters.map(({ status_code: status, mappings }) => [status, mappings] as const);
  return {
    uri: values.integration_uri,
    payloadFormatVersion: values.payload_format_version,
    timeoutMilliseconds: values.timeout_milliseconds,
    ...(credentials === undefined ? {} : { credentials }),
    ...(Object.keys(requestParameters).length > 0 && { requestParameters }),
    ...(responses.length > 0 && { responseParameters: Object.fromEntries(responses) }),
  };
}
