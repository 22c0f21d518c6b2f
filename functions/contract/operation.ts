import type { $ZodType } from 'zod/v4/core';
import type { Access } from '#functions/environment.ts';

/** HTTP methods that an operation may use; `ANY` is left out on purpose: every route is declared. */
export type HttpMethod = 'DELETE' | 'GET' | 'PATCH' | 'POST' | 'PUT';

/**
 * Who may call: anybody, holders of the API key (`x-api-key`), IAM principals (Signature Version 4), holders of a token (JWT) of the stage's issuer,
 * the parameters `jwt_issuer` and `jwt_audience`, or whom a function of one's own lets in. Keys and such functions are for REST APIs, the issuer's tokens
 * for HTTP APIs.
 */
export type Auth = 'apiKey' | 'authorizer' | 'iam' | 'jwt' | 'open';

/**
 * A function that API Gateway asks what a caller may call: with the token of a header, a Lambda authorizer of the type TOKEN, or, where it has
 * `identitySources`, with the whole request but its body, one of the type REQUEST.
 */
export interface Authorizer {
  /** It serves no operation: `functions/<function>/handler.ts` exports its `handler`. */
  readonly function: FunctionName;
  /** As an operation's. */
  readonly access: Access;
  /** Of the token. @default 'Authorization' */
  readonly header?: string;
  /**
   * Instead of a token's header: what a request must have for the function to be asked, and what its response is kept by: `header.Authorization`,
   * `querystring.key`.
   */
  readonly identitySources?: readonly string[];
  /** How long what it said of a token holds, for all operations that name it: 0 to 3600; 0: it is asked each time. @default 300 */
  readonly ttlSeconds?: number;
}

/** What an authorizer has where it says nothing. */
export const AUTHORIZER_DEFAULTS = { header: 'Authorization', ttlSeconds: 300 } as const;

/** Name of a Lambda function, which is also the name of its folder under `functions/`. Synthesis refuses one that has no handler. */
export type FunctionName = string;

/** What a function has where its operations say nothing. */
export const FUNCTION_DEFAULTS = { memoryMb: 256, timeoutSeconds: 10 } as const;

/** Schemas of what a client sends. Each of the first three is an object schema whose values are strings. */
export interface OperationRequest {
  readonly pathParameters?: $ZodType;
  readonly query?: $ZodType;
  /** Names in lower case. */
  readonly headers?: $ZodType;
  /** JSON. */
  readonly body?: $ZodType;
  /** Of a body that is not JSON: `image/png`. The handler reads it by `bytes()`, and checks it itself. */
  readonly mediaType?: string;
}

/** A request that a reader can copy, and the status that it is answered with; also what a smoke test calls. */
export interface OperationExample {
  readonly summary: string;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** One of the operation's statuses. */
  readonly status: number;
}

/**
 * A step of a journey: what a function of each region does as a client would, every JOURNEY_MINUTES of settings.conf, with data of its own, at the
 * public names and at the regions' own. In its texts `{place}` is a digit that tells regions and names apart, `{run}` a text that each run has anew.
 */
export interface JourneyStep extends Omit<OperationExample, 'summary'> {
  /** Kebab-case; the steps of one journey say the same, `write-and-read-a-user`. */
  readonly journey: string;
  /** When its turn is: 1, 2, 3. @default 1 */
  readonly step?: number;
  /** Text that the response's body must hold. @default - any body that the contract knows */
  readonly contains?: string;
}

/** One response of an operation: JSON by its schema, another media type's text or bytes, or, with neither, none at all, as of a redirect. */
export interface OperationResponse {
  readonly description: string;
  /** JSON. */
  readonly body?: $ZodType;
  /** Of a body that is not JSON: `image/png`, `text/html`. A REST API sends bytes to those only that `Accept` this very type first. */
  readonly mediaType?: string;
}

/** What the edge may do for clients of a GET. */
export interface EdgeUse {
  /** How long a response may be kept for everybody who asks the same, 1 to 31536000; errors never are. @default - it is not kept */
  readonly cacheSeconds?: number;
  /**
   * Where the active region fails a request, it is sent to the other one at once, before DNS leads there: for reads that may lack what was just written.
   *
   * @default false
   */
  readonly otherRegion?: boolean;
}

