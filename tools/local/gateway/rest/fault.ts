import type * as common from '#local/gateway/exchange.ts';
import type { NoInvocation } from '#local/gateway/lambda-invocation.ts';
import type { HttpResponse } from '#local/http/response.ts';

/**
 * Why API Gateway itself ends a request: the gateway response type and what its template can say.
 *
 * Source: Amazon API Gateway Developer Guide, "Gateway response types for API Gateway".
 */
export interface Fault extends common.Fault {
  readonly responseType: ResponseType;
  /** Where the type leaves it open (`DEFAULT_4XX`, `DEFAULT_5XX`), or AWS deviates from the type's own. */
  readonly status?: number;
  /** What is sent instead of the gateway response: a web ACL's own comes before it. */
  readonly response?: HttpResponse;
  /** `x-amzn-errortype`, where it isn't the type's own. */
  readonly errorType?: string;
  /** `$context.error.validationErrorString`. */
  readonly validationErrors?: string;
}

/** Each type's status and `x-amzn-errortype` as AWS has them. */
export const RESPONSE_TYPES = {
  ACCESS_DENIED: { status: 403, errorType: 'AccessDeniedException' },
  API_CONFIGURATION_ERROR: { status: 500, errorType: 'InternalServerErrorException' },
  AUTHORIZER_CONFIGURATION_ERROR: { status: 500, errorType: 'InternalServerErrorException' },
  AUTHORIZER_FAILURE: { status: 500, errorType: 'InternalServerErrorException' },
  BAD_REQUEST_BODY: { status: 400, errorType: 'BadRequestException' },
  BAD_REQUEST_PARAMETERS: { status: 400, errorType: 'BadRequestException' },
  DEFAULT_4XX: { status: 400, errorType: 'BadRequestException' },
  DEFAULT_5XX: { status: 500, errorType: 'InternalServerErrorException' },
  EXPIRED_TOKEN: { status: 403, errorType: 'ExpiredTokenException' },
  INTEGRATION_FAILURE: { status: 504, errorType: 'InternalServerErrorException' },
  INTEGRATION_TIMEOUT: { status: 504, errorType: 'InternalServerErrorException' },
  INVALID_API_KEY: { status: 403, errorType: 'ForbiddenException' },
  INVALID_SIGNATURE: { status: 403, errorType: 'InvalidSignatureException' },
  MISSING_AUTHENTICATION_TOKEN: { status: 403, errorType: 'MissingAuthenticationTokenException' },
  QUOTA_EXCEEDED: { status: 429, errorType: 'LimitExceededException' },
  REQUEST_TOO_LARGE: { status: 413, errorType: 'RequestTooLargeException' },
  RESOURCE_NOT_FOUND: { status: 404, errorType: 'NotFoundException' },
  THROTTLED: { status: 429, errorType: 'TooManyRequestsException' },
  UNAUTHORIZED: { status: 401, errorType: 'UnauthorizedException' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, errorType: 'BadRequestException' },
  WAF_FILTERED: { status: 403, errorType: 'ForbiddenException' },
} as const satisfies Readonly<Record<string, { status: number; errorType: string }>>;

export type ResponseType = keyof typeof RESPONSE_TYPES;

/** What clients are told of any fault that isn't theirs. */
export const INTERNAL_SERVER_ERROR = 'Internal server error';

/** The API, its permissions or the function's response are wrong. */
export function configurationFault(integrationError: string): Fault {
  return { responseType: 'API_CONFIGURATION_ERROR', message: INTERNAL_SERVER_ERROR, integrationError };
}

/** The function failed, or its response isn't one that API Gateway understands: 502. */
export function badGatewayFault(integrationError: string): Fault {
  return { responseType: 'DEFAULT_5XX', status: 502, message: INTERNAL_SERVER_ERROR, integrationError };
}

/** No result of the function: the API's fault, or the function took longer than the integration waits. */
export function notInvoked({ cause, reason }: NoInvocation): Fault {
  if (cause === 'configuration') return configurationFault(reason);
  return { responseType: 'INTEGRATION_TIMEOUT', message: 'Endpoint request timed out', integrationError: reason };
}
