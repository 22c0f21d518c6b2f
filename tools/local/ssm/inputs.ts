import { z } from 'zod';
import type { JsonInput } from '#local/aws-endpoint/json-protocol.ts';
import { validationError } from './errors.ts';
import { NAME_PATTERN } from './parameter-name.ts';
import { PARAMETER_TYPES } from './parameter-store.ts';

/** Inputs of the operations (AWS Systems Manager API Reference). What isn't served of them is refused where it would change the answer. */
const reference = z.string().min(1).max(2048);
const withDecryption = z.boolean().default(false);
const nextToken = z.string().optional();
const filter = z.object({ Key: z.string(), Option: z.string().optional(), Values: z.array(z.string()).min(1).max(50) });

export const getParameterInput = z.object({ Name: reference, WithDecryption: withDecryption });

export const getParametersInput = z.object({
  Names: z.array(reference).min(1).max(10),
  WithDecryption: withDecryption,
});

export const getParametersByPathInput = z.object({
  Path: z.string().max(2048).startsWith('/', "must begin with a slash '/'"),
  Recursive: z.boolean().default(false),
  ParameterFilters: z.array(filter).max(0, "aren't served by the local runtime").optional(),
  WithDecryption: withDecryption,
  MaxResults: z.int().min(1).max(10).default(10),
  NextToken: nextToken,
});

export const putParameterInput = z
  .object({
    Name: z.string().max(1011).regex(NAME_PATTERN, {
      error: "must be letters, digits and .-_, or such names each after a slash, and doesn't start with aws or ssm",
    }),
    Value: z.string().min(1),
    Type: z.enum(PARAMETER_TYPES).optional(),
    Description: z.string().max(1024).optional(),
    Overwrite: z.boolean().default(false),
    Tier: z.enum(['Standard', 'Advanced', 'Intelligent-Tiering']).default('Standard'),
  })
  .superRefine(({ Value, Tier }, context) => {
    const limit = Tier === 'Standard' ? 4096 : 8192;
    const length = Buffer.byteLength(Value);
    if (length <= limit) return;
    const message = `is ${length} bytes long; the tier ${Tier} allows ${limit}`;
    context.addIssue({ code: 'custom', path: ['Value'], message });
  });

export const deleteParameterInput = z.object({ Name: reference });

export const describeParametersInput = z.object({
  ParameterFilters: z.array(filter).optional(),
  Filters: z.array(z.unknown()).max(0, "aren't served by the local runtime, use ParameterFilters").optional(),
  MaxResults: z.int().min(1).max(50).default(50),
  NextToken: nextToken,
});

export type ParameterFilter = z.infer<typeof filter>;

/** @throws AwsError `ValidationException` that names every mistake */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: JsonInput): z.infer<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const mistakes = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const count = `${mistakes.length} validation error${mistakes.length > 1 ? 's' : ''} detected`;
  throw validationError(`${count}: ${mistakes.join('; ')}`);
}
