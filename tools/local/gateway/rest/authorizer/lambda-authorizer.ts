import { describeFailure, prepareLambdaInvocation } from '#local/gateway/lambda-invocation.ts';
import type { Exchange } from '#local/gateway/rest/exchange.ts';
import { type Fault, INTERNAL_SERVER_ERROR, type ResponseType } from '#local/gateway/rest/fault.ts';
import { compileMappedValue } from '#local/gateway/rest/parameter-mapping.ts';
import type { ProxyEvent } from '#local/gateway/rest/proxy-event.ts';
import type { StageFacts } from '#local/gateway/stage-picker.ts';
import type { InvokeFunction } from '#local/lambda/invoke-result.ts';
import type { LambdaAuthorizer } from '#local/model/api-model.ts';
import type { RegionModel } from '#local/model/model.ts';
import { matchesEntirely } from '#local/vtl/java/pattern.ts';
import { readVerdict, type Verdict } from './read-verdict.ts';

/** No gateway waits longer for a function. Source: Amazon API Gateway Developer Guide, "Amazon API Gateway quotas", integration timeout. */
const TIMEOUT_MILLISECONDS = 29_000;

/** Of one authorizer in one stage: so many callers are remembered. */
const MOST_CACHED = 1000;

/** Lets a request pass whom the authorizer's policy lets in, and keeps what the function is told of the caller. */
type Authorize = (exchange: Exchange) => Promise<Fault | undefined>;

interface AuthorizerOptions {
  readonly facts: StageFacts;
  readonly region: Pick<RegionModel, 'functions' | 'roles'>;
  readonly invoke: InvokeFunction;
  /** Of the method. */
  readonly eventOf: ProxyEvent;
  /** What the methods of the stage share with each other. */
  readonly cache: VerdictCache;
  readonly warn: (message: string) => void;
}

/** Verdicts by authorizer and caller. */
export type VerdictCache = Map<string, { readonly until: number; readonly verdict: Verdict }>;

/**
 * Prepares a method's Lambda authorizer. A request without what identifies its caller is refused without asking the function; what that said
 * of a caller holds for all methods of the stage until it is `ttlSeconds` old.
 *
 * Source: Amazon API Gateway Developer Guide, "Use API Gateway Lambda authorizers", "Input to …" and "Output from an API Gateway Lambda authorizer".
 */
export function prepareLambdaAuthorizer(authorizer: LambdaAuthorizer, options: AuthorizerOptions): Authorize {
  const { facts, region, invoke, eventOf, cache, warn } = options;
  const { type, validationExpression, ttlSeconds } = authorizer;
  const sources = authorizer.identitySources.map((source) => compileMappedValue(source));
  const ask = prepareLambdaInvocation({
    uri: authorizer.uri,
    timeoutMilliseconds: TIMEOUT_MILLISECONDS,
    sources: new Map(),
    sourceArn: `${facts.executionArn}/authorizers/${authorizer.id}`,
    facts,
    region,
    credentials: authorizer.credentials,
    invoke,
  });
  const failed = (responseType: ResponseType, reason: string): Fault => {
    warn(`${facts.stage} authorizer ${authorizer.name}: ${reason}.`);
    return { responseType, message: INTERNAL_SERVER_ERROR, integrationError: reason };
  };
  const verdictOn = async (exchange: Exchange, identity: readonly string[], methodArn: string) => {
    const event =
      type === 'TOKEN' ? { authorizationToken: identity[0] } : withoutBody(JSON.parse(eventOf(exchange, false)));
    const invocation = await ask(exchange, JSON.stringify({ type, methodArn, ...event }));
    // It is the authorizer's, and the method's own is still to come.
    exchange.integration = undefined;
    if ('cause' in invocation) return failed('AUTHORIZER_CONFIGURATION_ERROR', invocation.reason);
    const { result } = invocation;
    if (!result.ok && result.kind === 'error' && result.errorMessage === 'Unauthorized') return UNAUTHORIZED;
    if (!result.ok) return failed('AUTHORIZER_FAILURE', describeFailure(result));
    const verdict = readVerdict(result.payload);
    return typeof verdict === 'string' ? failed('AUTHORIZER_CONFIGURATION_ERROR', verdict) : verdict;
  };
  return async (exchange) => {
    const identity = sources.map((source) => source?.(exchange) ?? '');
    if (identity.includes('')) return UNAUTHORIZED;
    if (validationExpression !== undefined && !matchesEntirely(validationExpression, identity[0] ?? ''))
      return UNAUTHORIZED;
    const methodArn = `${facts.executionArn}/${facts.stage}/${exchange.request.method}${exchange.entrance.path}`;
    const key = JSON.stringify([authorizer.id, ...identity]);
    const isCached = ttlSeconds > 0 && identity.length > 0;
    const kept = isCached ? cache.get(key) : undefined;
    const verdict = kept && kept.until > Date.now() ? kept.verdict : await verdictOn(exchange, identity, methodArn);
    if ('responseType' in verdict) return verdict;
    if (isCached && verdict !== kept?.verdict) keep(cache, key, { until: Date.now() + ttlSeconds * 1000, verdict });
    exchange.authorizer = verdict.context;
    const decision = verdict.decide(methodArn);
    if (decision.allowed) return undefined;
    const deny = decision.reason === 'explicit-deny' ? ' with an explicit deny' : '';
    return { responseType: 'ACCESS_DENIED', message: `User is not authorized to access this resource${deny}` };
  };
}

const UNAUTHORIZED: Fault = { responseType: 'UNAUTHORIZED', message: 'Unauthorized' };

/** The oldest goes first. */
function keep(cache: VerdictCache, key: string, kept: { readonly until: number; readonly verdict: Verdict }): void {
  cache.delete(key);
  cache.set(key, kept);
  const [oldest] = cache.keys();
  if (cache.size > MOST_CACHED && oldest !== undefined) cache.delete(oldest);
}

/** An authorizer is asked before anybody looks at the body. */
function withoutBody({ body: _, isBase64Encoded: __, ...event }: Readonly<Record<string, unknown>>): object {
  return event;
}
