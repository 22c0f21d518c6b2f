import type { ErrorObject } from 'ajv';

/** Characters of a client's value that a message repeats. */
const MAX_QUOTED = 256;

type Describe = (error: ErrorObject) => string;

const count = (value: unknown): number => (Array.isArray(value) ? value.length : Object.keys(value ?? {}).length);
const alternatives = ({ schema }: ErrorObject): number => count(schema);

/** A list of the characters of 10 MB would take half a second. */
function codePoints(value: unknown): number {
  const text = String(value);
  let count = text.length;
  for (let at = 1; at < text.length; at++) {
    if (isHalf(text, at, 0xdc00) && isHalf(text, at - 1, 0xd800)) count -= 1;
  }
  return count;
}

/** Whether a UTF-16 unit is the second, or the first, of a pair. */
function isHalf(text: string, at: number, half: 0xd800 | 0xdc00): boolean {
  return (text.charCodeAt(at) & 0xfc00) === half;
}

/** Wording of the validator that API Gateway runs. Source: json-schema-validator (fge), `validation.properties`. */
const DESCRIPTIONS: Readonly<Record<string, Describe>> = {
  type: ({ data, schema }) =>
    `instance type (${instanceType(data)}) does not match any allowed primitive type (allowed: ${allowedTypes(schema)})`,
  minLength: ({ data, schema }) =>
    `string ${quoteText(data)} is too short (length: ${codePoints(data)}, required minimum: ${schema})`,
  maxLength: ({ data, schema }) =>
    `string ${quoteText(data)} is too long (length: ${codePoints(data)}, maximum allowed: ${schema})`,
  pattern: ({ data, schema }) => `ECMA 262 regex "${schema}" does not match input string ${quoteText(data)}`,
  enum: ({ data, schema }) =>
    `instance value (${quoteValue(data)}) not found in enum (possible values: ${quoteValue(schema)})`,
  minimum: ({ data, params }) =>
    data === params.limit
      ? `numeric instance is not strictly greater than the required minimum ${params.limit}`
      : `numeric instance is lower than the required minimum (minimum: ${params.limit}, found: ${data})`,
  maximum: ({ data, params }) =>
    data === params.limit
      ? `numeric instance is not strictly lower than the required maximum ${params.limit}`
      : `numeric instance is greater than the required maximum (maximum: ${params.limit}, found: ${data})`,
  multipleOf: ({ data, schema }) => `remainder of division is not zero (${data} / ${schema})`,
  minItems: ({ data, schema }) =>
    `array is too short: must have at least ${schema} elements but instance has ${count(data)} elements`,
  maxItems: ({ data, schema }) =>
    `array is too long: must have at most ${schema} elements but instance has ${count(data)} elements`,
  uniqueItems: () => 'array must not contain duplicate elements',
  minProperties: ({ data, schema }) =>
    `object has too few properties (found ${count(data)} but schema requires at least ${schema})`,
  maxProperties: ({ data, schema }) =>
    `object has too many properties (found ${count(data)} but schema requires at most ${schema})`,
  anyOf: (error) => `instance failed to match at least one required schema among ${alternatives(error)}`,
  oneOf: (error) =>
    `instance failed to match exactly one schema (matched ${count(error.params.passingSchemas)} out of ${alternatives(error)})`,
  not: () => 'instance matched a schema which it should not have',
};

/** Violations that name a property each; those of one object are told together. */
const GROUPED: Readonly<Record<string, { readonly param: string; readonly describe: (names: string) => string }>> = {
  required: {
    param: 'missingProperty',
    describe: (names) => `object has missing required properties (${names})`,
  },
  additionalProperties: {
    param: 'additionalProperty',
    describe: (names) => `object instance has properties which are not allowed by the schema: ${names}`,
  },
};

/** Outer ones first, without those that only tell why an alternative didn't match. */
export function describeViolations(errors: readonly ErrorObject[]): readonly string[] {
  const choices = errors
    .filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')
    .map((error) => `${error.schemaPath}/`);
  const relevant = errors.filter(({ schemaPath }) => !choices.some((prefix) => schemaPath.startsWith(prefix)));
  const groups = new Map<string, ErrorObject[]>();
  for (const error of relevant) {
    const key = GROUPED[error.keyword]
      ? `${error.keyword} ${error.instancePath}`
      : `${error.schemaPath} ${error.instancePath}`;
    groups.set(key, [...(groups.get(key) ?? []), error]);
  }
  const depth = ([error]: readonly ErrorObject[]) => error?.instancePath.split('/').length ?? 0;
  return [...groups.values()].sort((a, b) => depth(a) - depth(b)).map(describeGroup);
}

function describeGroup(errors: readonly ErrorObject[]): string {
  const [error] = errors;
  if (!error) return '';
  const group = GROUPED[error.keyword];
  if (group) return group.describe(quoteValue(errors.map(({ params }) => String(params[group.param])).sort()));
  return DESCRIPTIONS[error.keyword]?.(error) ?? error.message ?? error.keyword;
}

/** A schema's number takes integers, and says so. */
function allowedTypes(schema: unknown): string {
  const types = new Set<unknown>([schema].flat());
  if (types.has('number')) types.add('integer');
  return quoteValue([...types].sort());
}

/** JSON Schema's name for a value's type. */
function instanceType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

/** A text in quotes, as it is. */
function quoteText(value: unknown): string {
  return `"${shorten(String(value))}"`;
}

/** A value as JSON. */
function quoteValue(value: unknown): string {
  return shorten(JSON.stringify(value));
}

function shorten(text: string): string {
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text;
}
