import type { Operation } from '#contract/operation.ts';

/** A request before it is sent. */
export interface PlainRequest {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** What a caller fills an operation's request with. */
export interface RequestParts {
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON; bytes as they are, by an operation that takes another media type. */
  readonly body?: unknown;
}

/**
 * Makes the request of an operation. Path and query parameters are escaped; those that are undefined are left out.
 *
 * @param baseUrl - what the operation's path is appended to
 * @throws TypeError when `baseUrl` is not a URL
 */
export function plainRequest(
  operation: Pick<Operation, 'method' | 'path'> & Partial<Pick<Operation, 'request' | 'responses'>>,
  baseUrl: string,
  parts: RequestParts = {},
): PlainRequest {
  const { method, path } = operation;
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(parts.path?.[name] ?? ''));
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}${filled}`);
  for (const [name, value] of present(parts.query)) url.searchParams.append(name, value);
  const given = Object.fromEntries(present(parts.headers).map(([name, value]) => [name.toLowerCase(), value]));
  const accepted = Object.values(operation.responses ?? {}).flatMap(({ mediaType }) => mediaType ?? []);
  // The first one decides at a REST API whether bytes come as bytes; errors are JSON all the same.
  const headers = accepted.length > 0 ? { accept: [...accepted, 'application/json'].join(', '), ...given } : given;
  if (parts.body === undefined) return { method, url, headers };
  const { mediaType } = operation.request ?? {};
  const body = parts.body instanceof Uint8Array ? parts.body : JSON.stringify(parts.body);
  return { method, url, headers: { 'content-type': mediaType ?? 'application/json', ...headers }, body };
}

function present(values: RequestParts['query'] = {}): [string, string][] {
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}
