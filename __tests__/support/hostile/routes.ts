import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { plainRequest } from '#client/plain-request.ts';
import type { Access } from '#client/send.ts';
import { fieldsOf } from '#contract/json-schema.ts';
import type { Operation, OperationExample } from '#contract/operation.ts';
import type { RawClient, RawRequest } from './raw-client.ts';

interface Target extends Access {
  /** That the contract's paths are appended to. */
  readonly baseUrl: string;
}

/** An operation where it is served, and what is needed to call it. */
export interface Route {
  readonly operation: Operation;
  /** Region of a gateway, or the container. */
  readonly place: string;
  readonly client: RawClient;
  readonly target: Target;
  /** The first example's request, without key and signature. */
  readonly valid: RawRequest;
  /** Names of the query's parameters and of the body's fields. */
  readonly queryNames: readonly string[];
  readonly bodyNames: readonly string[];
}

/** An operation with its example's request. */
export function routeOf(operation: Operation, at: Pick<Route, 'client' | 'place' | 'target'>): Route {
  const [queryNames = [], bodyNames = []] = [operation.request.query, operation.request.body].map((schema) =>
    fieldsOf(schema).map(({ name }) => name),
  );
  return {
    operation,
    ...at,
    valid: exampleRequest(operation, at.target, operation.examples[0]),
    queryNames,
    bodyNames,
  };
}

/** The request of an example, without key and signature. */
export function exampleRequest(
  operation: Operation,
  { baseUrl }: Pick<Target, 'baseUrl'>,
  { pathParameters, query, headers, body }: Partial<OperationExample> = {},
): RawRequest {
  const request = plainRequest(operation, baseUrl, { path: pathParameters, query, headers, body });
  return {
    method: request.method,
    target: request.url.pathname + request.url.search,
    headers: [['host', request.url.host], ...Object.entries(request.headers)],
    body: Buffer.from(request.body ?? ''),
  };
}

/** Adds the key or the signature that the operation asks for. */
export async function identify({ operation, target }: Route, request: RawRequest): Promise<RawRequest> {
  const { apiKey = '', credentials, region = '' } = target;
  if (operation.auth === 'apiKey') return { ...request, headers: [...request.headers, ['x-api-key', apiKey]] };
  if (operation.auth === 'open' || !credentials || typeof credentials === 'function') return request;
  const [path = '', query = ''] = request.target.split('?', 2);
  const signer = new SignatureV4({ credentials, region, service: 'execute-api', sha256: Sha256 });
  const signed = await signer.sign({
    method: request.method,
    protocol: 'http:',
    hostname: '127.0.0.1',
    path,
    query: queryBag(query),
    headers: { host: request.headers.find(([name]) => name === 'host')?.[1] ?? '' },
    body: request.body,
  });
  const added = Object.entries(signed.headers).filter(([name]) => name !== 'host');
  return { ...request, headers: [...request.headers, ...added] };
}

function queryBag(query: string): Record<string, string[]> {
  const parameters = new URLSearchParams(query.replaceAll('+', '%2B'));
  return Object.fromEntries([...parameters.keys()].map((name) => [name, parameters.getAll(name)]));
}
