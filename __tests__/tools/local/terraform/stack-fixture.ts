import type { z } from 'zod';
import { evaluateStacks } from '#local/terraform/evaluate.ts';
import type { EvaluatedResource, EvaluateOptions } from '#local/terraform/evaluation.ts';
import type { Json } from '#local/terraform/expression/value/value.ts';
import { type Stack, stackJson } from '#local/terraform/stack.ts';

const aws = { aws: [{ region: 'eu-central-1' }] };

/** A stack of `cdk.tf.json` content, with the AWS provider in eu-central-1 and state in S3 unless told otherwise. */
export function stack(json: z.input<typeof stackJson>, name = 'dev-api', folder = '/app/dev-api'): Stack {
  const backend = { s3: { bucket: 'state', key: `dev/${name}.tfstate`, region: 'eu-central-1' } };
  return { name, folder, json: stackJson.parse({ provider: aws, terraform: { backend }, ...json }) };
}

export function evaluate(stacks: readonly Stack[], options: Partial<EvaluateOptions> = {}) {
  return evaluateStacks(stacks, { parameter: () => undefined, ...options });
}

/** Outputs of a stack alone. */
export function outputsOf(json: z.input<typeof stackJson>, options: Partial<EvaluateOptions> = {}) {
  return evaluate([stack(json)], options).outputs['dev-api'];
}

/** Value of one expression of a stack. */
export function resultOf(
  expression: string,
  json: z.input<typeof stackJson> = {},
  options: Partial<EvaluateOptions> = {},
) {
  return outputsOf({ ...json, output: { value: { value: expression } } }, options)?.value;
}

/** Addresses and one of their values. */
export function valuesBy(resources: readonly EvaluatedResource[], name: string): Record<string, Json | undefined> {
  return Object.fromEntries(resources.map((resource) => [resource.address, resource.values[name]]));
}
