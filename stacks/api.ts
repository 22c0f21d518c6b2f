import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider';
import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import type { Construct } from 'constructs';
import { ApiFunction } from '#constructs/api-function.ts';
import type { FunctionBundle } from '#constructs/bundle/function-bundle.ts';
import { grantAccess } from '#constructs/function-access.ts';
import { HttpApi } from '#constructs/http-api/http-api.ts';
import { InvokerRole } from '#constructs/http-api/invoker-role.ts';
import { KeptFunction, keepRoles } from '#constructs/release/kept-function.ts';
import { ReleaseGuard } from '#constructs/release/release-guard.ts';
import { RestApi } from '#constructs/rest-api/rest-api.ts';
import { sourceArn } from '#constructs/source-arn.ts';
import { TraceSampling } from '#constructs/watch/trace-sampling.ts';
import { healthcheck } from '#contract/healthcheck.ts';
import { authorizersOf, FUNCTION_DEFAULTS, type FunctionName, type Operation } from '#contract/operation.ts';
import { handlerKey, recordedParts } from '#contract/replay.ts';
import { PREVIEW } from '#functions/environment.ts';
import type { RecordingVariable } from '#functions/http/request-record.ts';
import { watchTables } from './alarms.ts';
import type { Base } from './base.ts';
import type { RegionCallers } from './callers.ts';
import type { RegionContext } from './context.ts';
import { type Data, tableRecord } from './data.ts';
import { functionResources } from './function-resources.ts';
import type { KeyFor } from './keys.ts';
import { functionName, functionRoleName, prefix, roleName } from './naming.ts';
import { type FunctionRecord, KEEPS, type ReleaseRecord, recordsPath } from './release-record.ts';
import { stageParameter, stageTokens } from './stage-parameter.ts';
import { createStack } from './stage-stack.ts';

export interface ApiInputs {
  readonly data: Data;
  readonly base: Base;
  /** What the API serves. */
  readonly operations: readonly Operation[];
  /** Code of the functions that the operations name. */
  readonly bundles: ReadonlyMap<string, FunctionBundle>;
  /** What the region's environments run. */
  readonly records: readonly ReleaseRecord[];
}

/** What the `api-<region>` stack offers to the region's environments. */
export interface Api {
  readonly restApi: RestApi;
  readonly httpApi: HttpApi;
  readonly functions: ReadonlyMap<FunctionName, ApiFunction>;
  /** Tables of a function, with their keys. */
  readonly tablesOf: (name: FunctionName) => FunctionRecord['tables'];
  /** Who may call its routes for IAM principals. */
  readonly callers: RegionCallers;
  /** What of the region has a key of the account's own. */
  readonly keyFor: KeyFor;
  /** Where the region's alarms are sent. */
  readonly alarmTopicArn: string;
  /** Stands before every REST stage. */
  readonly webAclArn: string;
}

/**
 * `<stage>-api-<region>`: the functions with their newest published versions, and the gateways that call them through aliases. Functions and roles
 * that the contract no longer names stay while an environment's record names them.
 */
