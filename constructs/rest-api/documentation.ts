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
      properties: propertiesOf({ info: { description } }),
    });
    for (const operation of operations) {
      const { method, path, summary } = operation;
      new ApiGatewayDocumentationPart(this, routeId(operation), {
        restApiId,
        location: { type: 'METHOD', method, path },
        properties: propertiesOf({ summary, description: operation.description }),
      });
      for (const [statusCode, response] of Object.entries(operation.responses)) {
        new ApiGatewayDocumentationPart(this, `${routeId(operation)}-${statusCode}`, {
          restApiId,
          location: { type: 'RESPONSE', method, path, statusCode },
          properties: propertiesOf({ description: response.description }),
        });
      }
    }
  }
}

/**
 * In the order of names: the one that stays where API Gateway keeps the text as it was given, and where it sorts it. Another order could show as a
 * change in every plan.
 */
function propertiesOf(properties: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1))));
}
