import { z } from 'zod';
import { accessLogSettings } from '#local/model/access-log.ts';
import type { HttpApi, HttpCors, HttpRoute, HttpStage, ThrottleLimits } from '#local/model/api-model.ts';
import { amount, flag, notServed, numeric, textMap } from '#local/model/arguments/argument-schema.ts';
import type { ResourceReader } from '#local/model/resource-reader.ts';
import { blocks, optionalBlock } from '#local/terraform/block-schema.ts';
import { readRoutes } from './routes.ts';

const texts = z.array(z.string()).default([]);

const cors = z
  .object({
    allow_origins: texts,
    allow_methods: texts,
    allow_headers: texts,
    expose_headers: texts,
    allow_credentials: flag.default(false),
    max_age: numeric.optional(),
  })
  .transform(
    (values): HttpCors => ({
      allowOrigins: values.allow_origins,
      allowMethods: values.allow_methods,
      allowHeaders: values.allow_headers,
      exposeHeaders: values.expose_headers,
      allowCredentials: values.allow_credentials,
      ...(values.max_age === undefined ? {} : { maxAgeSeconds: values.max_age }),
    }),
  );

const httpApi = z.object({
  id: z.string(),
  name: z.string(),
  execution_arn: z.string(),
  protocol_type: z.enum(['HTTP', 'WEBSOCKET']),
  target: z.string().optional(),
  route_key: z.string().default('$default'),
  credentials_arn: z.string().optional(),
  cors_configuration: optionalBlock(cors),
  disable_execute_api_endpoint: flag.default(false),
});

/** HTTP APIs of every region, put together from the resources that describe them, whichever stacks those are in. */
export function readHttpApis(reader: ResourceReader): readonly (HttpApi & { readonly region: string })[] {
  const routes = readRoutes(reader);
  const stages = readHttpStages(reader);
  return reader.managed('aws_apigatewayv2_api', httpApi).flatMap((resource) => {
    const { region, values } = resource;
    if (values.protocol_type === 'WEBSOCKET') {
      reader.leaveUnserved(resource, 'aws_apigatewayv2_api of the protocol WEBSOCKET');
      return [];
    }
    const quick = quickCreated(values);
    return {
      region,
      id: values.id,
      name: values.name,
      executionArn: values.execution_arn,
      ...(values.disable_execute_api_endpoint && { isExecuteApiClosed: true }),
      ...(values.cors_configuration ? { cors: values.cors_configuration } : {}),
      routes: [...quick.routes, ...routes(values.id)],
      stages: [...quick.stages, ...stages(values.id)],
    };
  });
}

/**
 * What AWS makes of an API with a `target`: an integration, a route to it, and the stage `$default`, which deploys by itself.
 *
 * Source: Amazon API Gateway V2 API, "CreateApi", quick create. Which payload format it takes is not written there: the latest, as the console
 * does.
 */
function quickCreated(values: z.infer<typeof httpApi>): Pick<HttpApi, 'routes' | 'stages'> {
  if (values.target === undefined) return { routes: [], stages: [] };
  const isUrl = /^https?:/.test(values.target);
  const route: HttpRoute = {
    routeKey: values.route_key,
    authorization: 'NONE',
    integration: {
      uri: values.target,
      payloadFormatVersion: '2.0',
      timeoutMilliseconds: 30_000,
      ...(values.credentials_arn === undefined ? {} : { credentials: values.credentials_arn }),
    },
    ...(isUrl ? { unserved: notServed('integrations of type HTTP_PROXY') } : {}),
  };
  return { routes: [route], stages: [{ name: '$default', deploymentId: 'auto', variables: {} }] };
}

const limits = z.object({ throttling_rate_limit: amount.optional(), throttling_burst_limit: amount.optional() });

const stage = z.object({
  api_id: z.string(),
  name: z.string(),
  // A stage that deploys by itself names none.
  deployment_id: z.string().default('auto'),
  stage_variables: textMap,
  access_log_settings: accessLogSettings,
  default_route_settings: optionalBlock(limits),
  route_settings: blocks(limits.extend({ route_key: z.string() })),
});

/** @returns for an API's id: its stages */
function readHttpStages(reader: ResourceReader): (apiId: string) => readonly HttpStage[] {
  reader.serve('managed', 'aws_apigatewayv2_deployment');
  const stages = reader.managed('aws_apigatewayv2_stage', stage);
  return (apiId) =>
    stages
      .filter(({ values }) => values.api_id === apiId)
      .map(({ values }) => ({
        name: values.name,
        deploymentId: values.deployment_id,
        variables: values.stage_variables,
        ...throttlesOf(values),
        ...(values.access_log_settings ? { accessLog: values.access_log_settings } : {}),
      }));
}

function throttlesOf({
  default_route_settings: ofStage,
  route_settings: ofRoutes,
}: z.infer<typeof stage>): Pick<HttpStage, 'defaultThrottle' | 'routeThrottles'> {
  const defaultThrottle = ofStage && toThrottle(ofStage);
  const routeThrottles: Record<string, ThrottleLimits> = {};
  for (const settings of ofRoutes) {
    const throttle = toThrottle(settings);
    if (throttle) routeThrottles[settings.route_key] = throttle;
  }
  return {
    ...(defaultThrottle && { defaultThrottle }),
    ...(Object.keys(routeThrottles).length > 0 && { routeThrottles }),
  };
}

/** @returns `undefined` unless both are given, as AWS wants them */
function toThrottle({
  throttling_rate_limit: rateLimit,
  throttling_burst_limit: burstLimit,
}: z.infer<typeof limits>): ThrottleLimits | undefined {
  return rateLimit === undefined || burstLimit === undefined ? undefined : { rateLimit, burstLimit };
}
