import { z } from 'zod';
import type { Json } from './expression/value/value.ts';

// What `JSON.parse` gives is JSON: looking through all of it again would cost more than evaluating it.
const json = z.custom<Json>();
const body = z.record(z.string(), json);
const blocks = z.record(z.string(), z.record(z.string(), body)).default({});

const variable = z.object({
  type: z.string().default('any'),
  default: json.optional(),
  nullable: z.boolean().default(true),
  validation: z.array(z.object({ condition: json, error_message: json })).default([]),
});

/** What CDKTF writes to `cdk.tf.json`, as far as the runtime reads it. Source: Terraform, "JSON Configuration Syntax". */
export const stackJson = z.object({
  resource: blocks,
  data: blocks,
  locals: body.default({}),
  output: z.record(z.string(), z.object({ value: json.default(null) })).default({}),
  variable: z.record(z.string(), variable).default({}),
  provider: z.record(z.string(), z.array(body)).default({}),
  terraform: z
    .object({
      backend: z.record(z.string(), body).default({}),
      required_providers: z.record(z.string(), json).default({}),
    })
    .default({ backend: {}, required_providers: {} }),
});

export type StackJson = z.infer<typeof stackJson>;
export type VariableDeclaration = StackJson['variable'][string];

/** Configuration of a block, as it stands in the JSON. */
export type Body = Readonly<Record<string, Json>>;

/** A synthesized stack. */
export interface Stack {
  /** `dev-api-primary`. */
  readonly name: string;
  /** Absolute; Terraform runs here, assets lie in `assets/`. */
  readonly folder: string;
  readonly json: StackJson;
}
