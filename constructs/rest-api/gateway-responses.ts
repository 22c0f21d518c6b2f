import { ApiGatewayGatewayResponse } from '@cdktf/provider-aws/lib/api-gateway-gateway-response';
import { Construct } from 'constructs';
import { INVALID_API_KEY, NO_SUCH_ROUTE } from '#contract/refusals.ts';
import { type CorsProps, refusalHeaders } from './cors.ts';

export interface GatewayResponsesProps {
  readonly restApiId: string;
  readonly cors: CorsProps;
}

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

/** The gateway's own answers, all as `{"error", "requestId"}`, with the CORS of the API. */
export class GatewayResponses extends Construct {
  constructor(scope: Construct, id: string, { restApiId, cors }: GatewayResponsesProps) {
    super(scope, id);
    const headers = Object.entries({ ...refusalHeaders(cors), 'Cache-Control': "'no-store'" });
    for (const [responseType, { status, error = OWN_MESSAGE }] of Object.entries(REFUSALS)) {
      new ApiGatewayGatewayResponse(this, responseType, {
        restApiId,
        responseType,
        ...(status !== undefined && { statusCode: String(status) }),
        responseTemplates: { 'application/json': `{"error":${error},"requestId":"$context.requestId"}` },
        responseParameters: Object.fromEntries(
          headers.map(([name, value]) => [`gatewayresponse.header.${name}`, value]),
        ),
      });
    }
  }
}
