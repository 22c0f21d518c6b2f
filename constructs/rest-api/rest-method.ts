import { ApiGatewayIntegration } from '@cdktf/provider-aws/lib/api-gateway-integration';
import { ApiGatewayIntegrationResponse } from '@cdktf/provider-aws/lib/api-gateway-integration-response';
import { ApiGatewayMethod } from '@cdktf/provider-aws/lib/api-gateway-method';
import { ApiGatewayMethodResponse } from '@cdktf/provider-aws/lib/api-gateway-method-response';
import { Construct } from 'constructs';
import { fieldsOf } from '#contract/json-schema.ts';
import type { Operation } from '#contract/operation.ts';
import { type CorsProps, declared, mapped, originTemplate, responseHeaders } from './cors.ts';
import { requestTemplate, statusMappings } from './mapping-templates.ts';
import type { Models } from './models.ts';
import { type RequestValidators, validationOf } from './request-validators.ts';

export interface RestMethodProps {
  readonly restApiId: string;
  readonly resourceId: string;
  readonly operation: Operation;
  readonly integrationUri: string;
  /** Of an operation that has one. */
  readonly authorizerId: string | undefined;
  readonly models: Models;
  readonly validators: RequestValidators;
  readonly cors: CorsProps;
}

/** One operation on the REST API: method, integration and answers. */
export class RestMethod extends Construct {
  constructor(scope: Construct, id: string, props: RestMethodProps) {
    super(scope, id);
    const { operation, models } = props;
    const { restApiId, resourceId, httpMethod } = new ApiGatewayMethod(this, 'method', {
      restApiId: props.restApiId,
      resourceId: props.resourceId,
      httpMethod: operation.method,
      operationName: operation.id,
      ...(operation.auth === 'authorizer'
        ? { authorization: 'CUSTOM', authorizerId: props.authorizerId }
        : { authorization: operation.auth === 'iam' ? 'AWS_IAM' : 'NONE' }),
      apiKeyRequired: operation.auth === 'apiKey',
      requestParameters: requestParameters(operation),
      requestModels: operation.request.body && {
        'application/json': models.request(operation, operation.request.body),
      },
      requestValidatorId: props.validators.validatorId(validationOf(operation)),
    });
    // What a proxy integration responds goes out as the handler made it.
    const headers = operation.integration === 'proxy' ? {} : responseHeaders(props.cors);
    const place = { restApiId, resourceId, httpMethod };
    const responses = new Map(
      Object.entries(operation.responses).map(([statusCode, { body }]) => [
        statusCode,
        new ApiGatewayMethodResponse(this, `response-${statusCode}`, {
          ...place,
          statusCode,
          responseParameters: declared(headers),
          ...(body && { responseModels: { 'application/json': models.response(operation, statusCode, body) } }),
        }),
      ]),
    );
    const integration = new ApiGatewayIntegration(this, 'integration', {
      ...place,
      // Lambda is always invoked with POST, whatever the client's method.
      integrationHttpMethod: 'POST',
      uri: props.integrationUri,
      ...(operation.integration === 'proxy'
        ? { type: 'AWS_PROXY' }
        : {
            type: 'AWS',
            passthroughBehavior: 'NEVER',
            requestTemplates: { 'application/json': requestTemplate(operation) },
          }),
    });
    if (operation.integration === 'proxy') return;
    for (const { status, selectionPattern, template } of statusMappings(operation)) {
      const response = responses.get(status);
      if (response === undefined) throw new Error(`The responses of ${operation.id} lack ${status}.`);
      new ApiGatewayIntegrationResponse(this, `integration-response-${status}`, {
        ...place,
        statusCode: response.statusCode,
        selectionPattern,
        responseParameters: mapped(headers),
        responseTemplates: { 'application/json': `${originTemplate(props.cors)}${template}` },
        dependsOn: [integration],
      });
    }
  }
}

/** `method.request.path.id` → required, for everything that the contract declares. */
function requestParameters({ request }: Operation): Record<string, boolean> {
  const places = [
    ['path', request.pathParameters],
    ['querystring', request.query],
    ['header', request.headers],
  ] as const;
  return Object.fromEntries(
    places.flatMap(([place, schema]) =>
      fieldsOf(schema).map(({ name, required }) => [`method.request.${place}.${name}`, required] as const),
    ),
  );
}
