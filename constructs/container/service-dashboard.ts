import { CloudwatchDashboard } from '@cdktf/provider-aws/lib/cloudwatch-dashboard';
import { Construct } from 'constructs';
import type { Metric } from '#constructs/watch/metric-alarm.ts';
import { balancerMetric, serviceMetric } from './service-alarms.ts';

export interface ServiceDashboardProps {
  readonly dashboardName: string;
  /** The two regions, side by side. */
  readonly regions: readonly {
    /** `primary eu-central-1` */
    readonly title: string;
    readonly region: string;
    /** Of the cluster and the service. */
    readonly serviceName: string;
    /** What CloudWatch knows the load balancer by. */
    readonly balancerSuffix: string;
    /** Alarm that says that the container API is sick. */
    readonly alarmArn: string;
  }[];
}

const WIDTH = 12;
const HEIGHT = 6;
const PERIOD_SECONDS = 60;

/**
 * A dashboard of the container API over both regions: alarm, requests, errors, latency, tasks, what they use.
 *
 * Source: Amazon CloudWatch API Reference, "Dashboard Body Structure and Syntax".
 */
export class ServiceDashboard extends Construct {
  constructor(scope: Construct, id: string, { dashboardName, regions }: ServiceDashboardProps) {
    super(scope, id);
    const widgets = regions.flatMap(({ title, region, serviceName, balancerSuffix, alarmArn }, column) => {
      const of = (name: string, statistic?: string) => balancerMetric(balancerSuffix, name, statistic);
      const graph = (what: string, metrics: readonly Metric[]) => ({
        type: 'metric',
        properties: {
          title: `${title}: ${what}`,
          region,
          view: 'timeSeries',
          period: PERIOD_SECONDS,
          metrics: metrics.map(({ namespace, name, dimensions, statistic }) => [
            namespace,
            name,
            ...Object.entries(dimensions).flat(),
            { stat: statistic, label: `${name} ${statistic}` },
          ]),
        },
      });
      return [
        { type: 'alarm', properties: { title: `${title}: alarm`, alarms: [alarmArn] } },
        graph('requests', [of('RequestCount')]),
        graph('errors', [
          of('HTTPCode_Target_5XX_Count'),
          of('HTTPCode_ELB_5XX_Count'),
          of('HTTPCode_Target_4XX_Count'),
          of('HTTPCode_ELB_4XX_Count'),
        ]),
        graph('latency, s', [of('TargetResponseTime', 'p50'), of('TargetResponseTime', 'p99')]),
        graph('what tasks use, %', [
          serviceMetric(serviceName, 'CPUUtilization'),
          serviceMetric(serviceName, 'MemoryUtilization'),
        ]),
        tasks(title, region, balancerSuffix),
      ].map((widget, row) => ({ ...widget, x: column * WIDTH, y: row * HEIGHT, width: WIDTH, height: HEIGHT }));
    });
    new CloudwatchDashboard(this, 'dashboard', { dashboardName, dashboardBody: JSON.stringify({ widgets }) });
  }
}

/** Of both target groups, whichever has the traffic. */
function tasks(title: string, region: string, balancerSuffix: string) {
  const search = (name: string) =>
    `SEARCH('{AWS/ApplicationELB,LoadBalancer,TargetGroup} LoadBalancer="${balancerSuffix}" MetricName="${name}"', 'Average', ${PERIOD_SECONDS})`;
  const metrics = ['HealthyHostCount', 'UnHealthyHostCount'].map((name) => [{ expression: search(name) }]);
  return { type: 'metric', properties: { title: `${title}: tasks`, region, view: 'timeSeries', metrics } };
}
