import { describe, isRecord, toStatus } from '#local/gateway/function-response.ts';
import { isConnectionHeader, lowerCaseName } from '#local/http/raw-headers.ts';
import { type HttpResponse, isValidHeader } from '#local/http/response.ts';

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
  const headers: string[] = [];
  const problem = addHeaders(headers, payload.headers) ?? addCookies(headers, payload.cookies);
  if (problem !== undefined) return problem;
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
