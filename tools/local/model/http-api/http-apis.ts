import { z } from 'zod';
import { flag, numeric } from '#local/model/argument-schema.ts';
import type { HttpApi, HttpCors } from '#local/model/model.ts';
import type { ResourceReader } from '#local/model/resource-reader.ts';
import { optionalBlock } from '#local/terraform/block-schema.ts';
import { readRoutes } from './routes.ts';
import { readHttpStages } from './stages.ts';

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
