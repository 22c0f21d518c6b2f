import { createDeadline, TIMED_OUT } from '#local/gateway/deadline.ts';
import { missingPermission } from '#local/gateway/invoke-permission.ts';
import { type LambdaTarget, resolveLambdaTarget } from '#local/gateway/lambda-target.ts';
import { METHODS } from '#local/gateway/limits.ts';
import type { StageFacts } from '#local/gateway/stage-picker.ts';
import type { InvokeFunction, InvokeResult } from '#local/lambda/invoke-result.ts';
import type { LambdaFunction, RestMethod } from '#local/model/model.ts';
import type { Exchange } from './exchange.ts';
import { configurationFault, type Fault } from './fault.ts';

/** A result that the function is responsible for, with the function's name. */
export interface Invocation {
  readonly result: Exclude<InvokeResult, { readonly kind: 'not-found' }>;
  readonly functionName: string;
}

/** Invokes a method's function with an event in JSON; whatever API Gateway itself ends the request for is a fault. */
export type InvokeTarget = (exchange: Exchange, payload: string) => Promise<Fault | Invocation>;

interface LambdaInvocationOptions {
  readonly method: RestMethod;
  readonly facts: StageFacts;
  readonly functions: readonly LambdaFunction[];
  readonly invoke: InvokeFunction;
}

/**
 * Prepares the invocation of a method's function in one stage: alias and permissions are looked up once, not for each request. What is
 * missing is a fault of the requests that need it, since a stage may well have routes that nobody uses.
 */
export function prepareLambdaInvocation(options: LambdaInvocationOptions): InvokeTarget {
  const { method, facts, functions, invoke } = options;
  const target = resolveLambdaTarget(method.integration.uri, facts.variables, functions);
  if (typeof target === 'string') {
    const fault = configurationFault(target);
    return async () => fault;
  }
  const refusals = findRefusals(target, method, facts);
  const { qualifier } = target;
  const functionName = target.fn.name;
  const { timeoutMilliseconds } = method.integration;
  const withinTimeout = createDeadline(timeoutMilliseconds);
  return async (exchange, payload) => {
    const refusal = refusals.get(exchange.request.method);
    if (refusal) return refusal;
    const startedAt = Date.now();
    const result = await withinTimeout(invoke({ functionName, qualifier, payload }));
    const latency = Date.now() - startedAt;
    if (result === TIMED_OUT) {
      const error = `${functionName}:${qualifier} did not answer within the integration's ${timeoutMilliseconds} ms`;
      exchange.integration = { status: 504, latency, error };
      return { responseType: 'INTEGRATION_TIMEOUT', message: 'Endpoint request timed out', integrationError: error };
    }
    if (!result.ok && result.kind === 'not-found') {
      exchange.integration = { status: 404, latency, error: result.message };
      return configurationFault(result.message);
    }
    // Lambda's Invoke answers 200 for a function that failed, too.
    exchange.integration = { status: 200, latency, ...(result.requestId && { requestId: result.requestId }) };
    return { result, functionName };
  };
}

function findRefusals(
  target: LambdaTarget,
  { httpMethod, resourcePath }: RestMethod,
  { executionArn, stage }: StageFacts,
) {
  const refusals = new Map<string, Fault>();
  for (const verb of httpMethod === 'ANY' ? METHODS : [httpMethod]) {
    const missing = missingPermission(target, `${executionArn}/${stage}/${verb}${resourcePath}`);
    if (missing !== undefined) refusals.set(verb, configurationFault(missing));
  }
  return refusals;
}
