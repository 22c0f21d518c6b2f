import { type ServerResponse, validateHeaderName, validateHeaderValue } from 'node:http';

/** A response before it is sent. */
export interface HttpResponse {
  readonly status: number;
  /** Names and values in turn, without those that every response of the gateway has. */
  readonly headers: readonly string[];
  readonly body: Buffer | string;
}

/** Whether HTTP allows a header with that name and value; mapped headers come from functions, templates and clients. */
export function isValidHeader(name: string, value: string): boolean {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

/** Bodies that this turn of the event loop has still to send. */
let due: { readonly response: ServerResponse; readonly body: Buffer | string }[] = [];

/**
 * Sends a response, at the end of this turn of the event loop: responses that are written one right after the other wake a client once, however
 * many of them it waits for, and to wake it costs more than to write.
 *
 * @param added - headers of the gateway's own, names and values in turn
 * @returns the length of the body in bytes
 */
export function sendResponse(response: ServerResponse, sent: HttpResponse, added: readonly string[]): number {
  const length = typeof sent.body === 'string' ? Buffer.byteLength(sent.body) : sent.body.length;
  const headers = [...sent.headers, ...added];
  // RFC 9110, 8.6: no length in a 204; a 304's would be that of the 200, which isn't known here.
  if (sent.status !== 204 && sent.status !== 304) headers.push('Content-Length', String(length));
  response.writeHead(sent.status, headers);
  if (due.length === 0) setImmediate(sendDue);
  due.push({ response, body: sent.body });
  return length;
}

function sendDue(): void {
  const now = due;
  due = [];
  for (const { response, body } of now) response.end(body);
}

/** A function's `statusCode`. @returns `undefined`: not an integer from 200 to 599 */
export function toStatus(value: unknown): number | undefined {
  if (typeof value !== 'number' && !(typeof value === 'string' && /^\d{3}$/.test(value))) return undefined;
  const status = Number(value);
  return Number.isInteger(status) && status >= 200 && status <= 599 ? status : undefined;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value in a sentence. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `the ${typeof value} ${JSON.stringify(value).slice(0, 100)}`;
}