/** What a replay of recorded requests has to know of an operation. */
export interface ReplayRules {
  /** It may be sent to environments that work on live data, once more than clients asked for it. @default - true of GET that may not write */
  readonly isSafe?: boolean;
  /**
   * What of a JSON response differs from one to the next and says nothing of a release: `time`, `Items.*.id`, with `*` for each element or member.
   *
   * @default - nothing
   */
  readonly ignoredFields?: readonly string[];
  /** Headers of the response, in lower case, that are compared beside `content-type`. @default - none */
  readonly comparedHeaders?: readonly string[];
}

/**
 * Everything there is to know of one route. The gateways, the functions' roles and environments, the handlers' types and the local runtime
 * are derived from it, so a fact of the API stands here and nowhere else.
 */
export interface Operation {
  /** Unique, kebab-case: `get-user`. */
  readonly id: string;
  /** The function that serves it; several operations may share one. */
  readonly function: FunctionName;
  /** Of the function, 128 to 10240, and a share of a processor with it; operations that share a function say the same. @default 256 */
  readonly memoryMb?: number;
  /**
   * After so many whole seconds, 1 to 29, Lambda ends the function, and the client gets a 5xx; operations that share a function say the same. No
   * gateway waits longer. @default 10
   */
  readonly timeoutSeconds?: number;
  /** REST API or HTTP API. */
  readonly api: 'http' | 'rest';
  readonly method: HttpMethod;
  /** Starts with `/`, path parameters in braces: `/user/{id}`. */
  readonly path: string;
  readonly auth: Auth;
  /** Of auth `authorizer`: who says what callers may do. */
  readonly authorizer?: Authorizer;
  /** Of auth `jwt`: a token must have one of them, in `scope` or `scp`. @default - every token of the issuer for the audience */
  readonly scopes?: readonly string[];
  /** Whether the container API serves it, too. Behind a load balancer nobody checks a signature or a token: `iam`, `jwt` and `authorizer` are refused. @default false */
  readonly container?: boolean;
  /** `proxy`: the handler gets the whole request (`AWS_PROXY`). `template`: mapping templates shape input and output (`AWS`). */
  readonly integration: 'proxy' | 'template';
  /** Sent twice it comes to the same as sent once: a client may send it again when it got no response. @default - true of GET */
  readonly isRepeatable?: boolean;
  /** Header, in lower case, by which the attempts of one call are told from other calls; with it the operation is repeatable. @default - none */
  readonly idempotencyHeader?: string;
  /** What CloudFront, where settings have it, may do for clients of a GET besides handing it on. @default - nothing */
  readonly edge?: EdgeUse;
  /** How requests that clients sent are tried at another release: `two-region replay`. @default - by what its function may do */
  readonly replay?: ReplayRules;
  readonly summary: string;
  readonly description: string;
  readonly request: OperationRequest;
  /** What the operation itself answers, keyed by status code. What a host refuses by itself comes on top, see `refusals.ts`. */
  readonly responses: Readonly<Record<number, OperationResponse>>;
  /** Environment variables that the handler reads, each with the IAM actions it needs on the resource that it names. */
  readonly access: Access;
  /** The first is the one that documentation shows. */
  readonly examples: readonly OperationExample[];
  /**
   * Steps of journeys. What they write must be replaced by each run, as nothing takes it away, and must not be what a user could have written.
   *
   * @default - it is on no journey
   */
  readonly journeys?: readonly JourneyStep[];
}

/**
 * Declares an operation and keeps its literal types, which the handler's types are read off.
 *
 * Write `/* @__PURE__ *\/` before the call, and export `access` by itself: a handler that imports only `access` and types then leaves the
 * schemas, and zod with them, out of its bundle.
 *
 * @param declare - makes the declaration; called once, at once
 */
export function defineOperation<const T extends Operation>(declare: () => T): T {
  return declare();
}

/** The authorizers that operations name, each once, by its function. */
export function authorizersOf(operations: readonly Operation[]): readonly Authorizer[] {
  return [
    ...new Map(
      operations.flatMap(({ authorizer }) => (authorizer ? [[authorizer.function, authorizer] as const] : [])),
    ).values(),
  ];
}

/** Every function behind the API: those that serve operations, then those that say who may call them. */
export function functionsOf(operations: readonly Operation[]): readonly FunctionName[] {
  const served = operations.map((operation) => operation.function);
  return [...new Set([...served, ...authorizersOf(operations).map((authorizer) => authorizer.function)])];
}
