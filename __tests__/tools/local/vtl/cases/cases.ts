import { z } from 'zod';
import apiGateway from './api-gateway.json' with { type: 'json' };
import velocity from './velocity.json' with { type: 'json' };

const textMapSchema = z.record(z.string(), z.string());

const velocityCases = z
  .strictObject({
    about: z.string(),
    context: z.strictObject({
      body: z.unknown(),
      params: z.strictObject({ path: textMapSchema, querystring: textMapSchema, header: textMapSchema }),
      context: z.record(z.string(), z.unknown()),
      stageVariables: textMapSchema,
    }),
    cases: z.array(
      z.strictObject({
        name: z.string(),
        template: z.string(),
        output: z.string().optional(),
        apiGateway: z.string().optional(),
        refused: z.literal(true).optional(),
      }),
    ),
  })
  .parse(velocity);

/** The request that Velocity rendered its cases for. */
export const velocityRequest = { ...velocityCases.context, body: JSON.stringify(velocityCases.context.body) };

/** What Velocity 1.7 makes of templates; `undefined`: it refuses the template. */
export const VELOCITY_CASES = velocityCases.cases
  .filter(({ apiGateway: otherwise }) => otherwise === undefined)
  .map(({ name, template, output }) => ({ name, template, output }));

/** Templates that API Gateway renders otherwise than Velocity, by what is known of it. */
export const SUPERSEDED_CASES = velocityCases.cases.flatMap(({ name, template, apiGateway: output }) =>
  output === undefined ? [] : [{ name, template, output }],
);

/** What API Gateway makes of templates. */
export const API_GATEWAY_CASES = z
  .strictObject({
    about: z.string(),
    cases: z.array(
      z.strictObject({
        template: z.string(),
        body: z.unknown().optional(),
        text: z.string().optional(),
        output: z.string(),
      }),
    ),
  })
  .parse(apiGateway)
  .cases.map(({ template, body, text, output }) => ({ template, body: text ?? JSON.stringify(body), output }));
