import { isFault } from '#local/gateway/exchange.ts';
import type { RegionalGateway } from '#local/gateway/gateway-server.ts';
import type { GatewayKind } from '#local/gateway/kind.ts';
import { newExtendedRequestId } from '#local/gateway/request-id.ts';
import { type GatewayOptions, startGateway } from '#local/gateway/serve.ts';
import type { StagesOf } from '#local/gateway/stage-table.ts';
import { createThrottle } from '#local/gateway/throttle.ts';
import type { HttpResponse } from '#local/http/response.ts';
import { createIssuerKeys, type KeysOf } from '#local/jwt/issuer-keys.ts';
import { isPreflight } from './cors.ts';
import { Exchange } from './exchange.ts';
import {
  BAD_REQUEST,
  configurationFault,
  type Fault,
  forbidden,
  HEADERS_TOO_LARGE,
  NOT_FOUND,
  THROTTLED,
  TOO_LARGE,
  toResponse,
  URI_TOO_LONG,
} from './fault.ts';
import { type PreparedStage, prepareStage, type Route } from './prepare-stage.ts';

/** An account's in each region. Source: Amazon API Gateway Developer Guide, "Amazon API Gateway quotas", account-level. */
const ACCOUNT_THROTTLE = { rateLimit: 10_000, burstLimit: 5_000 };

const PREFLIGHT: HttpResponse = { status: 204, headers: [], body: '' };

export interface HttpGatewayOptions extends GatewayOptions {
  /** Requests a second, and the size of the bucket. @default 10,000 and 5,000, an account's */
  readonly throttle?: { readonly rateLimit: number; readonly burstLimit: number };
  /** Keys of the issuers of tokens. @default - as the issuers publish them */
  readonly keysOf?: KeysOf;
}

/**
 * Serves the HTTP APIs of a region. URLs: `<url>/<stage>/<path>`, `<url>/<path>` for the stage `$default`; see `compileStagePicker` for the
 * other `Host` headers.
 *
 * @throws for a port that is taken (`EADDRINUSE`)
 */
export function startHttpGateway(options: HttpGatewayOptions): Promise<RegionalGateway> {
  return startGateway(options, stagesOf(options), httpKind(options.throttle ?? ACCOUNT_THROTTLE));
}

function stagesOf({ log, keysOf = createIssuerKeys() }: HttpGatewayOptions): StagesOf<PreparedStage> {
  return (region, invoke) => {
    const warn = (message: string) =>
      log.write({ kind: 'warning', time: Date.now(), message: `${region.type} ${message}` });
    const { httpApis: apis = [] } = region;
    const entries = apis.flatMap((api) =>
      api.stages.map((stage) => ({
        apiId: api.id,
        name: stage.name,
        stage: prepareStage(api, stage, { region, invoke, keysOf, warn }),
      })),
    );
    return { apis, entries };
  };
}

function httpKind({
  rateLimit,
  burstLimit,
}: NonNullable<HttpGatewayOptions['throttle']>): GatewayKind<PreparedStage, Route, Exchange, Fault> {
  const admit = createThrottle(rateLimit, burstLimit, () => performance.now());
  return {
    faults: {
      badEscape: BAD_REQUEST,
      headersTooLarge: HEADERS_TOO_LARGE,
      held: THROTTLED,
      noRoute: NOT_FOUND,
      tooLarge: TOO_LARGE,
      uriTooLong: URI_TOO_LONG,
    },
    countsRequestLine: true,
    mergesSlashes: false,
    begin: (client, { facts }, entrance) => new Exchange(client, facts, entrance),
    // AWS WAF stands before no HTTP API.
    guard: () => undefined,
    pathOf: ({ path }) => path,
    enter: (exchange, stage, route) => {
      exchange.routeKey = route?.routeKey;
      if (!admit() || route?.admit?.() === false) return THROTTLED;
      return stage.applyCors && takesPreflight(exchange, route) ? PREFLIGHT : undefined;
    },
    refuse: (denial) =>
      denial
        ? forbidden(denial.responseType, denial.message)
        : forbidden('ACCESS_DENIED', 'nothing verifies signatures here'),
    check: () => undefined,
    failed: (reason) => ({ ...configurationFault(reason), responseType: 'DEFAULT_5XX' }),
    respond: (exchange, stage, outcome) => {
      const plain = isFault<Fault>(outcome) ? toResponse(outcome) : outcome;
      return stage.applyCors?.(plain, exchange.request) ?? plain;
    },
    headersOf: ({ requestId }) => ['Apigw-Requestid', requestId],
    nowhere: () => ({ response: toResponse(NOT_FOUND), headers: ['Apigw-Requestid', newExtendedRequestId()] }),
    describeRoute: ({ routeKey, request }) => routeKey ?? request.method,
  };
}

/** A preflight has no credentials: where a route that takes it wants them, it is refused like any other request. */
function takesPreflight({ request }: Exchange, route: Route | undefined): boolean {
  if (!route) return request.method === 'OPTIONS';
  return route.authorization === 'NONE' && isPreflight(request);
}
