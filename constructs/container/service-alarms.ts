import { Construct } from 'constructs';
import { type Metric, MetricAlarm } from '#constructs/watch/metric-alarm.ts';
import type { LoadBalancer } from './load-balancer.ts';

export interface ServiceAlarmsProps {
  readonly balancer: LoadBalancer;
  /** Of the cluster and the service. */
  readonly serviceName: string;
  /** What the alarms' names start with. */
  readonly alarmName: string;
  readonly thresholds: {
    readonly minimumRequests: number;
    readonly serverErrorRatePercent: number;
    readonly latencyP99Ms: number;
  };
  /** Is told when there are not enough tasks: the API need not be sick. */
  readonly topicArn: string;
}

/** Percent of processor or memory at which autoscaling, which aims at 70, has nothing left to give. */
const FULL_PERCENT = 90;

/**
 * Alarms of the service behind a load balancer. Health checkers' requests count with clients', as a load balancer tells no routes apart: a share of errors
 * is a little smaller for it.
 *
 * Source: Elastic Load Balancing, User Guide for Application Load Balancers, "CloudWatch metrics for your Application Load Balancer".
 */
export class ServiceAlarms extends Construct {
  /** Alarms that say that the API is sick. */
  readonly sickWhen: readonly MetricAlarm[];

  constructor(scope: Construct, id: string, props: ServiceAlarmsProps) {
    super(scope, id);
    const { balancer, serviceName, alarmName, thresholds, topicArn } = props;
    const { minimumRequests, serverErrorRatePercent, latencyP99Ms } = thresholds;
    const metric = (name: string, statistic = 'Sum') => balancerMetric(balancer.arnSuffix, name, statistic);
    const healthy = (colour: 'blue' | 'green') => ({
      ...metric('HealthyHostCount', 'Maximum'),
      dimensions: { LoadBalancer: balancer.arnSuffix, TargetGroup: balancer.targetGroups[colour].arnSuffix },
    });
    this.sickWhen = [
      new MetricAlarm(this, '5xx-rate', {
        alarmName: `${alarmName}-5xx-rate`,
        description: `More than ${serverErrorRatePercent} % of requests are answered with 5xx, by tasks or by the load balancer.`,
        watched: {
          expression: `100 * (FILL(tasks, 0) + FILL(balancer, 0)) / MAX([requests, ${minimumRequests}])`,
          label: '5xx, %',
          metrics: {
            tasks: metric('HTTPCode_Target_5XX_Count'),
            balancer: metric('HTTPCode_ELB_5XX_Count'),
            requests: metric('RequestCount'),
          },
        },
        above: serverErrorRatePercent,
        missingData: 'notBreaching',
      }),
      new MetricAlarm(this, 'latency', {
        alarmName: `${alarmName}-latency`,
        description: `One request of a hundred takes more than ${latencyP99Ms} ms.`,
        watched: metric('TargetResponseTime', 'p99'),
        above: latencyP99Ms / 1000,
        missingData: 'notBreaching',
      }),
      new MetricAlarm(this, 'no-task', {
        alarmName: `${alarmName}-no-task`,
        description: 'No task is healthy: the load balancer answers 503. What they log says why.',
        watched: {
          expression: 'FILL(blue, 0) + FILL(green, 0)',
          label: 'healthy tasks',
          metrics: { blue: healthy('blue'), green: healthy('green') },
        },
        below: 1,
        periods: { bad: 2, of: 3 },
        missingData: 'breaching',
      }),
    ];
    for (const [what, name] of Object.entries({ cpu: 'CPUUtilization', memory: 'MemoryUtilization' })) {
      new MetricAlarm(this, what, {
        alarmName: `${alarmName}-${what}`,
        description: `The tasks use more than ${FULL_PERCENT} % of their ${what}, and more of them do not come: CONTAINER_MAXIMUM_TASKS or the account's quota of Fargate.`,
        watched: serviceMetric(serviceName, name),
        above: FULL_PERCENT,
        missingData: 'notBreaching',
        topicArn,
      });
    }
  }
}

/** A metric of everything behind a load balancer. */
export function balancerMetric(LoadBalancer: string, name: string, statistic = 'Sum'): Metric {
  return { namespace: 'AWS/ApplicationELB', name, dimensions: { LoadBalancer }, statistic };
}

/** A metric of a service whose cluster has its name. Source: Amazon ECS Developer Guide, "Amazon ECS CloudWatch metrics". */
export function serviceMetric(name: string, metric: string): Metric {
  return {
    namespace: 'AWS/ECS',
    name: metric,
    dimensions: { ClusterName: name, ServiceName: name },
    statistic: 'Average',
  };
}
