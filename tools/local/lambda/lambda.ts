import { randomUUID } from 'node:crypto';
import { exceedsPayload, MAX_PAYLOAD_BYTES } from '#functions/lambda-payload.ts';
import type { Doors } from '#local/debug/doors.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import { invocationOf } from '#local/events/spans.ts';
import type { Service } from '#local/http/listen.ts';
import type { LambdaFunction, RegionType } from '#local/model/model.ts';
import { environmentVariables, type RoleCredentials } from './environment-variables.ts';
import { type InvokeError, type InvokeResult, type NotFound, THROTTLED } from './invoke-result.ts';
import { DEBUGGED_POOL_LIMITS, defaultPoolLimits, FunctionPool, type PoolLimits } from './pool.ts';
import { SharedPools } from './shared-pools.ts';
import { versionContent } from './version-content.ts';

export interface LambdaOptions {
  readonly functions: readonly LambdaFunction[];
  readonly region: string;
  readonly regionType: RegionType;
  /** `AWS_ENDPOINT_URL_DYNAMODB` and the like: where the SDK finds the services. */
  readonly endpointEnvironment: Readonly<Record<string, string>>;
  /** Asked once for each process that is started. */
  readonly credentialsFor: (roleArn: string) => RoleCredentials;
  readonly log: RuntimeLog;
  /** Names files and lines of the sources in what functions write. @default - those of the packages */
  readonly positions?: (source: string, line: string) => string;
  /** @default 10 processes for each version, another after 5 ms of waiting, idle ones ended after 30 s */
  readonly limits?: Partial<PoolLimits>;
  /** Where debuggers find the functions. @default - nowhere */
  readonly debugging?: {
    readonly doors: Doors;
    /** Of the code in a package. @returns a URL; undefined where there is none */
    readonly sourceMapUrl: (taskRoot: string) => string | undefined;
  };
  /** From 0 to 1, without 1: draws the version of an invocation where an alias has weights. @default Math.random */
  readonly random?: () => number;
  /** Of the region: releases that run the same version, with the same role, share its processes. @default - its own */
  readonly pools?: SharedPools;
  /** How much faster than on AWS health checks ask: a function that keeps 10 executions then has that many times 10. @default 1 */
  readonly timeScale?: number;
}

interface Invocation {
  readonly functionName: string;
  /** Alias, version or `$LATEST`, which is also the default. */
  readonly qualifier?: string;
  /** JSON without line ends between its tokens. */
  readonly payload: string;
  readonly traceId?: string;
}

/** The Lambda of one region. Starts no process before the first invocation. */
export interface LambdaService extends Service {
  invoke(invocation: Invocation): Promise<InvokeResult>;
  /** Serves other code or configuration of functions, from the next invocation on; what is under way ends where it began. */
  update(functions: readonly LambdaFunction[]): void;
  /** Something else is served in its place: what is under way ends, and processes that nobody else uses come to rest. */
  retire(): void;
}

/** What a name and a qualifier lead to. */
interface Target {
  readonly pool: FunctionPool;
  readonly arn: string;
  readonly version: string;
  /** Runs instead for a share of the invocations. */
  readonly weighted?: { readonly pool: FunctionPool; readonly version: string; readonly share: number };
}

