import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { plainRequest } from '#client/plain-request.ts';
import { operations } from '#contract/index.ts';
import { fieldsOf } from '#contract/json-schema.ts';
import type { Operation, OperationExample } from '#contract/operation.ts';
import type { RuntimeSummary } from '#local/control/summary.ts';
import type { RegionType } from '#local/model/model.ts';
import { targetIn } from '#operator/call/local-target.ts';
import { RawClient, type RawRequest } from './raw-client.ts';

type Target = ReturnType<typeof targetIn>;

/** An operation in one region, and what is needed to call it. */
export interface Route {
  readonly operation: Operation;
  readonly region: RegionType;
  readonly client: RawClient;
  readonly target: Target;
  /** The first example's request, without key and signature. */
  readonly valid: RawRequest;
  /** Names of the query's parameters and of the body's fields. */
  readonly queryNames: readonly string[];
  readonly bodyNames: readonly string[];
}

/** Every operation of the contract in the environment envA of both regions, with one client per gateway. */
export function routesOf(summary: RuntimeSummary): readonly Route[] {
  const clients = new Map<string, RawClient>();
  return (['primary', 'secondary'] as const).flatMap((region) =>
    operations.map((operation) => {
      const target = targetIn(summary, operation, { env: 'envA', region, serving: 'primary' });
      const { host, port } = new URL(target.baseUrl);
      const client = clients.get(host) ?? new RawClient(Number(port));
      clients.set(host, client);
      const [queryNames, bodyNames] = [operation.request.query, operation.request.body].map((schema) =>
        fieldsOf(schema).map(({ name }) => name),
      );
      const valid = exampleRequest(operation, target, operation.examples[0]);
      return { operation, region, client, target, valid, queryNames: queryNames ?? [], bodyNames: bodyNames ?? [] };
    }),
  );
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
