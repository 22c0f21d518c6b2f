/** The part of a proxy integration's result that both kinds of API share. */
export interface JsonAnswer {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** An answer as JSON that nobody may cache. */
export function jsonAnswer({ status, body }: { readonly status: number; readonly body: unknown }): JsonAnswer {
  return {
    statusCode: status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}
