import type { Operation } from '#contract/operation.ts';

/** A request before it is sent. */
export interface PlainRequest {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a caller fills an operation's request with. */
export interface RequestParts {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/**
 * Makes the request of an operation. Path and query parameters are escaped; those that are undefined are left out.
 *
 * @param baseUrl - what the operation's path is appended to
 * @throws TypeError when `baseUrl` is not a URL
 */
export function plainRequest(
  { method, path }: Pick<Operation, 'method' | 'path'>,
  baseUrl: string,
  parts: RequestParts = {},
): PlainRequest {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts.path?.[name] ?? ''));
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}${filled}`);
  for (const [name, value] of present(parts.query)) url.searchParams.append(name, value);
  const headers = Object.fromEntries(present(parts.headers).map(([name, value]) => [name.toLowerCase(), value]));
  if (parts.body === undefined) return { method, url, headers };
  return { method, url, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(parts.body) };
}

function present(values: RequestParts['query'] = {}): [string, string][] {
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}
