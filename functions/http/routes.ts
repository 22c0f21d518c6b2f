import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import type { Operation } from '#contract/operation.ts';
import type { QueryName, ResponseOf } from '#contract/response.ts';
import { correlationId } from './correlation-id.ts';
import { errorResponse } from './error-response.ts';
import { type Outcome, type PlainResponse, plainResponse } from './gateway-response.ts';
import { type RawBody, readBytes, readJson } from './json-body.ts';
import type { Caller, ReceivedRequest, Served } from './received-request.ts';
import { recorderOf } from './request-record.ts';

/** What an operation sees of a request, whichever API it came by. */
export interface RouteRequest<T extends Operation = Operation> {
  /** API environment: the name of the gateway's stage. */
  readonly env: string;
  /** API Gateway's id of the request. */
  readonly requestId: string;
  readonly method: T['method'];
  readonly pathParameters: Readonly<Record<string, string | undefined>>;
  /**
   * Query string parameters that the contract declares: empty for `?name`, undefined when it isn't there. Of a repeated one a REST API passes the
   * last value, an HTTP API all of them, joined by commas.
   */
  readonly query: { readonly [Name in QueryName<T>]?: string | undefined };
  /** Value of a header, cookies joined as a browser sends them. @param name - in lower case */
  readonly header: (name: string) => string | undefined;
  readonly caller: Caller;
  /**
   * Reads the body; a REST API's validator passes by a body of another content type than the model's.
   *
   * @throws BadRequestError when it is not JSON
   */
  readonly json: () => unknown;
  /** The body as it was sent, of any type; a REST API hands bytes through for the media types that the contract names, text for all others. */
  readonly bytes: () => Uint8Array;
  /** Carries the request's ids. */
  readonly log: Pick<Logger, 'debug' | 'error' | 'info' | 'warn'>;
}

/** The operations of one function by route, `GET /user/{id}`, each responding what its contract declares. */
export type Routes<T extends Operation> = {
  readonly [O in T as `${O['method']} ${O['path']}`]: (request: RouteRequest<O>) => Promise<ResponseOf<O>>;
};

/** A request before it is known which operation's it is. */
type UnknownRequest = Omit<RouteRequest, 'method'> & { readonly method: string };

/** What a gateway's event says of a request. */
interface GatewayRequest {
  readonly route: string;
  readonly env: string;
  readonly requestId: string;
  readonly method: string;
  readonly pathParameters: Readonly<Record<string, string | undefined>> | null | undefined;
  readonly query: Readonly<Record<string, string | undefined>> | null | undefined;
  readonly header: (name: string) => string | undefined;
  readonly caller: Caller;
  readonly raw: RawBody;
}

/** The routes of one function, for whichever host. */
export interface ServedRoutes extends Served {
  /** Serves a gateway's request; never rejects. */
  readonly respond: (request: GatewayRequest, context: Context) => Promise<PlainResponse>;
}

/**
 * Makes a function's operations servable. A `BadRequestError` becomes a 400 with its message; anything else that an operation throws is logged and
 * becomes a 500 that says nothing of the cause.
 *
 * @param service - name of the function, for the log
 * @param oneOf - what the API makes of a query parameter's values
 */
export function serveRoutes<T extends Operation>(
  service: T['function'],
  routes: Routes<T>,
  oneOf: (values: readonly string[]) => string | undefined,
): ServedRoutes {
  const log = new Logger({ serviceName: service });
  const record = recorderOf(process.env.RECORDING);
  const served = new Map<string, (request: UnknownRequest) => Promise<Outcome>>(Object.entries(routes));
  const serveRoute = async (route: string, request: Omit<UnknownRequest, 'bytes' | 'json'>, raw: RawBody) => {
    const serve = served.get(route);
    if (serve === undefined) throw new Error(`The route ${route} is not one of this function's.`);
    return serve({ ...request, json: () => readJson(raw), bytes: () => readBytes(raw) });
  };
  return {
    respond: async (request, context) => {
      const { route, requestId, raw, pathParameters: path, query, ...others } = request;
      log.resetKeys();
      log.addContext(context);
      log.setCorrelationId(correlationId(raw.headers, requestId));
      const seen = { ...others, requestId, pathParameters: path ?? {}, query: query ?? {}, log };
      const serve = async () => plainResponse(await serveRoute(route, seen, raw));
      const response = await serve().catch((error: unknown) => plainResponse(errorResponse(error, requestId, log)));
      const { status } = response;
      record(route, { ...seen, environment: seen.env, path: seen.pathParameters, body: () => readJson(raw), status });
      return response;
    },
    serve: ({ route, method, query, headers, body, ...others }: ReceivedRequest) => {
      const values = Object.entries(query.multi).map(([name, all]) => [name, oneOf(all)] as const);
      return serveRoute(
        `${method} ${route}`,
        { ...others, method, query: Object.fromEntries(values), header: (name) => headers[name] },
        { body: body ?? null, headers, isBase64Encoded: false },
      );
    },
  };
}
