import { type $ZodType, toJSONSchema } from 'zod/v4/core';

/** Draft 4 is what API Gateway's models are written in, 2020-12 what OpenAPI 3.1 is. */
export type JsonSchemaDraft = 'draft-04' | 'draft-2020-12';

/** A JSON Schema, as far as the callers look into it. */
export interface JsonSchema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

/** A field of an object schema. */
export interface Field {
  readonly name: string;
  readonly required: boolean;
  readonly schema: unknown;
}

/** A contract schema as JSON Schema, describing what is sent (not what a parser makes of it). */
export function jsonSchema(schema: $ZodType, draft: JsonSchemaDraft): JsonSchema {
  const converted: JsonSchema = toJSONSchema(schema, {
    target: draft === 'draft-04' ? 'draft-4' : 'draft-2020-12',
    io: 'input',
  });
  return converted;
}

/** The fields of an object schema, in the order of their declaration; none for an absent schema. */
export function fieldsOf(schema: $ZodType | undefined): readonly Field[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, 'draft-2020-12');
  return Object.entries(properties).map(([name, field]) => ({
    name,
    required: required.includes(name),
    schema: field,
  }));
}
