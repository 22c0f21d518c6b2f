import type { $ZodType, input } from 'zod/v4/core';
import { contract } from '#contract/index.ts';
import type { Operation } from '#contract/operation.ts';
import { type AttemptOptions, createSender, type Sender } from './attempts.ts';
import { plainRequest, type RequestParts } from './plain-request.ts';
import { type Result, resultOf } from './result.ts';

export interface ClientOptions extends AttemptOptions {
  /** Where the REST API answers: `https://api.example.com`, or `https://<id>.execute-api.<region>.amazonaws.com/<environment>`. */
  readonly baseUrl: string;
  /** Where the HTTP API answers. @default baseUrl */
  readonly httpBaseUrl?: string;
  /**
   * AWS regions that serve the API, the active one first. With them a client survives the loss of a region by itself: it signs for the region that it
   * asks, and goes to the other's own name where the first can't be reached. @default - none: only the public names are asked
   */
  readonly regions?: readonly string[];
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
  /** JSON; bytes where the contract names another media type. */
  readonly body: T['request'] extends { readonly mediaType: string } ? Uint8Array : Sent<T, 'body'>;
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
 * Every attempt has an end, and what may be repeated is tried up to three times (attempts.ts).
 *
 * A method rejects with `UnexpectedResponseError` when something else answers, and with the error of `fetch` when nothing does.
 */
export function createClient(options: ClientOptions): Client {
  const send = createSender(options);
  const methods = contract.map((operation) => [camelCase(operation.id), method(operation, options, send)] as const);
  // Made of the same list as the type, id by id.
  return Object.fromEntries(methods) as unknown as Client;
}

function method<T extends Operation>(operation: T, options: ClientOptions, send: Sender) {
  const { baseUrl, httpBaseUrl = baseUrl, regions } = options;
  const places = { publicUrl: operation.api === 'http' ? httpBaseUrl : baseUrl, regions };
  return async ({ signal, ...parts }: RequestParts & { readonly signal?: AbortSignal } = {}): Promise<Result<T>> => {
    const requestAt = (url: string) => plainRequest(operation, url, parts);
    return resultOf(operation, await send(operation, requestAt, places, signal));
  };
}

function camelCase(id: string): string {
  return id.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
