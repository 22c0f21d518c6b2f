import { z } from 'zod';
import type { RestMethod } from '#local/model/api-model.ts';
import { flag, notServed, textMap } from '#local/model/arguments/argument-schema.ts';
import type { ResourceReader } from '#local/model/resource-reader.ts';
import { readIntegrations } from './integrations.ts';
import { methodArguments, methodKey } from './method-key.ts';

const method = z.object({
  ...methodArguments,
  authorization: z.enum(['AWS_IAM', 'COGNITO_USER_POOLS', 'CUSTOM', 'NONE']),
  api_key_required: flag.default(false),
  request_parameters: z.record(z.string(), flag).default({}),
  request_models: textMap,
  request_validator_id: z.string().optional(),
});

const validator = z.object({
  id: z.string(),
  validate_request_body: flag.default(false),
  validate_request_parameters: flag.default(false),
});

/**
 * Methods of every API with what the API's other resources say of them.
 *
 * @param paths - id of a resource → its path
 */
export function readMethods(
  reader: ResourceReader,
  paths: ReadonlyMap<string, string>,
): readonly { readonly apiId: string; readonly method: RestMethod }[] {
  const { integrations, integrationResponses } = readIntegrations(reader);
  const validators = new Map(
    reader
      .managed('aws_api_gateway_request_validator', validator)
      .map(({ values }) => [
        values.id,
        { body: values.validate_request_body, parameters: values.validate_request_parameters },
      ]),
  );
  return reader.managed('aws_api_gateway_method', method).flatMap((resource) => {
    const { values } = resource;
    const key = methodKey(values);
    const resourcePath = paths.get(values.resource_id);
    const [found] = integrations.get(key) ?? [];
    const { request_validator_id: validatorId } = values;
    const requestValidator = validatorId === undefined ? undefined : validators.get(validatorId);
    if (resourcePath === undefined) reader.fail(resource, `resource_id: no resource has the id ${values.resource_id}`);
    if (!found) reader.fail(resource, 'has no aws_api_gateway_integration');
    if (validatorId !== undefined && !requestValidator) {
      reader.fail(resource, `request_validator_id: no aws_api_gateway_request_validator has the id ${validatorId}`);
    }
    if (resourcePath === undefined || !found) return [];
    const { unserved: notIntegrated, ...integration } = found;
    const { authorization } = values;
    const isOpen = authorization === 'AWS_IAM' || authorization === 'NONE';
    if (!isOpen) reader.leaveUnserved(resource, `aws_api_gateway_method with the authorization ${authorization}`);
    const unserved = isOpen ? notIntegrated && `integrations ${notIntegrated}` : `the authorization ${authorization}`;
    const served: RestMethod = {
      resourcePath,
      httpMethod: values.http_method,
      authorization: isOpen ? authorization : 'NONE',
      apiKeyRequired: values.api_key_required,
      requestParameters: values.request_parameters,
      requestModels: values.request_models,
      ...(requestValidator ? { requestValidator } : {}),
      integration,
      integrationResponses: integrationResponses.get(key) ?? [],
      ...(unserved === undefined ? {} : { unserved: notServed(unserved) }),
    };
    return [{ apiId: values.rest_api_id, method: served }];
  });
}
