import { z } from 'zod';
import type { JsonInput } from '#local/aws-endpoint/json-protocol.ts';
import { validationError } from './errors.ts';
import { PARAMETER_TYPES } from './parameter-store.ts';

/** Inputs of the operations (AWS Systems Manager API Reference). What isn't served of them is refused where it would change the response. */
const UNSERVED = "isn't served by the local runtime";
const reference = z.string().min(1).max(2048);
const withDecryption = z.boolean().default(false);
const nextToken = z.string().optional();
const filter = z.object({
  Key: z
    .string()
    .max(132)
    .regex(/^(?:tag:.+|Name|Type|KeyId|Path|Label|Tier|DataType)$/),
  Option: z.string().min(1).max(10).optional(),
  Values: z.array(z.string().min(1).max(1024)).min(1).max(50).optional(),
});
const labels = z.array(z.string().min(1).max(100)).min(1).max(10);
const DATA_TYPES = ['text', 'aws:ec2:image', 'aws:ssm:integration'];

export const getParameterInput = z.object({ Name: reference, WithDecryption: withDecryption });

export const getParametersInput = z.object({
  Names: z.array(reference).min(1).max(10),
  WithDecryption: withDecryption,
});

export const getParametersByPathInput = z.object({
  Path: z.string().min(1).max(2048),
  Recursive: z.boolean().default(false),
  ParameterFilters: z.array(filter).default([]),
  WithDecryption: withDecryption,
  MaxResults: z.int().min(1).max(10).default(10),
  NextToken: nextToken,
});

export const putParameterInput = z.object({
  // Blanks around a name are taken away.
  Name: z
    .string()
    .min(1)
    .max(2048)
    .transform((name) => name.trim()),
  Value: z.string().min(1),
  Type: z.enum(PARAMETER_TYPES).optional(),
  Description: z.string().max(1024).optional(),
  Overwrite: z.boolean().default(false),
  AllowedPattern: z.string().max(1024).optional(),
  KeyId: z
    .string()
    .min(1)
    .max(256)
    .regex(/^([a-zA-Z0-9:/_-]+)$/)
    .optional(),
  Tags: z
    .array(z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256) }))
    .max(1000)
    .optional(),
  Tier: z.enum(['Standard', 'Advanced', 'Intelligent-Tiering']).optional(),
  Policies: z.undefined(UNSERVED).optional(),
  DataType: z.string().max(128).optional(),
});

export type PutParameterInput = z.infer<typeof putParameterInput>;

export const deleteParameterInput = z.object({ Name: reference });
export const deleteParametersInput = z.object({ Names: z.array(reference).min(1).max(10) });

export const getParameterHistoryInput = z.object({
  Name: reference,
  WithDecryption: withDecryption,
  MaxResults: z.int().min(1).max(50).default(50),
  NextToken: nextToken,
});

export const labelParameterVersionInput = z.object({
  Name: reference,
  ParameterVersion: z.int().optional(),
  Labels: labels,
});

export const unlabelParameterVersionInput = z.object({ Name: reference, ParameterVersion: z.int(), Labels: labels });

export const describeParametersInput = z.object({
  ParameterFilters: z.array(filter).default([]),
  Filters: z.array(z.unknown()).max(0, "aren't served by the local runtime, use ParameterFilters").optional(),
  MaxResults: z.int().min(1).max(50).default(50),
  NextToken: nextToken,
});

export type ParameterFilter = z.infer<typeof filter>;

/** @throws AwsError `ValidationException` that names every mistake */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: JsonInput): z.infer<Schema> {
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  const mistakes = result.error.issues.map(describeIssue);
  const count = `${mistakes.length} validation error${mistakes.length > 1 ? 's' : ''} detected`;
  throw validationError(`${count}: ${mistakes.join('; ')}`);
}

/** @throws AwsError `ValidationException` */
export function requireDataType(type: string | undefined): void {
  if (type === undefined || DATA_TYPES.includes(type)) return;
  throw validationError(`The following data type is not supported: ${type} (Data type names are all lowercase.)`);
}

/** As AWS words it: `Value 'x' at 'type' failed to satisfy constraint: Member must satisfy enum value set: […]`. */
function describeIssue(issue: z.core.$ZodIssue): string {
  const { input, path } = issue;
  const value = typeof input === 'object' ? JSON.stringify(input) : String(input ?? 'null');
  const at = path.map((part) => (typeof part === 'number' ? `${part + 1}.member` : lowerFirst(String(part)))).join('.');
  return `Value '${value}' at '${at}' failed to satisfy constraint: ${constraintOf(issue)}`;
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

function constraintOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_small' || issue.code === 'too_big') {
    const isSmall = issue.code === 'too_small';
    const bound = isSmall ? issue.minimum : issue.maximum;
    const what = issue.origin === 'string' || issue.origin === 'array' ? 'length' : 'value';
    if (issue.message.startsWith("aren't")) return issue.message;
    return `Member must have ${what} ${isSmall ? 'greater' : 'less'} than or equal to ${bound}`;
  }
  if (issue.code === 'invalid_value') return `Member must satisfy enum value set: [${issue.values.join(', ')}]`;
  if (issue.code === 'invalid_format' && issue.format === 'regex') {
    const pattern = (issue.pattern ?? '').replace(/^\/\^(?:\(\?:)?|\)?\$\/$/g, '');
    return `Member must satisfy regular expression pattern: ${pattern}`;
  }
  return issue.input === undefined ? 'Member must not be null' : issue.message;
}
