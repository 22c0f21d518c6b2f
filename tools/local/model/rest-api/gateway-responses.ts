import { z } from 'zod';
import { textMap } from '#local/model/argument-schema.ts';
import type { GatewayResponse } from '#local/model/model.ts';
import type { ResourceReader } from '#local/model/resource-reader.ts';

const gatewayResponse = z.object({
  rest_api_id: z.string(),
  response_type: z.string(),
  status_code: z.string().optional(),
  response_templates: textMap,
  response_parameters: textMap,
});

/** @returns for an API's id: its gateway responses */
export function readGatewayResponses(reader: ResourceReader): (apiId: string) => readonly GatewayResponse[] {
  const responses = reader.managed('aws_api_gateway_gateway_response', gatewayResponse);
  return (apiId) =>
    responses
      .filter(({ values }) => values.rest_api_id === apiId)
      .map(({ values }) => ({
        responseType: values.response_type,
        ...(values.status_code === undefined ? {} : { statusCode: values.status_code }),
        responseTemplates: values.response_templates,
        responseParameters: values.response_parameters,
      }));
}
