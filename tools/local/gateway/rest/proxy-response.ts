import { lowerCaseName } from '#local/http/raw-headers.ts';
import { describe, type HttpResponse, isRecord, isValidHeader, toStatus } from '#local/http/response.ts';

/** Response headers that are API Gateway's own; a function's are sent as `x-amzn-Remapped-<name>`. */
const REMAPPED = new Set([
  'authorization',
  'connection',
  'content-length',
  'content-md5',
  'date',
  'max-forwards',
  'server',
  'user-agent',
  'www-authenticate',
]);

/** A function's are not sent. */
const DROPPED = new Set([
  'expect',
  'host',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
]);

const FIELDS = new Set(['body', 'headers', 'isBase64Encoded', 'multiValueHeaders', 'statusCode']);

/**
 * Turns what a function returned into a response. Every field may be absent, any other field makes the response malformed.
 *
 * Source: Amazon API Gateway Developer Guide, "Lambda proxy integrations in API Gateway", output format; "Amazon API Gateway important
 * notes for REST APIs", table of dropped and remapped headers.
 *
 * @param payload - the JSON value that the function returned
 * @param acceptsBinary - whether a base64 body may be decoded for this client, given the response's content type
 * @returns the response, or a sentence that says what is malformed
 */
export function toProxyResponse(
  payload: unknown,
  acceptsBinary: (contentType: string | undefined) => boolean,
): HttpResponse | string {
  if (!isRecord(payload)) return `the function returned ${describe(payload)}, not an object with a statusCode`;
  for (const field in payload) {
    if (!FIELDS.has(field)) {
      return `the function's response has the field "${field}"; allowed are ${[...FIELDS].join(', ')}`;
    }
  }
  const status = payload.statusCode === undefined || payload.statusCode === null ? 200 : toStatus(payload.statusCode);
  if (status === undefined) return `statusCode is ${describe(payload.statusCode)}, not an integer from 200 to 599`;
  const { body = null, isBase64Encoded = false } = payload;
  if (body !== null && typeof body !== 'string') {
    return `body is ${describe(body)}, not a string (JSON.stringify is the function's to call)`;
  }
  if (isBase64Encoded !== null && typeof isBase64Encoded !== 'boolean') {
    return `isBase64Encoded is ${describe(isBase64Encoded)}, not a boolean`;
  }
  const headers: string[] = [];
  const problem = addHeaders(headers, payload.headers, payload.multiValueHeaders);
  if (problem !== undefined) return problem;
  const contentType = findHeader(headers, 'content-type');
  if (contentType === undefined) headers.push('Content-Type', 'application/json');
  const decode = isBase64Encoded === true && body !== null && acceptsBinary(contentType);
  return { status, headers, body: decode ? Buffer.from(body, 'base64') : (body ?? '') };
}

/** @returns what is malformed */
function addHeaders(to: string[], single: unknown, multi: unknown): string | undefined {
  // API Gateway merges both maps; what is the same in both is sent once.
  const fromMulti = new Set<string>();
  if (multi !== undefined && multi !== null) {
    if (!isRecord(multi)) return `multiValueHeaders is ${describe(multi)}, not an object`;
    for (const [name, values] of Object.entries(multi)) {
      if (!Array.isArray(values)) return `multiValueHeaders["${name}"] is ${describe(values)}, not an array of strings`;
      for (const value of values) {
        fromMulti.add(`${lowerCaseName(name)}: ${value}`);
        const problem = addHeader(to, name, value);
        if (problem !== undefined) return problem;
      }
    }
  }
  if (single === undefined || single === null) return undefined;
  if (!isRecord(single)) return `headers is ${describe(single)}, not an object`;
  for (const name in single) {
    const isTwice = fromMulti.has(`${lowerCaseName(name)}: ${single[name]}`);
    const problem = isTwice ? undefined : addHeader(to, name, single[name]);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function addHeader(to: string[], name: string, value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    return `the header "${name}" is ${describe(value)}, not a string`;
  }
  const text = String(value);
  if (!isValidHeader(name, text)) return `the header "${name}" has a name or value that HTTP doesn't allow`;
  const lower = lowerCaseName(name);
  if (!DROPPED.has(lower)) to.push(REMAPPED.has(lower) ? `x-amzn-Remapped-${name}` : name, text);
  return undefined;
}

function findHeader(headers: readonly string[], lower: string): string | undefined {
  for (let at = 0; at < headers.length; at += 2) if (lowerCaseName(headers[at] ?? '') === lower) return headers[at + 1];
  return undefined;
}
