import { randomUUID } from 'node:crypto';
import { exceedsPayload, MAX_PAYLOAD_BYTES } from '#functions/lambda-payload.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { Service } from '#local/http/listen.ts';
import type { LambdaFunction, RegionType } from '#local/model/model.ts';
import { environmentVariables, type RoleCredentials } from './environment-variables.ts';
import type { InvokeError, InvokeResult, NotFound } from './invoke-result.ts';
import { defaultPoolLimits, FunctionPool, type PoolLimits } from './pool.ts';

export interface LambdaOptions {
  readonly functions: readonly LambdaFunction[];
  readonly region: string;
  readonly regionType: RegionType;
  /** `AWS_ENDPOINT_URL_DYNAMODB` and the like: where the SDK finds the services. */
  readonly endpointEnvironment: Readonly<Record<string, string>>;
  /** Asked once for each process that is started. */
  readonly credentialsFor: (roleArn: string) => RoleCredentials;
  readonly log: RuntimeLog;
  /** @default 10 processes for each version, another after 5 ms of waiting, idle ones ended after 30 s */
  readonly limits?: Partial<PoolLimits>;
}

interface Invocation {
  readonly functionName: string;
  /** Alias, version or `$LATEST`, which is also the default. */
  readonly qualifier?: string;
  /** JSON without line ends between its tokens. */
  readonly payload: string;
}

/** The Lambda of one region. Starts no process before the first invocation. */
export interface LambdaService extends Service {
  invoke(invocation: Invocation): Promise<InvokeResult>;
}

/** What a name and a qualifier lead to. */
interface Target {
  readonly pool: FunctionPool;
  readonly arn: string;
}

/** Serves the functions out of the packages that would be deployed, a pool of processes for each of their versions. */
export function createLambda(options: LambdaOptions): LambdaService {
  const { functions, regionType, log } = options;
  const limits = { ...defaultPoolLimits, ...options.limits };
  const functionByName = new Map(functions.map((each) => [each.name, each]));
  const pools = new Map<string, FunctionPool>();
  const targets = new Map<string, Target>();

  function poolOf(lambdaFunction: LambdaFunction, version: string): FunctionPool {
    const key = `${lambdaFunction.name}:${version}`;
    const existing = pools.get(key);
    if (existing) return existing;
    const { source, packed, timeoutSeconds, memoryMb, logGroup } = lambdaFunction;
    const pool = new FunctionPool({
      limits,
      program: {
        source,
        ...(packed && 'missing' in packed ? packed : {}),
        timeoutSeconds,
        memoryMb,
        variables: (taskRoot) => environmentVariables({ ...options, lambdaFunction, version, taskRoot }),
      },
      report: ({ requestId, invokedFunctionArn }, time, line) => {
        const environment = qualifierOf(invokedFunctionArn);
        log.write({ kind: 'function', time, region: regionType, environment, logGroup, requestId, line });
      },
      refused: ({ requestId }, time, message) => {
        log.write({ kind: 'warning', time, message: `${lambdaFunction.name} (request ${requestId}): ${message}` });
      },
    });
    pools.set(key, pool);
    return pool;
  }

  function targetOf(functionName: string, qualifier: string | undefined): NotFound | Target {
    const key = `${functionName}:${qualifier}`;
    const known = targets.get(key);
    if (known) return known;
    const lambdaFunction = functionByName.get(functionName);
    const version = lambdaFunction && versionOf(lambdaFunction, qualifier ?? '$LATEST');
    if (!lambdaFunction || version === undefined) return notFound(functionName, qualifier, lambdaFunction?.arn);
    const arn = qualifier === undefined ? lambdaFunction.arn : `${lambdaFunction.arn}:${qualifier}`;
    const target = { pool: poolOf(lambdaFunction, version), arn };
    targets.set(key, target);
    return target;
  }

  return {
    invoke({ functionName, qualifier, payload }) {
      const target = targetOf(functionName, qualifier);
      if ('kind' in target) return Promise.resolve(target);
      const refusal = tooLarge(payload);
      return refusal ? Promise.resolve(refusal) : target.pool.invoke(payload, target.arn);
    },
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
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