export function createApiStack(scope: Construct, context: RegionContext, inputs: ApiInputs): Api {
  const { operations } = inputs;
  const { keyFor } = inputs.base;
  const { stack } = createStack(scope, context, `api-${context.regionType}`, context.region);
  new ArchiveProvider(stack, 'archive');
  const { accountId } = new DataAwsCallerIdentity(stack, 'account');
  const resources = functionResources(context, { data: inputs.data, base: inputs.base, accountId });
  const functions = new Map<FunctionName, ApiFunction>();
  const tables = new Map<FunctionName, FunctionRecord['tables']>();
  const roleNames: string[] = [];
  const { healthcheckConcurrency: reserved, tracing } = context.settings;
  const recorded = versionsByFunction(inputs.records);
  for (const [name, served] of partsByFunction(operations)) {
    const bundle = inputs.bundles.get(name);
    if (bundle === undefined) throw new Error(`No bundle for the function ${name}: add functions/${name}/handler.ts.`);
    const recording = recordingVariable(operations, name, context.settings.recording);
    const access = grantAccess(
      [
        ...served.map(({ access }) => access),
        ...(served.some(respondsWithCors) ? [{ CORS: [] }] : []),
        ...(recording === undefined ? [] : [{ RECORDING: [] }]),
      ],
      { ...resources, values: { ...resources.values, RECORDING: recording ?? '' } },
    );
    tables.set(name, Object.fromEntries(access.tables.map((table) => [table, tableRecord(table)])));
    const declared = new ApiFunction(stack, name, {
      functionName: functionName(context, name),
      roleName: (hash) => functionRoleName(context, name, hash),
      description: served.map(({ summary }) => summary).join('; '),
      bundle,
      packageBucketName: inputs.base.packageBucket.bucketName,
      access,
      logRetentionDays: context.settings.logRetentionDays,
      logKeyArn: keyFor('logs'),
      variablesKeyArn: keyFor('functions'),
      isTraced: tracing.isActive,
      ...sizeOf(served),
      ...(reserved > 0 && name === healthcheck.function && { reservedConcurrency: reserved }),
    });
    functions.set(name, declared);
    const others = (recorded.get(name) ?? []).filter(({ role }) => role.hash !== declared.newest.role.hash);
    keepRoles(declared, others);
    roleNames.push(...[declared.newest, ...others].map(({ role }) => role.name));
  }
  for (const [name, versions] of recorded) {
    if (functions.has(name)) continue;
    new KeptFunction(stack, name, {
      functionName: functionName(context, name),
      versions,
      logRetentionDays: context.settings.logRetentionDays,
      logKeyArn: keyFor('logs'),
    });
    roleNames.push(...versions.map(({ role }) => role.name));
  }
  const integrationUri = (part: Pick<Operation, 'function'>) => functionOf(functions, part).integrationUri;
  const closesExecuteApi = context.settings.executeApiEndpoint === 'closed';
  const restApi = new RestApi(stack, 'rest', {
    apiName: prefix(context),
    description: `REST API of ${context.settings.appName}, stage ${context.stage}`,
    operations: operations.filter((operation) => operation.api === 'rest'),
    integrationUri,
    closesExecuteApi,
    cors: context.settings.cors,
  });
  if (tracing.isActive) {
    const { perSecond, percent } = tracing;
    new TraceSampling(stack, 'tracing', {
      name: prefix(context),
      apiName: prefix(context),
      samples: { perSecond, percent },
      healthPath: healthcheck.path,
    });
  }
  const httpApi = new HttpApi(stack, 'http', {
    apiName: prefix(context),
    description: `HTTP API of ${context.settings.appName}, stage ${context.stage}`,
    operations: operations.filter((operation) => operation.api === 'http'),
    integrationUri,
    closesExecuteApi,
    cors: context.settings.cors,
    tokens: () => stageTokens(stack, context),
  });
  const environments = [...context.settings.apiEnvironments, PREVIEW];
  const routeArns = environments.flatMap((environment) => {
    const arns = [...httpApi.operations, ...recordedRoutes(inputs.records, environment)]
      .filter(({ api, auth }) => api === 'http' && auth === 'iam')
      .map((route) => sourceArn(httpApi, environment, route));
    return [...new Set(arns)];
  });
  const invoker = new InvokerRole(stack, 'events-invoker', {
    roleName: roleName(context, 'events-invoker'),
    principals: stageParameter(stack, context, 'events_principals'),
    routeArns,
  });
  new ReleaseGuard(stack, 'releases', {
    path: recordsPath(context),
    claims: [
      {
        needed: ({ environment }) => `[${environment}]`,
        declared: environments,
        problem: 'API_ENVIRONMENTS of settings.conf does not name environments that are deployed:',
        remedy:
          'Put the name back. How an environment without traffic is removed: docs/operations.md, "Add or remove an environment".',
      },
      {
        needed: ({ functionName }) => `[${functionName}]`,
        declared: [...new Set([...functions.keys(), ...recorded.keys()])],
        problem: 'Deployed environments run functions that this configuration does not have:',
        remedy: KEEPS,
      },
      {
        needed: ({ record }) => `[${record}.role.name]`,
        declared: [...new Set(roleNames)],
        problem: 'Versions that deployed environments run have roles that this configuration does not have:',
        remedy: KEEPS,
      },
    ],
  });
  const { alarmTopicArn, webAclArn } = inputs.base;
  watchTables(stack, context, { data: inputs.data, operations, topicArn: alarmTopicArn });
  return {
    restApi,
    httpApi,
    functions,
    tablesOf: (name) => tables.get(name) ?? {},
    alarmTopicArn,
    webAclArn,
    keyFor,
    callers: { roleName: invoker.roleName, routeArns },
  };
}

