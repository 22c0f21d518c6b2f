import { runningTime } from '#local/debug/running-time.ts';
import { getOwn } from '#local/http/raw-headers.ts';
import type { InvokeFunction, InvokeResult } from '#local/lambda/invoke-result.ts';
import type { LambdaFunction, RegionModel } from '#local/model/model.ts';
import type { Exchange } from './exchange.ts';
import { type CredentialsCheck, checkCredentials } from './integration-credentials.ts';
import { type LambdaTarget, missingPermission } from './invoke-permission.ts';
import type { StageFacts } from './stage-picker.ts';

export const TIMED_OUT = Symbol('timed out');

const INVOCATION_URI =
  /^arn:aws[a-z-]*:apigateway:([a-z0-9-]+):lambda:path\/2015-03-31\/functions\/(arn:[^/]+)\/invocations$/;
const FUNCTION_ARN = /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:([\w-]+)(?::([\w$-]+))?$/;

/** A result that the function is responsible for, with the function's name. */
export interface Invocation {
  readonly result: Exclude<InvokeResult, { readonly kind: 'not-found' }>;
  readonly functionName: string;
}

/** Why there is no result: the API or its permissions are wrong, or the function took longer than the integration waits. */
export interface NoInvocation {
  readonly cause: 'configuration' | 'timeout';
  readonly reason: string;
}

/**
 * Invokes a route's function with an event in JSON.
 *
 * @param type - `Event`: nobody waits for what it gives; that it was taken is the result. @default RequestResponse
 */
export type InvokeTarget = (
  exchange: Exchange,
  payload: string,
  type?: InvocationType,
) => Promise<Invocation | NoInvocation>;

/** Source: AWS Lambda API, "Invoke", `X-Amz-Invocation-Type`. */
export type InvocationType = 'DryRun' | 'Event' | 'RequestResponse';

interface LambdaInvocationOptions {
  /** Still with stage variables. */
  readonly uri: string;
  readonly timeoutMilliseconds: number;
  /** What the function's policy is asked for: method and path of the route, by the method of the request. */
  readonly sources: ReadonlyMap<string, string>;
  /** What it is asked for instead, whatever the route: of an authorizer. @default - `sources` */
  readonly sourceArn?: string;
  readonly facts: StageFacts;
  readonly region: Pick<RegionModel, 'functions' | 'roles'>;
  /** Of the integration. @default none: the function's own permissions decide */
  readonly credentials?: string | undefined;
  readonly invoke: InvokeFunction;
}

/**
 * Prepares the invocation of a route's function in one stage: alias and permissions are looked up once, not for each request. What is
 * missing is told to the requests that need it, since a stage may well have routes that nobody uses.
 */
export function prepareLambdaInvocation(options: LambdaInvocationOptions): InvokeTarget {
  const { uri, timeoutMilliseconds, sources, facts, region, credentials, invoke } = options;
  const target = resolveLambdaTarget(uri, facts.variables, region.functions);
  if (typeof target === 'string') return async () => ({ cause: 'configuration', reason: target });
  const refusalOf =
    credentials === undefined
      ? checkPermissions(target, facts, sources, options.sourceArn)
      : checkCredentials(substituteStageVariables(credentials, facts.variables), target, region.roles);
  const { qualifier } = target;
  const functionName = target.fn.name;
  const withinTimeout = createDeadline(timeoutMilliseconds);
  return async (exchange, payload, type) => {
    const reason = refusalOf(exchange);
    if (reason !== undefined) return { cause: 'configuration', reason };
    const { traceId } = exchange;
    if (type === 'Event' || type === 'DryRun') {
      if (type === 'Event') invoke({ functionName, qualifier, payload, traceId }).catch(() => undefined);
      exchange.integration = { status: type === 'Event' ? 202 : 204, latency: 0 };
      return { result: { ok: true, requestId: '', payload: '' }, functionName };
    }
    const startedAt = Date.now();
    const result = await withinTimeout(invoke({ functionName, qualifier, payload, traceId }));
    const latency = Date.now() - startedAt;
    if (result === TIMED_OUT) {
      const error = `${functionName}:${qualifier} did not respond within the integration's ${timeoutMilliseconds} ms`;
      exchange.integration = { status: 504, latency, error };
      return { cause: 'timeout', reason: error };
    }
    if (!result.ok && result.kind === 'not-found') {
      exchange.integration = { status: 404, latency, error: result.message };
      return { cause: 'configuration', reason: result.message };
    }
    // Lambda's Invoke responds 200 for a function that failed, too.
    exchange.integration = { status: 200, latency, ...(result.requestId && { requestId: result.requestId }) };
    return { result, functionName };
  };
}

