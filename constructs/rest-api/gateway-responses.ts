import { ApiGatewayGatewayResponse } from '@cdktf/provider-aws/lib/api-gateway-gateway-response';
import { Construct } from 'constructs';
import { INVALID_API_KEY, NO_SUCH_ROUTE } from '#contract/refusals.ts';

interface Refusal {
  /** @default - API Gateway's own status */
  readonly status?: number;
  /** A `$context` variable inside quotes, or plain text. @default - API Gateway's own message */
  readonly error?: string;
}

const OWN_MESSAGE = '$context.error.messageString';

/**
 * Everything that the gateway answers by itself. An unknown route is called so, not a missing token.
 *
 * Source: Amazon API Gateway Developer Guide, "Gateway response types for API Gateway".
 */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  BAD_REQUEST_BODY: { status: 400, error: '"$context.error.message: $context.error.validationErrorString"' },
  BAD_REQUEST_PARAMETERS: { status: 400 },
  INVALID_API_KEY: { status: 403, error: `"${INVALID_API_KEY}"` },
  ACCESS_DENIED: { status: 403 },
  MISSING_AUTHENTICATION_TOKEN: { status: 404, error: `"${NO_SUCH_ROUTE}"` },
  RESOURCE_NOT_FOUND: { status: 404 },
  REQUEST_TOO_LARGE: { status: 413 },
  UNSUPPORTED_MEDIA_TYPE: { status: 415 },
  THROTTLED: { status: 429 },
  QUOTA_EXCEEDED: { status: 429 },
  DEFAULT_4XX: {},
  DEFAULT_5XX: {},
};

/** The gateway's own answers, all as `{"error", "requestId"}`, readable by a browser of any origin. */
export class GatewayResponses extends Construct {
  constructor(scope: Construct, id: string, { restApiId }: { readonly restApiId: string }) {
    super(scope, id);
    for (const [responseType, { status, error = OWN_MESSAGE }] of Object.entries(REFUSALS)) {
      new ApiGatewayGatewayResponse(this, responseType, {
        restApiId,
        responseType,
        ...(status !== undefined && { statusCode: String(status) }),
        responseTemplates: { 'application/json': `{"error":${error},"requestId":"$context.requestId"}` },
        responseParameters: {
          'gatewayresponse.header.Access-Control-Allow-Origin': "'*'",
          'gatewayresponse.header.Cache-Control': "'no-store'",
        },
      });
    }
  }
}
