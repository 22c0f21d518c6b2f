import { operations } from '#contract/index.ts';
import { functionsOf } from '#contract/operation.ts';
import { PREVIEW } from '#functions/environment.ts';
import type { EventQuery } from '#local/events/event-query.ts';
import { readFields } from '#local/events/read-fields.ts';
import type { RuntimeEvent } from '#local/events/runtime-log.ts';
import { inRegion, type RegionType, type StageContext, standsBy } from '#stacks/context.ts';
import {
  functionLogGroup,
  functionName,
  httpAccessLogGroup,
  restAccessLogGroup,
  SCHEDULED_FUNCTIONS,
  STANDBY_ONLY,
} from '#stacks/naming.ts';

/** A log group of a stage in one region. */
export interface StageLogGroup {
  readonly kind: 'access' | 'function';
  readonly name: string;
  readonly regionType: RegionType;
  /** AWS region. */
  readonly region: string;
  /** Of an access log. */
  readonly environment?: string;
}

/** The event as the local runtime's log would have it. */
export type StageEvent = Extract<RuntimeEvent, { readonly kind: 'access' | 'function' }>;

/** The log groups that a query is about: access logs of its environments, and of its functions. Which of them there are, AWS alone knows. */
export function stageLogGroups(context: StageContext, query: EventQuery): readonly StageLogGroup[] {
  const { kinds = ['access', 'function'], region: wanted, environment: only } = query;
  const regionTypes = wanted === undefined ? (['primary', 'secondary'] as const) : [wanted];
  return regionTypes.flatMap((regionType) => {
    const where = { regionType, region: inRegion(context, regionType).region };
    const environments = [...context.settings.apiEnvironments, PREVIEW];
    const access = environments
      .filter((each) => only === undefined || each === only)
      .flatMap((environment) =>
        [restAccessLogGroup(context, environment), httpAccessLogGroup(context, environment)].map((name) => ({
          kind: 'access' as const,
          name,
          environment,
          ...where,
        })),
      );
    const functions = stageFunctions(context, regionType)
      .filter((name) => query.function === undefined || isNamed(functionName(context, name), query.function))
      .map((name) => ({ kind: 'function' as const, name: functionLogGroup(context, name), ...where }));
    const asksAccess = query.function === undefined || query.route !== undefined;
    return [
      ...(asksAccess && kinds.includes('access') ? access : []),
      ...(kinds.includes('function') ? functions : []),
    ];
  });
}

/** Names of the contract's functions and of those that a schedule invokes there. */
export function stageFunctions({ settings }: StageContext, regionType: RegionType): readonly string[] {
  const hasAll = standsBy(settings, regionType);
  const scheduled = SCHEDULED_FUNCTIONS.filter((name) => hasAll || !STANDBY_ONLY.includes(name));
  return [...new Set<string>([...functionsOf(operations), ...scheduled])];
}

function isNamed(name: string, wanted: string): boolean {
  return name === wanted || name.endsWith(`-${wanted}`);
}

/**
 * Reads a line of a log group. A function's environment is the alias that it was invoked by, which stands in the lines of its logger, and in those of
 * metrics by environment; its other lines have none, as the log group is all environments'.
 */
export function stageEvent(group: StageLogGroup, time: number, line: string): StageEvent {
  const structured = readFields(line);
  const fields = structured ?? {};
  const shared = { time, region: group.regionType, logGroup: group.name, line };
  if (group.kind === 'access') {
    const environment = group.environment ?? '';
    return {
      kind: 'access',
      ...shared,
      environment,
      requestId: textOf(fields.requestId),
      traceId: traceOf(fields.xrayTraceId),
    };
  }
  const requestId = structured
    ? textOf(structured.function_request_id)
    : (/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.exec(line)?.[0] ?? '');
  return {
    kind: 'function',
    ...shared,
    environment: textOf(fields.function_arn).split(':', 8)[7] ?? textOf(fields.environment),
    requestId,
    traceId: traceOf(fields.xray_trace_id),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function traceOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '-' ? value.replace(/^Root=/, '') : undefined;
}

/**
 * What Lambda writes of each invocation, well or not, and what functions record for a replay.
 *
 * Source: AWS Lambda Developer Guide, "Working with Lambda function logs".
 */
export function isRoutineLine({ kind, line }: Pick<StageEvent, 'kind' | 'line'>): boolean {
  return (
    kind === 'function' &&
    /^(?:INIT_START |(?:START|END|REPORT) RequestId: |\{"environment":"\w+","recorded":\{)/.test(line)
  );
}
