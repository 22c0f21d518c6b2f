import { BadRequestError } from './error-response.ts';

/** A request's body: text as API Gateway passes it, bytes as they came. */
export interface RawBody {
  readonly body?: string | Uint8Array | null;
  /** Of a text. */
  readonly isBase64Encoded: boolean;
  readonly headers: Readonly<Record<string, string | undefined>> | null;
}

/** `application/json` and the types built on it, whatever their parameters. Source: RFC 6838, 4.2.8. */
const jsonType = /^application\/([\w.+-]+\+)?json\s*(;|$)/i;

/**
 * Reads a body as JSON; no content type passes for JSON.
 *
 * @throws BadRequestError when there is no body, it is of another content type, not UTF-8 or not JSON
 */
export function readJson(request: RawBody): unknown {
  const contentType = header(request.headers, 'content-type');
  if (contentType !== undefined && !jsonType.test(contentType)) {
    throw new BadRequestError('content-type: Invalid type: expected application/json');
  }
  const { body, isBase64Encoded } = request;
  if (!body?.length) throw new BadRequestError('body: Missing: expected JSON');
  const text = typeof body !== 'string' ? decode(body) : isBase64Encoded ? decode(Buffer.from(body, 'base64')) : body;
  try {
    return JSON.parse(text);
  } catch {
    throw new BadRequestError('body: Invalid JSON');
  }
}

/** Reads a body as it was sent; none is empty. */
export function readBytes({ body, isBase64Encoded }: RawBody): Uint8Array {
  if (typeof body !== 'string') return body ?? new Uint8Array();
  return Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new BadRequestError('body: Invalid UTF-8');
  }
}

/** Value of a header by its name in lower case: a REST API passes names with the caller's own capitals. */
export function header(headers: RawBody['headers'], wanted: string): string | undefined {
  for (const name in headers) if (name.toLowerCase() === wanted) return headers[name];
  return undefined;
}