function checkPermissions(
  target: LambdaTarget,
  facts: StageFacts,
  sources: LambdaInvocationOptions['sources'],
  sourceArn: string | undefined,
): CredentialsCheck {
  if (sourceArn !== undefined) {
    const refusal = missingPermission(target, sourceArn);
    return () => refusal;
  }
  const refusals = new Map<string, string>();
  for (const [method, source] of sources) {
    const missing = missingPermission(target, `${facts.executionArn}/${facts.stage}/${source}`);
    if (missing !== undefined) refusals.set(method, missing);
  }
  return ({ request }) => refusals.get(request.method);
}

/** Why a function has no value, for logs. */
export function describeFailure(result: Exclude<Invocation['result'], { readonly ok: true }>): string {
  if (result.kind === 'error') return `it threw ${result.errorType}: ${result.errorMessage}`;
  return result.kind === 'timeout' ? result.errorMessage : result.message;
}

/**
 * Finds what an integration's URI names once the stage's variables are filled in.
 *
 * Source: Amazon API Gateway Developer Guide, "API Gateway stage variables reference".
 *
 * @returns the target, or a sentence that says why there is none
 */
function resolveLambdaTarget(
  uri: string,
  stageVariables: Readonly<Record<string, string>>,
  functions: readonly LambdaFunction[],
): LambdaTarget | string {
  const filled = substituteStageVariables(uri, stageVariables);
  const arn = INVOCATION_URI.exec(filled)?.[2];
  if (arn === undefined) {
    return `the integration URI "${filled}" is not arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<function ARN>/invocations`;
  }
  const [, name, qualifier = '$LATEST'] = FUNCTION_ARN.exec(arn) ?? [];
  if (name === undefined) return `"${arn}" in the integration URI is not the ARN of a function, version or alias`;
  const fn = functions.find((candidate) => arn === candidate.arn || arn.startsWith(`${candidate.arn}:`));
  if (!fn) return `this region has no function "${arn}"`;
  if (!hasQualifier(fn, qualifier)) {
    const aliases = fn.aliases.map((alias) => alias.name).join(', ') || 'none';
    return `the function ${name} has no alias or version "${qualifier}" (its aliases: ${aliases})`;
  }
  return { fn, qualifier };
}

function hasQualifier(fn: LambdaFunction, qualifier: string): boolean {
  // Older published versions are not in the model; the function service says so if one is missing.
  return /^(\$LATEST|\d+)$/.test(qualifier) || fn.aliases.some((alias) => alias.name === qualifier);
}

/** Fills in `${stageVariables.name}`; a variable that the stage lacks becomes nothing. */
function substituteStageVariables(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{stageVariables\.([A-Za-z0-9_]+)\}/g, (_, name: string) => getOwn(variables, name) ?? '');
}

/** Waits for work, but not for long: its result, or `TIMED_OUT`. The work itself isn't ended. */
type Deadline = <T>(work: Promise<T>) => Promise<T | typeof TIMED_OUT>;

interface Wait {
  /** {@link runningTime}. */
  readonly until: number;
  readonly giveUp: () => void;
}

/**
 * A deadline that many requests share: one timer, for the oldest of them, since nearly all have their response long before.
 *
 * @param milliseconds - that each may take
 */
export function createDeadline(milliseconds: number): Deadline {
  // In the order in which they began, which is the one in which they run out.
  const waits = new Set<Wait>();
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    timer = undefined;
    const now = runningTime();
    for (const wait of waits) {
      if (wait.until > now) {
        // A timer may fire a little early.
        timer = setTimeout(look, Math.ceil(wait.until - now)).unref();
        return;
      }
      waits.delete(wait);
      wait.giveUp();
    }
  };
  return (work) =>
    new Promise((resolve, reject) => {
      const wait = { until: runningTime() + milliseconds, giveUp: () => resolve(TIMED_OUT) };
      waits.add(wait);
      if (!timer) timer = setTimeout(look, milliseconds).unref();
      work.then(
        (result) => {
          waits.delete(wait);
          resolve(result);
        },
        (error: unknown) => {
          waits.delete(wait);
          reject(error);
        },
      );
    });
}
