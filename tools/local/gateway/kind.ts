import type { ClientRequest } from '#local/http/client-request.ts';
import type { HttpResponse } from '#local/http/response.ts';
import type { IamDecision } from '#local/iam/authorize-invoke.ts';
import type { Variable } from './access-log.ts';
import type { Exchange, Fault, Integration } from './exchange.ts';
import type { Entrance, StageFacts } from './stage-picker.ts';

/** A route of one stage, with all that its requests need. */
export interface Route<E, F extends Fault> {
  readonly authorization: 'AWS_IAM' | 'CUSTOM' | 'JWT' | 'NONE';
  /** Of an authorizer of the API. @returns undefined for whom it lets pass. @default - the route has none */
  readonly authorize?: ((exchange: E) => Promise<F | undefined>) | undefined;
  readonly integrate: Integration<E, F>;
}

/** A stage, compiled: nothing of the model is looked at again while requests are served. */
export interface Stage<R, E> {
  readonly facts: StageFacts;
  readonly match: (
    method: string,
    path: string,
  ) => { readonly route: R; readonly pathParameters: Readonly<Record<string, string>> } | undefined;
  /** Absent: no access log. */
  readonly accessLog: { readonly logGroup: string; readonly render: Variable<E> } | undefined;
}

/** What a request may be ended for before anything of the API is looked at, for having no route, or for one that is held. */
export type CommonFault = 'badEscape' | 'headersTooLarge' | 'held' | 'noRoute' | 'tooLarge' | 'uriTooLong';

/** What one kind of API does its own way. */
export interface GatewayKind<S extends Stage<R, E>, R extends Route<E, F>, E extends Exchange<F>, F extends Fault> {
  readonly faults: Readonly<Record<CommonFault, F>>;
  /** Bytes that names and values of the headers may have, the request line's counted with them or not. */
  readonly countsRequestLine: boolean;
  /** Whether slashes before and behind the stage count as one. */
  readonly mergesSlashes: boolean;
  begin(client: ClientRequest, stage: S, entrance: Entrance): E;
  /** Path within the stage as routes and policies know it. */
  pathOf(exchange: E): string;
  /** What stands before the stage, and looks at each request first. `undefined`: it may pass. */
  guard(exchange: E, stage: S): F | undefined;
  /** What ends a request before its body has come. `route` is `undefined`: none matches. */
  enter(exchange: E, stage: S, route: R | undefined): F | HttpResponse | undefined;
  /** Signature or policies don't let the caller in. `undefined`: nothing verifies signatures here. */
  refuse(decision: Denial | undefined): F;
  /** What ends a request whose body has come and whose caller may call. */
  check(exchange: E, stage: S, route: R): F | undefined;
  /** Something of the gateway's own broke. */
  failed(reason: string): F;
  respond(exchange: E, stage: S, outcome: F | HttpResponse): HttpResponse;
  /** Headers of the gateway's own, names and values in turn. */
  headersOf(exchange: E): readonly string[];
  /** No API, or no such stage of it. */
  nowhere(): { readonly response: HttpResponse; readonly headers: readonly string[] };
  /** `GET /user/{id}`, for warnings. */
  describeRoute(exchange: E): string;
}

/** Why a caller may not call. */
export type Denial = Extract<IamDecision, { readonly allowed: false }>;
