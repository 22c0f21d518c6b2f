import { ApiGatewayIntegration } from '@cdktf/provider-aws/lib/api-gateway-integration';
import { ApiGatewayMethod } from '@cdktf/provider-aws/lib/api-gateway-method';
import { Construct } from 'constructs';
import type { Operation } from '../../functions/contract/operation.ts';

export interface RestMethodProps {
  readonly restApiId: string;
  readonly resourceId: string;
  readonly operation: Operation;
  readonly integrationUri: string;
}

/** One operation on the REST API: method and Lambda integration. */
export class RestMethod extends Construct {
  constructor(scope: Construct, id: string, { restApiId, resourceId, operation, integrationUri }: RestMethodProps) {
    super(scope, id);
    const method = new ApiGatewayMethod(this, 'method', {
      restApiId,
      resourceId,
      httpMethod: operation.method,
      operationName: operation.id,
      authorization: 'NONE',
      apiKeyRequired: operation.auth === 'apiKey',
    });
    new ApiGatewayIntegration(this, 'integration', {
      restApiId,
      resourceId,
      httpMethod: method.httpMethod,
      type: 'AWS_PROXY',
      // Lambda is always invoked with POST, whatever the client's method.
      integrationHttpMethod: 'POST',
      uri: integrationUri,
    });
  }
}
