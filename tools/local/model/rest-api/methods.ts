import { z } from 'zod';
import type { LambdaAuthorizer, RestMethod } from '#local/model/api-model.ts';
import { flag, notServed, numeric, textMap } from '#local/model/arguments/argument-schema.ts';
import type { ResourceReader } from '#local/model/resource-reader.ts';
import { readIntegrations } from './integrations.ts';
import { methodArguments, methodKey } from './method-key.ts';

const method = z.object({
  ...methodArguments,
  authorization: z.enum(['AWS_IAM', 'COGNITO_USER_POOLS', 'CUSTOM', 'NONE']),
  authorizer_id: z.string().optional(),
  api_key_required: flag.default(false),
  request_parameters: z.record(z.string(), flag).default({}),
  request_models: textMap,
  request_validator_id: z.string().optional(),
});

// Defaults: Amazon API Gateway API, "CreateAuthorizer".
const authorizer = z.object({
  id: z.string(),
  rest_api_id: z.string(),
  name: z.string(),
  type: z.enum(['COGNITO_USER_POOLS', 'REQUEST', 'TOKEN']).default('TOKEN'),
  authorizer_uri: z.string().default(''),
  authorizer_credentials: z.string().optional(),
  identity_source: z.string().default('method.request.header.Authorization'),
  identity_validation_expression: z.string().optional(),
  authorizer_result_ttl_in_seconds: numeric.default(300),
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
  const authorizers = readAuthorizers(reader);
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
    const isServed = authorization !== 'COGNITO_USER_POOLS';
    const own = authorization === 'CUSTOM' ? authorizers.get(values.authorizer_id ?? '') : undefined;
    if (authorization === 'CUSTOM' && own?.apiId !== values.rest_api_id) {
      reader.fail(resource, `authorizer_id: got ${values.authorizer_id}, allowed: a Lambda authorizer of the API`);
      return [];
    }
    if (!isServed) reader.leaveUnserved(resource, `aws_api_gateway_method with the authorization ${authorization}`);
    const unserved = isServed ? notIntegrated && `integrations ${notIntegrated}` : `the authorization ${authorization}`;
    const served: RestMethod = {
      resourcePath,
      httpMethod: values.http_method,
      authorization: isServed ? authorization : 'NONE',
      ...(own && { authorizer: own.authorizer }),
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

/** @returns by id: Lambda authorizers, each with the API that it belongs to */
function readAuthorizers(reader: ResourceReader) {
  return new Map(
    reader.managed('aws_api_gateway_authorizer', authorizer).flatMap((resource) => {
      const { values } = resource;
      const { id, name, type, authorizer_credentials: credentials } = values;
      const { identity_validation_expression: validationExpression } = values;
      if (type === 'COGNITO_USER_POOLS') {
        reader.leaveUnserved(resource, `aws_api_gateway_authorizer of type ${type}`);
        return [];
      }
      const own: LambdaAuthorizer = {
        id,
        name,
        type,
        uri: values.authorizer_uri,
        ...(credentials === undefined ? {} : { credentials }),
        identitySources: values.identity_source.split(',').flatMap((source) => source.trim() || []),
        ...(validationExpression === undefined || type === 'REQUEST' ? {} : { validationExpression }),
        ttlSeconds: values.authorizer_result_ttl_in_seconds,
      };
      return [[id, { apiId: values.rest_api_id, authorizer: own }] as const];
    }),
  );
}
