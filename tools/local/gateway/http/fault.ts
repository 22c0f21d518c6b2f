import type * as common from '#local/gateway/exchange.ts';
import type { NoInvocation } from '#local/gateway/lambda-invocation.ts';
import type { HttpResponse } from '#local/http/response.ts';

/**
 * Why an HTTP API itself ends a request.
 *
 * Source: Amazon API Gateway Developer Guide, "Customize HTTP API access logs" (`$context.error`) and "Troubleshoot issues with HTTP API Lambda integrations in API Gateway".
 */
export interface Fault extends common.Fault {
  readonly status: number;
  /** `$context.authorizer.error`: for logs, never for the client. */
  readonly authorizerError?: string;
  /** `www-authenticate`: what the client must send. */
  readonly challenge?: string;
}

export const BAD_REQUEST: Fault = { status: 400, responseType: 'DEFAULT_4XX', message: 'Bad Request' };
export const NOT_FOUND: Fault = { status: 404, responseType: 'RESOURCE_NOT_FOUND', message: 'Not Found' };
export const URI_TOO_LONG: Fault = { status: 414, responseType: 'DEFAULT_4XX', message: 'URI Too Long' };
export const THROTTLED: Fault = { status: 429, responseType: 'THROTTLED', message: 'Too Many Requests' };
export const TOO_LARGE: Fault = { status: 413, responseType: 'REQUEST_TOO_LARGE', message: 'Request Entity Too Large' };
export const HEADERS_TOO_LARGE: Fault = {
  status: 431,
  responseType: 'DEFAULT_4XX',
  message: 'Request Header Fields Too Large',
};

/** Without a right signature, or with one of somebody whom no policy allows it. The client isn't told which. */
export function forbidden(responseType: string, authorizerError: string): Fault {
  return { status: 403, responseType, message: 'Forbidden', authorizerError };
}

/** Without a token, or with one that isn't taken: the challenge tells the client why. */
export function unauthorized(challenge: string, authorizerError: string): Fault {
  return { status: 401, responseType: 'UNAUTHORIZED', message: 'Unauthorized', authorizerError, challenge };
}

/** With a token that lacks the scopes of the route. */
export function insufficientScope(challenge: string, authorizerError: string): Fault {
  return { ...forbidden('ACCESS_DENIED', authorizerError), challenge };
}

/** The API or its permissions are wrong. */
export function configurationFault(integrationError: string): Fault {
  return { ...INTERNAL, responseType: 'API_CONFIGURATION_ERROR', integrationError };
}

/** The function failed, or its response isn't one that API Gateway understands. */
export function integrationFailure(integrationError: string): Fault {
  return { ...INTERNAL, responseType: 'INTEGRATION_FAILURE', integrationError };
}

/** No result of the function: the API's fault, or the function took longer than the integration waits. */
export function notInvoked({ cause, reason: integrationError }: NoInvocation): Fault {
  if (cause === 'configuration') return configurationFault(integrationError);
  return { status: 503, responseType: 'INTEGRATION_TIMEOUT', message: 'Service Unavailable', integrationError };
}

const INTERNAL = { status: 500, message: 'Internal Server Error' };

export function toResponse({ status, message, challenge }: Fault): HttpResponse {
  const challenged = challenge === undefined ? [] : ['www-authenticate', challenge];
  return { status, headers: ['Content-Type', 'application/json', ...challenged], body: JSON.stringify({ message }) };
}
