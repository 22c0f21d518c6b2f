import { z } from 'zod';
import { errorReason } from '#functions/error-reason.ts';
import type { ResourceReader } from '#local/model/resource-reader.ts';

const jsonText = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    context.addIssue({
      code: 'custom',
      message: `is no JSON: ${errorReason(error)}`,
    });
    return z.NEVER;
  }
});

const model = z.object({ rest_api_id: z.string(), name: z.string(), schema: jsonText.default({}) });

const draft4 = 'http://json-schema.org/draft-04/schema#';

/** Every API has them without being told. Source: Amazon API Gateway, "Data models for REST APIs". */
const builtIn: Readonly<Record<string, unknown>> = {
  Empty: { $schema: draft4, title: 'Empty Schema', type: 'object' },
  Error: {
    $schema: draft4,
    title: 'Error Schema',
    type: 'object',
    properties: { message: { type: 'string' } },
  },
};

/** @returns for an API's id: model name → JSON Schema */
export function readRequestModels(reader: ResourceReader): (apiId: string) => Readonly<Record<string, unknown>> {
  const models = reader.managed('aws_api_gateway_model', model);
  return (apiId) => ({
    ...builtIn,
    ...Object.fromEntries(
      models.filter(({ values }) => values.rest_api_id === apiId).map(({ values }) => [values.name, values.schema]),
    ),
  });
}
