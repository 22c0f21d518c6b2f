import type { Exchange } from './exchange.ts';
import { formatRequestTime } from './request-id.ts';
import { domainPrefix } from './stage-picker.ts';

const NEEDS_JSON_ESCAPE = /["\\\p{Cc}\p{Cs}]/u;

const CONTROL = /\p{Cc}/gu;

type Value = number | string | undefined;

/** `$context` as REST and HTTP APIs have it alike. */
export const COMMON_VARIABLES: Readonly<Record<string, (exchange: Exchange) => Value>> = {
  accountId: ({ facts }) => facts.accountId,
  apiId: ({ facts }) => facts.apiId,
  awsEndpointRequestId: ({ integration }) => integration?.requestId,
  'customDomain.basePathMatched': ({ entrance }) => entrance.basePath.slice(1),
  domainName: ({ entrance }) => entrance.domainName,
  domainPrefix: ({ entrance }) => domainPrefix(entrance.domainName),
  'error.message': ({ fault }) => fault?.message,
  'error.messageString': ({ fault }) => fault && JSON.stringify(fault.message),
  'error.responseType': ({ fault }) => fault?.responseType,
  httpMethod: ({ request }) => request.method,
  'identity.accountId': ({ identity }) => identity?.accountId,
  'identity.caller': ({ identity }) => identity?.user,
  'identity.sourceIp': ({ request }) => request.sourceIp,
  'identity.user': ({ identity }) => identity?.user,
  'identity.userAgent': ({ request }) => request.headers['user-agent'],
  'identity.userArn': ({ identity }) => identity?.userArn,
  'integration.error': integrationError,
  'integration.integrationStatus': ({ integration }) => integration?.status,
  'integration.latency': ({ integration }) => integration?.latency,
  'integration.requestId': ({ integration }) => integration?.requestId,
  'integration.status': ({ integration }) => integration?.status,
  integrationErrorMessage: integrationError,
  integrationLatency: ({ integration }) => integration?.latency,
  integrationStatus: ({ integration }) => integration?.status,
  protocol: ({ request }) => request.protocol,
  requestId: ({ requestId }) => requestId,
  requestTime: ({ startedAt }) => formatRequestTime(startedAt),
  requestTimeEpoch: ({ startedAt }) => startedAt,
  responseLatency: ({ startedAt }) => Date.now() - startedAt,
  responseLength: ({ responseLength }) => responseLength,
  stage: ({ facts }) => facts.stage,
  status: ({ status }) => status,
};

function integrationError({ fault, integration }: Exchange): string | undefined {
  return integration?.error ?? fault?.integrationError;
}

/** The text as it stands between the quotes of a JSON string. */
export function escapeJson(text: string): string {
  return NEEDS_JSON_ESCAPE.test(text) ? JSON.stringify(text).slice(1, -1) : text;
}

/** Control characters as `\xNN`, so that a value can't begin a line of its own. */
export function escapeControl(text: string): string {
  return text.replace(CONTROL, (found) => `\\x${found.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** A string as JSON; most of what requests hold needs no escape. */
export function quote(text: string): string {
  return `"${escapeJson(text)}"`;
}

/** A string as JSON, or `null`. */
export function quoteOrNull(text: string | undefined): string {
  return text === undefined ? 'null' : quote(text);
}

/** A map as JSON; `null` for one without entries. */
export function mapOrNull(map: object): string {
  for (const _ in map) return JSON.stringify(map);
  return 'null';
}
