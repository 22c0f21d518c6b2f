import { MAX_HEADER_BYTES } from '#functions/http/head-limits.ts';
import { isFault } from '#local/gateway/exchange.ts';
import type { RegionalGateway } from '#local/gateway/gateway-server.ts';
import type { Denial, GatewayKind } from '#local/gateway/kind.ts';
import { newExtendedRequestId, newRequestId } from '#local/gateway/request-id.ts';
import { type GatewayOptions, MAX_BODY_BYTES, startGateway } from '#local/gateway/serve.ts';

import type { StageEntry } from '#local/gateway/stage-picker.ts';
import type { StagesOf } from '#local/gateway/stage-table.ts';
import type { HttpResponse } from '#local/http/response.ts';
import type { WebAclModel } from '#local/model/waf/web-acl-model.ts';
import type { CompileTemplate } from '#local/vtl/template-context.ts';
import type { Guard } from '#local/waf/web-acl.ts';
import { admit, type Clocks, prepareKeys, type UsagePlans } from './api-keys.ts';
import { Exchange } from './exchange.ts';
import { type Fault, INTERNAL_SERVER_ERROR } from './fault.ts';
import { compileGatewayResponses } from './gateway-responses.ts';
import { type PreparedStage, prepareStage, type Route } from './prepare-stage.ts';

export interface RestGatewayOptions extends GatewayOptions {
  readonly compileTemplate: CompileTemplate;
  /** Makes the guard of a web ACL. @default - stages have none */
  readonly guardOf?: ((acl: WebAclModel) => Guard) | undefined;
  /** @default the machine's */
  readonly clocks?: Clocks;
}

/** A gateway whose usage plans change while it serves, from one request to the next. */
export interface RestGateway extends RegionalGateway {
  readonly setUsagePlans: UsagePlans['set'];
}

const MACHINE_CLOCKS: Clocks = { epoch: () => Date.now(), monotonic: () => performance.now() };

/**
 * Serves the REST APIs of a region. URLs: `<url>/<stage>/<path>`; see `compileStagePicker` for the other `Host` headers.
 *
 * @throws when a mapping template or a model of the region can't be compiled, and for a port that is taken (`EADDRINUSE`)
 */
export async function startRestGateway(options: RestGatewayOptions): Promise<RestGateway> {
  const plans = prepareKeys(options.region.usagePlans, options.clocks ?? MACHINE_CLOCKS);
  const gateway = await startGateway(options, stagesOf(options, plans), REST);
  return { ...gateway, setUsagePlans: plans.set };
}

function stagesOf({ compileTemplate, guardOf, log }: RestGatewayOptions, plans: UsagePlans): StagesOf<PreparedStage> {
  return (region, invoke) => {
    const warn = (message: string) =>
      log.write({ kind: 'warning', time: Date.now(), message: `${region.type} ${message}` });
    const entries = region.restApis.flatMap((api) => {
      const respondToFault = compileGatewayResponses(api.gatewayResponses);
      return api.stages.map((stage): StageEntry<PreparedStage> => {
        const keys = plans.keysOf(api.id, stage.name);
        const acl = region.webAcls?.find(({ arn }) => arn === stage.webAclArn);
        const guard = acl && guardOf?.(acl);
        const shared = { region, keys, respondToFault, invoke, compileTemplate, warn, guard };
        return { apiId: api.id, name: stage.name, stage: prepareStage(api, stage, shared) };
      });
    });
    return { apis: region.restApis, entries };
  };
}

const FILTERED: Fault = { responseType: 'WAF_FILTERED', message: 'Forbidden' };
const THROTTLED: Fault = { responseType: 'THROTTLED', message: 'Too Many Requests' };

const REST: GatewayKind<PreparedStage, Route, Exchange, Fault> = {
  faults: {
    badEscape: { responseType: 'DEFAULT_4XX', status: 400, message: 'Bad Request' },
    headersTooLarge: {
      responseType: 'DEFAULT_4XX',
      status: 431,
      message: `HTTP header is larger than ${MAX_HEADER_BYTES} bytes.`,
    },
    held: THROTTLED,
    noRoute: { responseType: 'MISSING_AUTHENTICATION_TOKEN', message: 'Missing Authentication Token' },
    tooLarge: { responseType: 'REQUEST_TOO_LARGE', message: `HTTP content length exceeded ${MAX_BODY_BYTES} bytes.` },
    uriTooLong: {
      responseType: 'DEFAULT_4XX',
      status: 414,
      message: `An HTTP line is larger than ${MAX_HEADER_BYTES} bytes.`,
    },
  },
  countsRequestLine: false,
  mergesSlashes: true,
  begin: (client, { facts }, entrance) => new Exchange(client, facts, entrance),
  pathOf: ({ entrance }) => entrance.path,
  guard: (exchange, { guard }) => {
    const block = guard?.(exchange);
    return block && { ...FILTERED, ...block };
  },
  enter: (exchange, stage, route) => {
    exchange.resourcePath = route?.resourcePath;
    if (route?.admit?.() === false) return THROTTLED;
    // A signature covers the body; a key is checked before the body has come.
    return route?.authorization === 'NONE' ? admitKey(exchange, route, stage) : undefined;
  },
  refuse: (denial: Denial | undefined) => denial ?? { responseType: 'ACCESS_DENIED', message: 'Forbidden' },
  check: (exchange, stage, route) =>
    (route.authorization === 'NONE' ? undefined : admitKey(exchange, route, stage)) ?? route.validate(exchange),
  failed: (reason) => ({
    responseType: 'DEFAULT_5XX',
    message: INTERNAL_SERVER_ERROR,
    integrationError: reason,
  }),
  respond: (exchange, stage, outcome) =>
    isFault<Fault>(outcome) ? (outcome.response ?? stage.respondToFault(exchange, outcome)) : outcome,
  headersOf: ({ requestId, extendedRequestId, traceId }) => [
    'x-amzn-RequestId',
    requestId,
    'x-amz-apigw-id',
    extendedRequestId,
    'X-Amzn-Trace-Id',
    `Root=${traceId}`,
  ],
  nowhere: () => ({
    // AWS responds without knowing whose gateway responses would apply.
    response: NOWHERE,
    headers: ['x-amzn-RequestId', newRequestId(), 'x-amz-apigw-id', newExtendedRequestId()],
  }),
  describeRoute: ({ request, resourcePath }) => `${request.method} ${resourcePath}`,
};

const NOWHERE: HttpResponse = {
  status: 403,
  headers: ['Content-Type', 'application/json', 'x-amzn-ErrorType', 'ForbiddenException'],
  body: '{"message":"Forbidden"}',
};

function admitKey(exchange: Exchange, { apiKeyRequired }: Route, { keys }: PreparedStage): Fault | undefined {
  if (!apiKeyRequired) return undefined;
  const admitted = admit(keys, exchange.request.headers['x-api-key']);
  if ('responseType' in admitted) return admitted;
  exchange.apiKey = admitted;
  return undefined;
}
