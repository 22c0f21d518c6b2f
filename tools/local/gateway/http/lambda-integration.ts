import { createDeadline, TIMED_OUT } from '#local/gateway/deadline.ts';
import { missingPermission } from '#local/gateway/invoke-permission.ts';
import { type LambdaTarget, resolveLambdaTarget } from '#local/gateway/lambda-target.ts';
import { exceedsLambdaPayload, METHODS } from '#local/gateway/limits.ts';
import type { StageFacts } from '#local/gateway/stage-picker.ts';
import type { Reply } from '#local/http/reply.ts';
import type { InvokeFunction, InvokeResult } from '#local/lambda/invoke-result.ts';
import type { HttpRoute, LambdaFunction } from '#local/model/model.ts';
import { buildEvent } from './event.ts';
import type { Exchange } from './exchange.ts';
import { configurationFault, type Fault, integrationFailure, integrationTimeout, TOO_LARGE } from './fault.ts';
import { inferResponse } from './infer-response.ts';

/** A route's integration, prepared for one stage: answers, or says why it can't. */
export type Integration = (exchange: Exchange) => Promise<Fault | Reply>;

interface IntegrationOptions {
  readonly route: HttpRoute;
  readonly facts: StageFacts;
  readonly functions: readonly LambdaFunction[];
  readonly invoke: InvokeFunction;
  readonly warn: (message: string) => void;
}

/**
 * Prepares a route's Lambda proxy integration: alias and permissions are looked up once, not for each request. What is missing is a fault
 * of the requests that need it, since a stage may well have routes that nobody uses. A function that fails, for whatever reason, is a 500.
 *
 * Source: Amazon API Gateway Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs in API Gateway".
 */
export function prepareIntegration({ route, facts, functions, invoke, warn }: IntegrationOptions): Integration {
  const { payloadFormatVersion, timeoutMilliseconds } = route.integration;
  if (payloadFormatVersion !== '2.0') {
    return always(configurationFault(`payload format ${payloadFormatVersion} is not served here; 2.0 is`));
  }
  const target = resolveLambdaTarget(invocationUri(route.integration.uri, facts.region), facts.variables, functions);
  if (typeof target === 'string') return always(configurationFault(target));
  const refusals = findRefusals(target, route.routeKey, facts);
  const { fn, qualifier } = target;
  const withinTimeout = createDeadline(timeoutMilliseconds);
  return async (exchange) => {
    const refusal = refusals.get(exchange.request.method);
    if (refusal) return refusal;
    const payload = JSON.stringify(buildEvent(exchange));
    if (exceedsLambdaPayload(payload)) return TOO_LARGE;
    const startedAt = Date.now();
    const result = await withinTimeout(invoke({ functionName: fn.name, qualifier, payload }));
    const latency = Date.now() - startedAt;
    if (result === TIMED_OUT) {
      exchange.integration = { status: 504, latency };
      return integrationTimeout(
        `${fn.name}:${qualifier} did not answer within the integration's ${timeoutMilliseconds} ms`,
      );
    }
    if (!result.ok && result.kind === 'not-found') {
      exchange.integration = { status: 404, latency };
      return configurationFault(result.message);
    }
    // Lambda's Invoke answers 200 for a function that failed, too.
    exchange.integration = { status: 200, latency, ...(result.requestId && { requestId: result.requestId }) };
    const reply = result.ok ? inferResponse(result.payload) : describeFailure(result);
    if (typeof reply !== 'string') return reply;
    warn(`500 for ${route.routeKey} in ${facts.stage}, function ${fn.name}: ${reply} (request ${exchange.requestId}).`);
    return integrationFailure(reply);
  };
}

function always(fault: Fault): Integration {
  return async () => fault;
}

/** HTTP APIs take a function's ARN for the URI of its invocation. */
function invocationUri(uri: string, region: string): string {
  if (!/^arn:aws[a-z-]*:lambda:/.test(uri)) return uri;
  return `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${uri}/invocations`;
}

/** Faults by method, for those that the function's policy doesn't let the gateway call it for. */
function findRefusals(target: LambdaTarget, routeKey: string, { executionArn, stage }: StageFacts): Map<string, Fault> {
  const refusals = new Map<string, Fault>();
  const [routeMethod = '', path = ''] = routeKey.split(' ', 2);
  const isDefault = routeKey === '$default';
  for (const method of isDefault || routeMethod === 'ANY' ? METHODS : [routeMethod]) {
    const missing = missingPermission(target, `${executionArn}/${stage}/${isDefault ? routeKey : `${method}${path}`}`);
    if (missing !== undefined) refusals.set(method, configurationFault(missing));
  }
  return refusals;
}

function describeFailure(result: Exclude<InvokeResult, { readonly ok: true }>): string {
  if (result.kind === 'error') return `it threw ${result.errorType}: ${result.errorMessage}`;
  return result.kind === 'timeout' ? result.errorMessage : result.message;
}
