import { isConnectionHeader, lowerCaseName } from '#local/http/raw-headers.ts';
import { describe, type HttpResponse, isRecord, isValidHeader, toStatus } from '#local/http/response.ts';

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * Turns what a function returned into a response, payload format 2.0. A value without a `statusCode` is the body of a 200 in JSON, a text
 * as it is; with one the value is a response, which has `text/plain` where it names no content type.
 *
 * Source: Amazon API Gateway Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs in API Gateway", "Lambda function
 * response for format 2.0".
 *
 * @param payload - the JSON value that the function returned
 * @returns the response, or a sentence that says what is malformed
 */
export function inferResponse(payload: unknown): HttpResponse | string {
  if (!isRecord(payload) || !Object.hasOwn(payload, 'statusCode')) {
    const body = typeof payload === 'string' ? payload : (JSON.stringify(payload) ?? 'null');
    return { status: 200, headers: ['Content-Type', 'application/json'], body };
  }
  const headers: string[] = [];
  const problem = addHeaders(headers, payload.headers) ?? addCookies(headers, payload.cookies);
  return problem ?? toResponse(payload, headers);
}

/**
 * Turns what a function returned into a response, payload format 1.0: nothing is inferred. `headers` and `multiValueHeaders` are merged; what is
 * the same in both is sent once.
 *
 * Source: the same page, "Lambda function response for format 1.0".
 *
 * @returns the response, or a sentence that says what is malformed
 */
export function readResponseFormat1(payload: unknown): HttpResponse | string {
  if (!isRecord(payload)) return `the function returned ${describe(payload)}, not an object with a statusCode`;
  const headers: string[] = [];
  const { multiValueHeaders: multi } = payload;
  if (multi !== undefined && multi !== null) {
    if (!isRecord(multi)) return `multiValueHeaders is ${describe(multi)}, not an object`;
    for (const [name, values] of Object.entries(multi)) {
      if (!Array.isArray(values)) return `multiValueHeaders["${name}"] is ${describe(values)}, not an array of strings`;
      for (const value of values) {
        const problem = addHeaders(headers, { [name]: value });
        if (problem !== undefined) return problem;
      }
    }
  }
  const single: string[] = [];
  const problem = addHeaders(single, payload.headers);
  if (problem !== undefined) return problem;
  const sent = new Set(pairsOf(headers));
  for (const [at, pair] of pairsOf(single).entries()) {
    if (!sent.has(pair)) headers.push(single[2 * at] ?? '', single[2 * at + 1] ?? '');
  }
  return toResponse(payload, headers);
}

/** `name: value`, names in lower case. */
function pairsOf(headers: readonly string[]): string[] {
  const pairs: string[] = [];
  for (let at = 0; at < headers.length; at += 2) pairs.push(`${lowerCaseName(headers[at] ?? '')}: ${headers[at + 1]}`);
  return pairs;
}

/** What both formats have. @param headers - added to: the content type that is sent without one */
function toResponse(payload: Readonly<Record<string, unknown>>, headers: string[]): HttpResponse | string {
  const status = toStatus(payload.statusCode);
  if (status === undefined) return `statusCode is ${describe(payload.statusCode)}, not an integer from 200 to 599`;
  const { isBase64Encoded = false } = payload;
  if (isBase64Encoded !== null && typeof isBase64Encoded !== 'boolean') {
    return `isBase64Encoded is ${describe(isBase64Encoded)}, not a boolean`;
  }
  const body = payload.body ?? '';
  if (typeof body !== 'string')
    return `body is ${describe(body)}, not a string (JSON.stringify is the function's to call)`;
  if (isBase64Encoded && !BASE64.test(body)) return 'isBase64Encoded is true, but body is not base64';
  if (status !== 204 && status !== 304 && !hasContentType(headers)) {
    headers.push('Content-Type', 'text/plain;charset=UTF-8');
  }
  return { status, headers, body: isBase64Encoded ? Buffer.from(body, 'base64') : body };
}

/** @returns what is malformed */
function addHeaders(to: string[], headers: unknown): string | undefined {
  if (headers === undefined || headers === null) return undefined;
  if (!isRecord(headers)) return `headers is ${describe(headers)}, not an object`;
  for (const name in headers) {
    const value = headers[name];
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      return `the header "${name}" is ${describe(value)}, not a string`;
    }
    if (!isValidHeader(name, String(value))) return `the header "${name}" has a name or value that HTTP doesn't allow`;
    if (!isOfGateway(lowerCaseName(name))) to.push(name, String(value));
  }
  return undefined;
}

/** @returns what is malformed */
function addCookies(to: string[], cookies: unknown): string | undefined {
  if (cookies === undefined || cookies === null) return undefined;
  if (!Array.isArray(cookies)) return `cookies is ${describe(cookies)}, not an array of strings`;
  for (const cookie of cookies) {
    if (typeof cookie !== 'string') return `a cookie is ${describe(cookie)}, not a string`;
    if (!isValidHeader('set-cookie', cookie)) return `the cookie "${cookie}" has a character that HTTP doesn't allow`;
    to.push('Set-Cookie', cookie);
  }
  return undefined;
}

/** Those of the connection, and what the gateway itself says of each response. */
function isOfGateway(name: string): boolean {
  return isConnectionHeader(name) || name === 'content-length' || name === 'apigw-requestid';
}

function hasContentType(headers: readonly string[]): boolean {
  return headers.some((name, at) => at % 2 === 0 && lowerCaseName(name) === 'content-type');
}