/** Serves the functions out of the packages that would be deployed, a pool of processes for each of their versions. */
export function createLambda(options: LambdaOptions): LambdaService {
  const { functions, region, regionType, log, random = Math.random } = options;
  const limits = { ...defaultPoolLimits, ...options.limits, ...(options.debugging && DEBUGGED_POOL_LIMITS) };
  let functionByName = new Map(functions.map((each) => [each.name, each]));
  const shared = options.pools ?? new SharedPools();
  const pools = new Map<string, FunctionPool>();
  const targets = new Map<string, Target>();
  /** Of functions with a concurrency of their own: how many invocations are under way. */
  const running = new Map<string, number>();
  /** Those of them that have ended one. What waits for the first process, which may take long on a busy machine, is not throttled. */
  const warm = new Set<string>();
  let retired = false;

  /** Source: AWS Lambda Developer Guide, "Configuring reserved concurrency for a function". */
  function withinConcurrency(name: string, limit: number, invoke: () => Promise<InvokeResult>): Promise<InvokeResult> {
    const before = running.get(name) ?? 0;
    const isFull = before >= limit * (options.timeScale ?? 1);
    if (limit === 0 || (isFull && warm.has(name))) return Promise.resolve(throttled());
    running.set(name, before + 1);
    return invoke().finally(() => {
      warm.add(name);
      running.set(name, (running.get(name) ?? 1) - 1);
    });
  }

  function poolOf(lambdaFunction: LambdaFunction, version: string): FunctionPool {
    const { accessKeyId } = options.credentialsFor(lambdaFunction.roleArn);
    const key = `${lambdaFunction.name}:${version}:${processContent(lambdaFunction)}:${accessKeyId}`;
    const existing = pools.get(key);
    if (existing) return existing;
    const create = () => createPool(lambdaFunction, version);
    const pool = retired ? create() : shared.take(key, create);
    // A request that came in before, and is late.
    if (retired) void pool.retire();
    else pools.set(key, pool);
    return pool;
  }

  function createPool(lambdaFunction: LambdaFunction, version: string): FunctionPool {
    const { packed, timeoutSeconds, memoryMb, logGroup } = lambdaFunction;
    const { source } = lambdaFunction.runs ?? lambdaFunction;
    return new FunctionPool({
      limits,
      program: {
        source,
        ...(packed && 'missing' in packed ? packed : {}),
        timeoutSeconds,
        memoryMb,
        variables: (taskRoot) => environmentVariables({ ...options, lambdaFunction, version, taskRoot }),
        ...debugged(lambdaFunction.name, version),
      },
      report: ({ requestId, traceId, invokedFunctionArn }, time, line) => {
        const environment = qualifierOf(invokedFunctionArn);
        const told = options.positions?.(source, line) ?? line;
        const of = { region: regionType, environment, logGroup, requestId, traceId };
        log.write({ kind: 'function', time, ...of, line: told });
      },
      ran: ({ requestId }, milliseconds) => {
        if (!log.spans.areKept) return;
        const { name } = lambdaFunction;
        const time = Date.now() - milliseconds;
        log.spans.add({ part: 'handler', invocation: invocationOf(requestId), region, name, time, milliseconds });
      },
      refused: ({ requestId }, time, message) => {
        log.write({ kind: 'warning', time, message: `${lambdaFunction.name} (request ${requestId}): ${message}` });
      },
    });
  }

  function debugged(name: string, version: string) {
    if (!options.debugging) return {};
    const { doors, sourceMapUrl } = options.debugging;
    const door = doors.doorOf({ function: name, region: regionType, version });
    return { debugged: { door, waits: doors.waits, sourceMapUrl } };
  }

  /** Every version gets its door, in one order: those that are published first. */
  function openDoors(): void {
    if (!options.debugging) return;
    const versions = [...functionByName.values()].flatMap((each) =>
      [...new Set(each.aliases.map(({ functionVersion }) => functionVersion))].map((version) => ({ each, version })),
    );
    const isLatest = ({ version }: { readonly version: string }) => Number(version === '$LATEST');
    versions.sort((one, other) => isLatest(one) - isLatest(other) || (one.each.name < other.each.name ? -1 : 1));
    for (const { each, version } of versions) targetOf(each.name, version);
  }

  function targetOf(functionName: string, qualifier: string | undefined): NotFound | Target {
    const key = `${functionName}:${qualifier}`;
    const known = targets.get(key);
    if (known) return known;
    const lambdaFunction = functionByName.get(functionName);
    const version = lambdaFunction && versionOf(lambdaFunction, qualifier ?? '$LATEST');
    if (!lambdaFunction || version === undefined) return notFound(functionName, qualifier, lambdaFunction?.arn);
    const arn = qualifier === undefined ? lambdaFunction.arn : `${lambdaFunction.arn}:${qualifier}`;
    const weighted = lambdaFunction.aliases.find(({ name }) => name === qualifier)?.weighted;
    const target: Target = {
      pool: poolOf(lambdaFunction, version),
      arn,
      version,
      ...(weighted && { weighted: { ...weighted, pool: poolOf(weighted.lambdaFunction, weighted.version) } }),
    };
    targets.set(key, target);
    return target;
  }

  async function drawn({ weighted, ...own }: Target, payload: string, traceId?: string): Promise<InvokeResult> {
    const { pool, version } = weighted && random() < weighted.share ? weighted : own;
    let milliseconds: number | undefined;
    const result = await pool.invoke(payload, own.arn, traceId, (took) => {
      milliseconds = took;
    });
    return { ...result, executed: { version, ...(milliseconds !== undefined && { milliseconds }) } };
  }

  async function traced(name: string, invoked: Promise<InvokeResult>): Promise<InvokeResult> {
    const [time, begin] = [Date.now(), performance.now()];
    const result = await invoked;
    if (!result.ok && result.kind === 'not-found') return result;
    const { requestId } = result;
    const milliseconds = performance.now() - begin;
    const span = { requestId, invocation: invocationOf(requestId), region, name, time, milliseconds };
    log.spans.add({ part: 'function', ...span, ...(!result.ok && { outcome: result.errorType }) });
    return result;
  }

  openDoors();
  return {
    invoke({ functionName, qualifier, payload, traceId }) {
      const target = targetOf(functionName, qualifier);
      if ('kind' in target) return Promise.resolve(target);
      const refusal = tooLarge(payload);
      if (refusal) return Promise.resolve(refusal);
      const invoke = () =>
        target.weighted ? drawn(target, payload, traceId) : target.pool.invoke(payload, target.arn, traceId);
      const reserved = functionByName.get(functionName)?.reservedConcurrency;
      const invoked = reserved === undefined ? invoke() : withinConcurrency(functionName, reserved, invoke);
      return log.spans.areKept ? traced(functionName, invoked) : invoked;
    },
    update(next) {
      const before = new Map(pools);
      functionByName = new Map(next.map((each) => [each.name, each]));
      targets.clear();
      pools.clear();
      for (const [key, pool] of before) {
        const [name = '', , content] = key.split(':');
        const known = functionByName.get(name);
        if (known && processContent(known) === content) pools.set(key, pool);
        else shared.leave(key);
      }
      openDoors();
    },
    retire() {
      if (retired) return;
      retired = true;
      for (const key of pools.keys()) shared.leave(key);
    },
    async close() {
      await shared.close();
    },
  };
}

