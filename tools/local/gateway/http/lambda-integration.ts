import { exceedsPayload } from '#functions/lambda-payload.ts';
import { describeFailure, prepareLambdaInvocation } from '#local/gateway/lambda-invocation.ts';
import { METHODS } from '#local/gateway/serve.ts';
import type { StageFacts } from '#local/gateway/stage-picker.ts';
import type { HttpResponse } from '#local/http/response.ts';
import type { InvokeFunction } from '#local/lambda/invoke-result.ts';
import type { HttpIntegration, HttpRoute } from '#local/model/api-model.ts';
import type { RegionModel } from '#local/model/model.ts';
import { partitionOf } from '#stacks/settings/partitions.ts';
import { buildEvent } from './event.ts';
import { buildEventFormat1 } from './event-format-1.ts';
import type { Exchange, Integration } from './exchange.ts';
import { configurationFault, integrationFailure, notInvoked, TOO_LARGE } from './fault.ts';
import { inferResponse, readResponseFormat1 } from './infer-response.ts';
import { compileRequestMapping, compileResponseMapping } from './parameter-mapping.ts';

interface PayloadFormat {
  readonly eventOf: (exchange: Exchange) => object;
  readonly responseOf: (payload: unknown) => HttpResponse | string;
}

const FORMATS: Readonly<Record<HttpIntegration['payloadFormatVersion'], PayloadFormat>> = {
  '1.0': { eventOf: buildEventFormat1, responseOf: readResponseFormat1 },
  '2.0': { eventOf: buildEvent, responseOf: inferResponse },
};

interface IntegrationOptions {
  readonly route: HttpRoute;
  readonly facts: StageFacts;
  readonly region: Pick<RegionModel, 'functions' | 'roles'>;
  readonly invoke: InvokeFunction;
  readonly warn: (message: string) => void;
}

/**
 * Prepares a route's Lambda proxy integration. A function that fails, for whatever reason, is a 500.
 *
 * Source: Amazon API Gateway Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs in API Gateway".
 */
export function prepareIntegration({ route, facts, region, invoke, warn }: IntegrationOptions): Integration {
  const { unserved } = route;
  if (unserved !== undefined) return async () => configurationFault(unserved);
  const { uri, payloadFormatVersion, timeoutMilliseconds, credentials } = route.integration;
  const { eventOf, responseOf } = FORMATS[payloadFormatVersion];
  const mapRequest = compileRequestMapping(route.integration);
  const mapResponse = compileResponseMapping(route.integration);
  const invokeTarget = prepareLambdaInvocation({
    uri: invocationUri(uri, facts.region),
    timeoutMilliseconds,
    sources: sourcesOf(route.routeKey),
    facts,
    region,
    credentials,
    invoke,
  });
  return async (exchange) => {
    const payload = JSON.stringify(eventOf(mapRequest(exchange)));
    if (exceedsPayload(payload)) return TOO_LARGE;
    const invocation = await invokeTarget(exchange, payload);
    if ('cause' in invocation) return notInvoked(invocation);
    const { result, functionName } = invocation;
    const response = result.ok ? responseOf(result.payload) : describeFailure(result);
    if (typeof response !== 'string') return mapResponse(exchange, response);
    const where = `500 for ${route.routeKey} in ${facts.stage}, function ${functionName}`;
    warn(`${where}: ${response} (request ${exchange.requestId}).`);
    return integrationFailure(response);
  };
}

/** HTTP APIs take a function's ARN for the URI of its invocation. */
function invocationUri(uri: string, region: string): string {
  if (!/^arn:aws[a-z-]*:lambda:/.test(uri)) return uri;
  return `arn:${partitionOf(region)}:apigateway:${region}:lambda:path/2015-03-31/functions/${uri}/invocations`;
}

/** Method and path that the function's policy is asked for, by the request's method. */
function sourcesOf(routeKey: string): ReadonlyMap<string, string> {
  const [routeMethod = '', path = ''] = routeKey.split(' ', 2);
  const isDefault = routeKey === '$default';
  const methods = isDefault || routeMethod === 'ANY' ? METHODS : [routeMethod];
  return new Map(methods.map((method) => [method, isDefault ? routeKey : `${method}${path}`]));
}
