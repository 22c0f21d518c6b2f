import type { Options, ValidateFunction } from 'ajv';
import Ajv from 'ajv-draft-04';
import { describeViolations } from './describe-violations.ts';

/** Violations in API Gateway's words; none for a valid body. */
export type CompiledModel = (body: unknown) => readonly string[];

/** A body with more text than this is told its first violation only: a list of a million is no help and costs memory. */
const MAX_LISTED_LENGTH = 100_000;
const MODEL_REFERENCE = /^https:\/\/apigateway\.amazonaws\.com\/restapis\/[^/]+\/models\/(\w+)$/;
const OPTIONS: Options = {
  strict: false,
  verbose: true,
  ownProperties: true,
  // API Gateway's validator knows patterns of ECMA 262 without the u flag, and ignores formats that it doesn't know.
  unicodeRegExp: false,
  validateFormats: false,
};

/**
 * Compiles a model, once. Models may refer to each other by `https://apigateway.amazonaws.com/restapis/<api>/models/<name>`.
 *
 * Source: Amazon API Gateway Developer Guide, "Data models for REST APIs": JSON Schema draft 4.
 *
 * @param schema - JSON Schema, as an object or as JSON text
 * @param models - the API's models by name
 * @throws Error when the schema isn't valid
 */
export function compileModel(schema: unknown, models: Readonly<Record<string, unknown>>): CompiledModel {
  const accepts = compile(schema, models, OPTIONS);
  let lists: ValidateFunction | undefined;
  return (body) => {
    try {
      if (accepts(body)) return [];
      const first = accepts.errors ?? [];
      if (JSON.stringify(body).length > MAX_LISTED_LENGTH) return describeViolations(first);
      lists ??= compile(schema, models, { ...OPTIONS, allErrors: true });
      lists(body);
      return describeViolations(lists.errors ?? first);
    } catch (error) {
      if (error instanceof RangeError) return ['instance is nested too deeply'];
      throw error;
    }
  };
}

function compile(schema: unknown, models: Readonly<Record<string, unknown>>, options: Options): ValidateFunction {
  const ajv = new Ajv({ ...options, validateSchema: false });
  for (const [name, model] of Object.entries(models)) ajv.addSchema(prepare(model), modelKey(name), undefined, false);
  const prepared = prepare(schema);
  // One for all: each compiles the schema of schemas anew, four times the work of the model.
  metaValidator ??= new Ajv(OPTIONS);
  metaValidator.validateSchema(prepared, true);
  return ajv.compile(prepared);
}

let metaValidator: Ajv | undefined;

/** Without `$schema`, and with references that the validator finds. */
function prepare(schema: unknown): object {
  const text = typeof schema === 'string' ? schema : JSON.stringify(schema);
  const prepared: unknown = JSON.parse(text, (key, value: unknown) => {
    const name = key === '$ref' && typeof value === 'string' ? MODEL_REFERENCE.exec(value)?.[1] : undefined;
    return name === undefined ? value : modelKey(name);
  });
  if (typeof prepared !== 'object' || prepared === null || Array.isArray(prepared))
    throw new Error(`A model must be a JSON object, this one is ${text}.`);
  const { $schema: _, ...rest } = { $schema: undefined, ...prepared };
  return rest;
}

function modelKey(name: string): string {
  return `model:${name}`;
}
