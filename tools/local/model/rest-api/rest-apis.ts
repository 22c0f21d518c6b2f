import { z } from 'zod';
import type { GatewayResponse, RestApi } from '#local/model/api-model.ts';
import { flag, textMap } from '#local/model/arguments/argument-schema.ts';
import type { ResourceReader } from '#local/model/resource-reader.ts';
import { readMethods } from './methods.ts';
import { readRequestModels } from './request-models.ts';
import { resourcePaths } from './resource-paths.ts';
import { readStages } from './stages.ts';

const restApi = z.object({
  id: z.string(),
  name: z.string(),
  root_resource_id: z.string(),
  execution_arn: z.string(),
  binary_media_types: z.array(z.string()).default([]),
  disable_execute_api_endpoint: flag.default(false),
});

/** REST APIs of every region, put together from the resources that describe them, whichever stacks those are in. */
export function readRestApis(reader: ResourceReader): readonly (RestApi & { readonly region: string })[] {
  const apis = reader.managed('aws_api_gateway_rest_api', restApi);
  const paths = resourcePaths(
    reader,
    apis.map(({ values }) => values.root_resource_id),
  );
  const methods = readMethods(reader, paths);
  const models = readRequestModels(reader);
  const gatewayResponses = readGatewayResponses(reader);
  const stages = readStages(reader);
  return apis.map(({ region, values }) => ({
    region,
    id: values.id,
    name: values.name,
    executionArn: values.execution_arn,
    ...(values.disable_execute_api_endpoint && { isExecuteApiClosed: true }),
    binaryMediaTypes: values.binary_media_types,
    methods: methods.filter(({ apiId }) => apiId === values.id).map(({ method }) => method),
    models: models(values.id),
    gatewayResponses: gatewayResponses(values.id),
    stages: stages(values.id),
  }));
}

const gatewayResponse = z.object({
  rest_api_id: z.string(),
  response_type: z.string(),
  status_code: z.string().optional(),
  response_templates: textMap,
  response_parameters: textMap,
});

/** @returns for an API's id: its gateway responses */
function readGatewayResponses(reader: ResourceReader): (apiId: string) => readonly GatewayResponse[] {
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
