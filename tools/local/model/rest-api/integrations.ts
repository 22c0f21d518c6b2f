import { z } from 'zod';
import type { IntegrationResponse, RestIntegration } from '#local/model/api-model.ts';
import { numeric, textMap } from '#local/model/arguments/argument-schema.ts';
import type { ResourceReader } from '#local/model/resource-reader.ts';
import { groupByMethod, methodArguments, methodKey } from './method-key.ts';

// Defaults: Amazon API Gateway API, "PutIntegration".
const integration = z
  .object({
    ...methodArguments,
    type: z.enum(['AWS', 'AWS_PROXY', 'HTTP', 'HTTP_PROXY', 'MOCK']),
    uri: z.string().default(''),
    request_templates: textMap,
    request_parameters: textMap,
    passthrough_behavior: z.enum(['NEVER', 'WHEN_NO_MATCH', 'WHEN_NO_TEMPLATES']).default('WHEN_NO_MATCH'),
    timeout_milliseconds: numeric.default(29_000),
    credentials: z.string().optional(),
  })
  .transform((values) => {
    const { type } = values;
    const item: RestIntegration & { readonly unserved?: string } = {
      type: type === 'HTTP' || type === 'HTTP_PROXY' ? 'MOCK' : type,
      uri: values.uri,
      requestTemplates: values.request_templates,
      requestParameters: values.request_parameters,
      passthroughBehavior: values.passthrough_behavior,
      timeoutMilliseconds: values.timeout_milliseconds,
      ...(values.credentials === undefined ? {} : { credentials: values.credentials }),
      ...unservedOf(type, values.uri),
    };
    return { method: methodKey(values), item };
  });

/** What the runtime reaches is functions; other services and hosts lie outside it. */
function unservedOf(type: string, uri: string): { readonly unserved?: string } {
  if (type === 'HTTP' || type === 'HTTP_PROXY') return { unserved: `of type ${type}` };
  const service = type === 'MOCK' ? undefined : /^arn:[^:]*:apigateway:[^:]*:([^:]*):/.exec(uri)?.[1];
  return service === undefined || service === 'lambda' ? {} : { unserved: `of the service ${service}` };
}

const integrationResponse = z
  .object({
    ...methodArguments,
    status_code: z.string(),
    selection_pattern: z.string().optional(),
    response_templates: textMap,
    response_parameters: textMap,
  })
  .transform((values) => {
    const item: IntegrationResponse = {
      statusCode: values.status_code,
      ...(values.selection_pattern === undefined ? {} : { selectionPattern: values.selection_pattern }),
      responseTemplates: values.response_templates,
      responseParameters: values.response_parameters,
    };
    return { method: methodKey(values), item };
  });

/** Integrations and responses of every API's methods, by the method's key. */
interface Integrations {
  /** `unserved`: why it isn't served. */
  readonly integrations: ReadonlyMap<string, readonly (RestIntegration & { readonly unserved?: string })[]>;
  readonly integrationResponses: ReadonlyMap<string, readonly IntegrationResponse[]>;
}

export function readIntegrations(reader: ResourceReader): Integrations {
  // They document and type the clients: what is sent, the integration responses say.
  reader.serve('managed', 'aws_api_gateway_method_response');
  const integrations = reader.managed('aws_api_gateway_integration', integration);
  for (const one of integrations) {
    const { unserved } = one.values.item;
    if (unserved !== undefined) reader.leaveUnserved(one, `aws_api_gateway_integration ${unserved}`);
  }
  return {
    integrations: groupByMethod(integrations),
    integrationResponses: groupByMethod(reader.managed('aws_api_gateway_integration_response', integrationResponse)),
  };
}
