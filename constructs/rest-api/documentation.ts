import { ApiGatewayDocumentationPart } from '@cdktf/provider-aws/lib/api-gateway-documentation-part';
import { Construct } from 'constructs';
import { routeId } from '#constructs/source-arn.ts';
import type { Operation } from '#contract/operation.ts';

export interface DocumentationProps {
  readonly restApiId: string;
  readonly description: string;
  readonly operations: readonly Operation[];
}

/**
 * The contract's texts as documentation parts, which each environment publishes as a version.
 *
 * Source: Amazon API Gateway Developer Guide, "Documentation for REST APIs in API Gateway".
 */
export class Documentation extends Construct {
  constructor(scope: Construct, id: string, { restApiId, description, operations }: DocumentationProps) {
    super(scope, id);
    new ApiGatewayDocumentationPart(this, 'api', {
      restApiId,
      location: { type: 'API' },
      properties: JSON.stringify({ info: { description } }),
    });
    for (const operation of operations) {
      const { method, path, summary } = operation;
      new ApiGatewayDocumentationPart(this, routeId(operation), {
        restApiId,
        location: { type: 'METHOD', method, path },
        properties: JSON.stringify({ summary, description: operation.description }),
      });
      for (const [statusCode, response] of Object.entries(operation.responses)) {
        new ApiGatewayDocumentationPart(this, `${routeId(operation)}-${statusCode}`, {
          restApiId,
          location: { type: 'RESPONSE', method, path, statusCode },
          properties: JSON.stringify({ description: response.description }),
        });
      }
    }
  }
}