/** All of a function's operations say the same, or the contract is refused. */
function sizeOf([first]: readonly FunctionPart[]) {
  const { memoryMb, timeoutSeconds } = { ...FUNCTION_DEFAULTS, ...first };
  return { memoryMb, timeoutSeconds };
}

/** Whether the handler has to: a REST API hands through what a proxy integration responds, CORS and all. */
function respondsWithCors({ api, integration }: FunctionPart): boolean {
  return api === 'rest' && integration === 'proxy';
}

/** In bytes; the rest is for the other variables. Source: AWS Lambda Developer Guide, "Lambda quotas", Environment variables. */
const LONGEST_RECORDING = 3072;

/** @returns `undefined` where nothing of the function's is recorded @throws Error where it is more than a function's variables may hold */
function recordingVariable(
  operations: readonly Operation[],
  name: FunctionName,
  { percent, secrets }: RegionContext['settings']['recording'],
): string | undefined {
  const routes = operations
    .filter((operation) => operation.function === name)
    .flatMap((operation) => {
      const parts = recordedParts(operation);
      return parts === undefined ? [] : [[handlerKey(operation), parts] as const];
    });
  if (percent === 0 || routes.length === 0) return undefined;
  const variable: RecordingVariable = { percent, secrets, routes: Object.fromEntries(routes) };
  const text = JSON.stringify(variable);
  if (text.length <= LONGEST_RECORDING) return text;
  throw new Error(
    `RECORDING_PERCENT="${percent}": what is to be recorded of the function ${name} takes ${text.length} bytes, allowed are ${LONGEST_RECORDING}, as Lambda has 4096 for all of a function's variables. Name fewer RECORDING_SECRETS, divide its operations among functions, or record nothing.`,
  );
}

/** What environments run of each function. */
function versionsByFunction(records: readonly ReleaseRecord[]) {
  const byFunction = new Map<FunctionName, [FunctionRecord, ...FunctionRecord[]]>();
  for (const [name, version] of records.flatMap(({ functions }) => Object.entries(functions))) {
    const known = byFunction.get(name);
    if (known) known.push(version);
    else byFunction.set(name, [version]);
  }
  return byFunction;
}

function recordedRoutes(records: readonly ReleaseRecord[], environment: string) {
  const record = records.find((each) => each.environment === environment);
  return Object.values(record?.functions ?? {}).flatMap(({ routes }) => routes);
}

function functionOf(functions: Api['functions'], { function: name }: Pick<Operation, 'function'>): ApiFunction {
  const served = functions.get(name);
  if (served === undefined) throw new Error(`The contract names the function ${name}, which is not declared.`);
  return served;
}

/** What a function is there for: an operation, or to say who may call. */
type FunctionPart = Pick<Operation, 'access' | 'function' | 'summary'> &
  Partial<Pick<Operation, 'api' | 'integration' | 'memoryMb' | 'timeoutSeconds'>>;

function partsByFunction(operations: readonly Operation[]): ReadonlyMap<FunctionName, readonly FunctionPart[]> {
  const authorizers = authorizersOf(operations).map((part) => ({ ...part, summary: 'Says who may call' }));
  const byFunction = new Map<FunctionName, FunctionPart[]>();
  for (const part of [...operations, ...authorizers]) {
    const parts = byFunction.get(part.function);
    if (parts) parts.push(part);
    else byFunction.set(part.function, [part]);
  }
  return byFunction;
}
