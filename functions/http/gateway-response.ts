/** What an operation, or the refusal of one, comes to, whatever host sends it. */
export interface Outcome {
  readonly status: number;
  /** JSON; text or bytes of `mediaType`; undefined for no body. */
  readonly body?: unknown;
  /** Of a body that is not JSON. */
  readonly mediaType?: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Values of `Set-Cookie`. */
  readonly cookies?: readonly string[];
}

/** A response before a gateway's format. */
export interface PlainResponse {
  readonly status: number;
  /** Names in lower case; `set-cookie` is apart. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: string | Uint8Array;
}

/** A response that nobody may cache, unless its headers say so. */
export function plainResponse({ status, body, mediaType, headers = {}, cookies = [] }: Outcome): PlainResponse {
  const type = typeOf(body, mediaType);
  const own = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return {
    status,
    headers: {
      ...(type !== undefined && { 'content-type': type }),
      'cache-control': 'no-store',
      ...Object.fromEntries(own),
    },
    cookies,
    body: mediaType === undefined ? (body === undefined ? '' : JSON.stringify(body)) : bytesOrText(body),
  };
}

/** A body as an event's response holds it: text, or bytes in base64. */
export function encodeBody(body: PlainResponse['body']): { readonly body: string; readonly isBase64Encoded?: true } {
  if (typeof body === 'string') return { body };
  return { body: Buffer.from(body).toString('base64'), isBase64Encoded: true };
}

function typeOf(body: unknown, mediaType: string | undefined): string | undefined {
  if (mediaType === undefined) return body === undefined ? undefined : 'application/json';
  const isPlainText = typeof body === 'string' && mediaType.startsWith('text/') && !mediaType.includes(';');
  return isPlainText ? `${mediaType}; charset=utf-8` : mediaType;
}

function bytesOrText(body: unknown): string | Uint8Array {
  return body instanceof Uint8Array ? body : String(body ?? '');
}
