import type { Reply } from '#local/http/reply.ts';

/**
 * Why an HTTP API itself ends a request.
 *
 * Source: Amazon API Gateway Developer Guide, "Customize HTTP API access logs" (`$context.error`) and "Troubleshoot issues with HTTP API Lambda integrations in API Gateway".
 */
export interface Fault {
  readonly status: number;
  /** `$context.error.responseType`. */
  readonly responseType: string;
  /** What the client is told, and `$context.error.message`. */
  readonly message: string;
  /** `$context.integrationErrorMessage`: for logs, never for the client. */
  readonly integrationError?: string;
  /** `$context.authorizer.error`: for logs, never for the client. */
  readonly authorizerError?: string;
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

/** The API or its permissions are wrong. */
export function configurationFault(integrationError: string): Fault {
  return { ...INTERNAL, responseType: 'API_CONFIGURATION_ERROR', integrationError };
}

/** The function failed, or its answer isn't one that API Gateway understands. */
export function integrationFailure(integrationError: string): Fault {
  return { ...INTERNAL, responseType: 'INTEGRATION_FAILURE', integrationError };
}

export function integrationTimeout(integrationError: string): Fault {
  return { status: 503, responseType: 'INTEGRATION_TIMEOUT', message: 'Service Unavailable', integrationError };
}

const INTERNAL = { status: 500, message: 'Internal Server Error' };

export function isFault(outcome: Fault | Reply): outcome is Fault {
  return 'responseType' in outcome;
}

export function toReply({ status, message }: Fault): Reply {
  return { status, headers: ['Content-Type', 'application/json'], body: JSON.stringify({ message }) };
}
