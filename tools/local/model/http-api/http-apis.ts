import { z } from 'zod';
import { accessLogSettings } from '#local/model/access-log.ts';
import type { HttpApi, HttpCors, HttpStage, ThrottleLimits } from '#local/model/api-model.ts';
import { flag, numeric, textMap } from '#local/model/argument-schema.ts';
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
  protocol_type: z.literal('HTTP', { error: 'is not served; HTTP is' }),
  cors_configuration: optionalBlock(cors),
});

/** HTTP APIs of every region, put together from the resources that describe them, whichever stacks those are in. */
export function readHttpApis(reader: ResourceReader): readonly (HttpApi & { readonly region: string })[] {
  const routes = readRoutes(reader);
  const stages = readHttpStages(reader);
  return reader.managed('aws_apigatewayv2_api', httpApi).map(({ region, values }) => ({
    region,
    id: values.id,
    name: values.name,
    executionArn: values.execution_arn,
    ...(values.cors_configuration ? { cors: values.cors_configuration } : {}),
    routes: routes(values.id),
    stages: stages(values.id),
  }));
}

const amount = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'a number')
    .transform(Number),
]);

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
