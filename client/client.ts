import type { $ZodType, input } from 'zod/v4/core';
import { contract } from '#contract/index.ts';
import type { Operation } from '#contract/operation.ts';
import { plainRequest, type RequestParts } from './plain-request.ts';
import { type Result, resultOf } from './result.ts';
import { type Access, send } from './send.ts';

export interface ClientOptions extends Access {
  /** Where the REST API answers: `https://api.example.com`, or `https://<id>.execute-api.<region>.amazonaws.com/<environment>`. */
  readonly baseUrl: string;
  /** Where the HTTP API answers. @default baseUrl */
  readonly httpBaseUrl?: string;
  /** @default globalThis.fetch */
  readonly fetch?: typeof fetch;
}

type Contract = (typeof contract)[number];

type CamelCase<Id extends string> = Id extends `${infer Word}-${infer Rest}`
  ? `${Word}${Capitalize<CamelCase<Rest>>}`
  : Id;

type Sent<T extends Operation, Part extends string> = T['request'] extends {
  readonly [P in Part]: infer S extends $ZodType;
}
  ? input<S>
  : never;

interface Parts<T extends Operation> {
  readonly path: Sent<T, 'pathParameters'>;
  readonly query: Sent<T, 'query'>;
  /** The client sets the content type itself. */
  readonly headers: [Sent<T, 'headers'>] extends [never] ? never : Omit<Sent<T, 'headers'>, 'content-type'>;
  readonly body: Sent<T, 'body'>;
}

type Empty = Record<never, never>;

/** Whether all that a part holds is optional. */
type Optional<Part> = Empty extends Part ? true : false;
/** Whether an operation declares a part, and anything in it. */
type Declared<Part> = [Part] extends [never] ? false : [keyof Part] extends [never] ? false : true;

/** What a method of the client takes: a member for each part of the request that the operation declares. */
export type Input<T extends Operation> = {
  readonly [P in keyof Parts<T> as Declared<Parts<T>[P]> extends true
    ? Optional<Parts<T>[P]> extends true
      ? never
      : P
    : never]: Parts<T>[P];
} & {
  readonly [P in keyof Parts<T> as Declared<Parts<T>[P]> extends true
    ? Optional<Parts<T>[P]> extends true
      ? P
      : never
    : never]?: Parts<T>[P];
} & { readonly signal?: AbortSignal };

/** A method per operation, by its id in camel case: `getUser({ path: { id } })`. */
export type Client = {
  readonly [T in Contract as CamelCase<T['id']>]: Empty extends Input<T>
    ? (input?: Input<T>) => Promise<Result<T>>
    : (input: Input<T>) => Promise<Result<T>>;
};

/**
 * Makes a client of the API, for Node and browsers. Its methods resolve to every answer that the contract or the gateway knows, errors too:
 * look at `status`, by which `body` is typed.
 *
 * A method rejects with `UnexpectedResponseError` when something else answers, and with the error of `fetch` when nothing does.
 */
export function createClient(options: ClientOptions): Client {
  const methods = contract.map((operation) => [camelCase(operation.id), method(operation, options)] as const);
  // Made of the same list as the type, id by id.
  return Object.fromEntries(methods) as unknown as Client;
}

function method<T extends Operation>(operation: T, options: ClientOptions) {
  const { baseUrl, httpBaseUrl = baseUrl } = options;
  const url = operation.api === 'http' ? httpBaseUrl : baseUrl;
  return async ({ signal, ...parts }: RequestParts & { readonly signal?: AbortSignal } = {}): Promise<Result<T>> => {
    const request = plainRequest(operation, url, parts);
    return resultOf(operation, await send(operation, request, { ...options, signal }));
  };
}

function camelCase(id: string): string {
  return id.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
