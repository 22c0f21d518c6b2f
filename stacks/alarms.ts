import type { Construct } from 'constructs';
import { FunctionAlarms } from '#constructs/watch/function-alarms.ts';
import { GatewayAlarms, httpMetrics, restMetrics, routeMetric } from '#constructs/watch/gateway-alarms.ts';
import { SickAlarm } from '#constructs/watch/sick-alarm.ts';
import { TableAlarms } from '#constructs/watch/table-alarms.ts';
import { HEALTH_ROUTES } from '#contract/health-routes.ts';
import type { Operation } from '#contract/operation.ts';
import { type TableName, environment as variables } from '#functions/environment.ts';
import type { Api } from './api.ts';
import { inRegion, otherRegion, type RegionContext } from './context.ts';
import type { Data } from './data.ts';
import { prefix, sickAlarmName } from './naming.ts';

/** What the alarm of a region's tables is about. */
const DATA = 'data';

/**
 * Declares an environment's alarms: of its aliases, of both its APIs, and the one that says whether it is sick: with any of them, or with a table.
 * None for `preview`, which no client's traffic reaches.
 */
export function watchEnvironment(scope: Construct, context: RegionContext, environment: string, api: Api): void {
  const { restApi, httpApi, alarmTopicArn: topicArn } = api;
  const { alarms: thresholds } = context.settings;
  const alarmName = `${prefix(context)}-${environment}`;
  const rest = restMetrics(prefix(context), environment);
  // At most nine of them, beside the invocations: an alarm takes ten metrics.
  const templateErrors = (served: readonly Operation[]) =>
    served.length <= 9 && served.every(({ integration }) => integration === 'template')
      ? served.map((operation) => routeMetric(rest, operation, rest.serverErrors))
      : [];
  const functions = [...api.functions].map(
    ([name, { functionName }]) =>
      new FunctionAlarms(scope, `alarms-${name}`, {
        functionName,
        alias: environment,
        alarmName: `${alarmName}-${name}`,
        thresholds,
        serverErrors: templateErrors(
          [...restApi.operations, ...httpApi.operations].filter((operation) => operation.function === name),
        ),
        topicArn,
      }),
  );
  const gateways = [
    { kind: 'rest', gateway: rest, operations: restApi.operations },
    { kind: 'http', gateway: httpMetrics(httpApi.apiId, environment), operations: httpApi.operations },
  ].map(
    ({ kind, ...served }) =>
      new GatewayAlarms(scope, `alarms-${kind}-api`, {
        ...served,
        isHealthCheck,
        alarmName: `${alarmName}-${kind}-api`,
        thresholds,
        topicArn,
      }),
  );
  new SickAlarm(scope, 'sick', {
    alarmName: sickAlarmName(context, environment),
    description: `${environment} is sick in ${context.region}. Which of its alarms say so: two-region alarms ${context.stage}`,
    alarms: [...functions, ...gateways].flatMap(({ sickWhen }) => sickWhen),
    otherAlarmNames: [sickAlarmName(context, DATA)],
    topicArn,
  });
}

/** Declares the alarms of the tables that operations use, in one region, and the one that says whether any of the tables is sick. */
export function watchTables(
  scope: Construct,
  context: RegionContext,
  { data, operations, topicArn }: { data: Data; operations: readonly Operation[]; topicArn: string },
): void {
  const other = inRegion(context, otherRegion(context.regionType));
  const tables = [...tableActions(operations)].map(
    ([table, actions]) =>
      new TableAlarms(scope, `alarms-${table}`, {
        tableName: data.tableName(table),
        actions,
        replicaRegion: other.region,
        alarmName: `${prefix(context)}-${DATA}-${table}`,
        thresholds: context.settings.alarms,
        topicArn,
      }),
  );
  new SickAlarm(scope, 'sick', {
    alarmName: sickAlarmName(context, DATA),
    description: `A table is sick in ${context.region}. Which of its alarms say so: two-region alarms ${context.stage}`,
    alarms: tables.flatMap(({ sickWhen }) => sickWhen),
    topicArn,
  });
}

/** Whether Route 53's health checkers call it. */
function isHealthCheck({ id }: Operation): boolean {
  return Object.values(HEALTH_ROUTES).some((route) => route.id === id);
}

/** What the operations do with each table: `GetItem`, `PutItem`. */
export function tableActions(operations: readonly Operation[]): ReadonlyMap<TableName, readonly string[]> {
  const actions = new Map<TableName, readonly string[]>();
  for (const { access } of operations) {
    for (const [name, granted] of Object.entries(access)) {
      const variable = Object.entries(variables).find(([known]) => known === name)?.[1];
      if (variable?.kind !== 'table') continue;
      const names = granted.map((action) => action.replace('dynamodb:', ''));
      actions.set(variable.table, [...new Set([...(actions.get(variable.table) ?? []), ...names])].sort());
    }
  }
  return actions;
}