/** Tells apart what processes are started with. */
function processContent(of: LambdaFunction): string {
  return versionContent({ ...of, ...of.runs });
}

/** What the Invoke API says of a function that has no execution left. */
function throttled(): InvokeError {
  return { ok: false, kind: 'error', requestId: randomUUID(), errorType: THROTTLED, errorMessage: 'Rate Exceeded.' };
}

/** Aliases that resolve to the same version share its pool. */
function versionOf({ version, aliases }: LambdaFunction, qualifier: string): string | undefined {
  if (qualifier === '$LATEST' || qualifier === version) return qualifier;
  const alias = aliases.find(({ name }) => name === qualifier);
  return (
    alias?.functionVersion ?? aliases.find(({ functionVersion }) => functionVersion === qualifier)?.functionVersion
  );
}

/** `arn:aws:lambda:REGION:ACCOUNT:function:NAME:QUALIFIER`. */
function qualifierOf(invokedFunctionArn: string): string {
  return invokedFunctionArn.split(':', 8)[7] ?? '';
}

function notFound(functionName: string, qualifier: string | undefined, arn: string | undefined): NotFound {
  const name = `${arn ?? functionName}${qualifier === undefined ? '' : `:${qualifier}`}`;
  return { ok: false, kind: 'not-found', message: `Function not found: ${name}` };
}

/**
 * @param event - JSON
 * @returns the error of the Invoke API when it is larger than Lambda takes
 */
function tooLarge(event: string): InvokeError | undefined {
  if (!exceedsPayload(event)) return undefined;
  return {
    ok: false,
    kind: 'error',
    requestId: randomUUID(),
    errorType: 'RequestTooLargeException',
    errorMessage: `Request must be smaller than ${MAX_PAYLOAD_BYTES} bytes for the InvokeFunction operation`,
  };
}
