import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import { Construct } from 'constructs';
import type { Operation } from '#contract/operation.ts';
import { type GatewayMetrics, routeMetric } from './gateway-alarms.ts';
import type { Metric } from './metric-alarm.ts';

/** What one region serves. */
export interface DashboardRegion {
  /** `primary eu-central-1` */
  readonly title: string;
  readonly region: string;
  /** By environment; each with its APIs and the routes that the contract gives them. */
  readonly gateways: readonly (GatewayMetrics & {
    readonly environment: string;
    readonly operations: readonly Operation[];
  })[];
  /** Physical names. */
  readonly functionNames: readonly string[];
  readonly tableNames: readonly string[];
  /** Region that tables are copied to. */
  readonly replicaRegion: string;
  /** How late objects of the other region arrive, in seconds. @default - objects are not replicated */
  readonly objectsLatency?: Metric | undefined;
  /** Age of the other region's last heartbeat. @default - there is no heartbeat */
  readonly heartbeat?: Metric | undefined;
  /** What journeys came to, and how long they took, at which name. @default - none are taken */
  readonly journeys?: { readonly failed: readonly Line[]; readonly duration: readonly Line[] } | undefined;
  /** Alarms that say that something is sick. */
  readonly alarmArns: readonly string[];
}

export interface DashboardProps {
  readonly dashboardName: string;
  /** The two regions, side by side. */
  readonly regions: readonly DashboardRegion[];
  readonly environments: readonly string[];
  /** Route 53's checks by what they are of, and the region that has their metrics. */
  readonly healthChecks: { readonly region: string; readonly ids: Readonly<Record<string, string>> };
}

const WIDTH = 12;
const HEIGHT = 6;
const PERIOD_SECONDS = 60;

/** A metric as a graph names it. */
export type Line = Metric & { readonly label: string };

interface Widget {
  readonly type: 'alarm' | 'metric';
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * A dashboard over both regions: alarms, requests, errors, latency, functions, versions, replication, heartbeats, health checks. Every route of the contract is
 * on it.
 *
 * Source: Amazon CloudWatch API Reference, "Dashboard Body Structure and Syntax".
 */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { region: checkedIn, ids } = props.healthChecks;
    const checks = Object.entries(ids).map(
      ([label, HealthCheckId]): Line => ({
        label,
        namespace: 'AWS/Route53',
        name: 'HealthCheckStatus',
        dimensions: { HealthCheckId },
        statistic: 'Minimum',
      }),
    );
    const columns = props.regions.map((region) => columnOf(region, props.environments));
    const widgets = [
      placed(graph('Health checks: 1 is healthy', checkedIn, checks), 0, 0, 2 * WIDTH),
      ...columns.flatMap((column, at) =>
        column.map((widget, row) => placed(widget, at * WIDTH, (row + 1) * HEIGHT, WIDTH)),
      ),
    ];
    new CloudwatchDashboard(this, 'dashboard', {
      dashboardName: props.dashboardName,
      dashboardBody: JSON.stringify({ widgets }),
    });
  }
}

function columnOf(served: DashboardRegion, environments: readonly string[]): readonly Widget[] {
  const { title, region } = served;
  const titled = (name: string, lines: readonly Line[]) => graph(`${title}: ${name}`, region, lines);
  const perRoute = (nameOf: (gateway: GatewayMetrics) => string, statistic = 'Sum') =>
    served.gateways.flatMap((gateway) =>
      gateway.operations.map(
        (operation): Line => ({
          ...routeMetric(gateway, operation, nameOf(gateway), statistic),
          label: `${gateway.environment} ${operation.method} ${operation.path}`,
        }),
      ),
    );
  const perAlias = (name: string, statistic = 'Sum') =>
    served.functionNames.flatMap((functionName) =>
      environments.map(
        (environment): Line => ({
          namespace: 'AWS/Lambda',
          name,
          dimensions: { FunctionName: functionName, Resource: `${functionName}:${environment}` },
          statistic,
          label: `${environment} ${functionName} ${name}`,
        }),
      ),
    );
  return [
    { type: 'alarm', properties: { title: `${title}: alarms`, alarms: served.alarmArns } },
    titled(
      'requests',
      perRoute(() => 'Count'),
    ),
    titled(
      '5xx',
      perRoute(({ serverErrors }) => serverErrors),
    ),
    titled(
      '4xx',
      perRoute(({ clientErrors }) => clientErrors),
    ),
    titled(
      'latency p50, ms',
      perRoute(() => 'Latency', 'p50'),
    ),
    titled(
      'latency p99, ms',
      perRoute(() => 'Latency', 'p99'),
    ),
    titled('functions, errors and throttles', [...perAlias('Errors'), ...perAlias('Throttles')]),
    titled('functions, duration p99, ms', perAlias('Duration', 'p99')),
    versionsOf(served),
    titled(
      'replication latency, ms',
      served.tableNames.map(
        (TableName): Line => ({
          namespace: 'AWS/DynamoDB',
          name: 'ReplicationLatency',
          dimensions: { TableName, ReceivingRegion: served.replicaRegion },
          statistic: 'Average',
          label: TableName,
        }),
      ),
    ),
    ...(served.objectsLatency === undefined
      ? []
      : [
          titled('replication latency of objects, s', [
            { ...served.objectsLatency, label: `from ${served.replicaRegion}` },
          ]),
        ]),
    ...(served.heartbeat === undefined
      ? []
      : [titled('heartbeat age, s', [{ ...served.heartbeat, label: `of ${served.replicaRegion}` }])]),
    ...(served.journeys === undefined
      ? []
      : [titled('journeys: 1 has failed', served.journeys.failed), titled('journeys, ms', served.journeys.duration)]),
  ];
}

/** Lambda tells versions apart while an alias leads to two of them. */
function versionsOf({ title, region, functionNames }: DashboardRegion): Widget {
  const searches = functionNames.map((name) => [
    {
      expression: `SEARCH('{AWS/Lambda,ExecutedVersion,FunctionName,Resource} FunctionName="${name}" MetricName="Invocations"', 'Sum', ${PERIOD_SECONDS})`,
    },
  ]);
  return { type: 'metric', properties: { title: `${title}: versions`, region, view: 'timeSeries', metrics: searches } };
}

function graph(title: string, region: string, lines: readonly Line[]): Widget {
  const metrics = lines.map(({ namespace, name, dimensions, statistic, label }) => [
    namespace,
    name,
    ...Object.entries(dimensions).flat(),
    { stat: statistic, label },
  ]);
  return { type: 'metric', properties: { title, region, view: 'timeSeries', period: PERIOD_SECONDS, metrics } };
}

function placed(widget: Widget, x: number, y: number, width: number) {
  return { ...widget, x, y, width, height: HEIGHT };
}
