import { Construct } from 'constructs';
import { routeId } from '#constructs/source-arn.ts';
import type { Operation } from '#contract/operation.ts';
import { type Metric, MetricAlarm, type MetricMath } from './metric-alarm.ts';

/** What alarms of APIs go off above. */
export interface GatewayThresholds {
  readonly minimumRequests: number;
  readonly serverErrorRatePercent: number;
  readonly clientErrorRatePercent: number;
  readonly latencyP99Ms: number;
}

/** What CloudWatch knows an API by, and what its metrics are called there. */
export interface GatewayMetrics {
  /** Of everything that one gateway stage serves. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly serverErrors: string;
  readonly clientErrors: string;
}

/** Source: Amazon API Gateway Developer Guide, "Amazon API Gateway dimensions and metrics". */
export function restMetrics(apiName: string, stage: string): GatewayMetrics {
  return { dimensions: { ApiName: apiName, Stage: stage }, serverErrors: '5XXError', clientErrors: '4XXError' };
}

/** Source: Amazon API Gateway Developer Guide, "Work with metrics for HTTP APIs". */
export function httpMetrics(apiId: string, stage: string): GatewayMetrics {
  return { dimensions: { ApiId: apiId, Stage: stage }, serverErrors: '5xx', clientErrors: '4xx' };
}

export interface GatewayAlarmsProps {
  readonly gateway: GatewayMetrics;
  readonly operations: readonly Operation[];
  /** Whether an operation is the one that health checkers call, once or twice a second. */
  readonly isHealthCheck: (operation: Operation) => boolean;
  /** What the alarms' names start with. */
  readonly alarmName: string;
  readonly thresholds: GatewayThresholds;
  /** Is told when clients send what is refused: the API need not be sick. */
  readonly topicArn: string;
}

/**
 * Alarms of one API in one environment: shares of 5xx and 4xx, and the latency of each route. Health checkers alone send 60 to 100 requests a
 * minute, beside which the failure of every client would be a small share and no percentile at all: so their route is taken off the shares, and
 * has no latency here. That needs the gateway stage's detailed metrics.
 */
export class GatewayAlarms extends Construct {
  /** Alarms that say that the API is sick. */
  readonly sickWhen: readonly MetricAlarm[];

  constructor(scope: Construct, id: string, props: GatewayAlarmsProps) {
    super(scope, id);
    const { gateway, alarmName, thresholds } = props;
    const healthCheck = props.operations.find(props.isHealthCheck);
    const clients = props.operations.filter((operation) => !props.isHealthCheck(operation));
    const share = (errors: string, label: string) =>
      shareOf(gateway, errors, { label, healthCheck, minimumRequests: thresholds.minimumRequests });
    this.sickWhen = [
      new MetricAlarm(this, '5xx-rate', {
        alarmName: `${alarmName}-5xx-rate`,
        description: `More than ${thresholds.serverErrorRatePercent} % of clients' requests are answered with 5xx.`,
        watched: share(gateway.serverErrors, '5xx, %'),
        above: thresholds.serverErrorRatePercent,
        missingData: 'notBreaching',
      }),
      ...clients.map(
        (operation) =>
          new MetricAlarm(this, `latency-${routeId(operation)}`, {
            alarmName: `${alarmName}-${operation.id}-latency`,
            description: `One request of a hundred to ${operation.method} ${operation.path} takes more than ${thresholds.latencyP99Ms} ms.`,
            watched: routeMetric(gateway, operation, 'Latency', 'p99'),
            above: thresholds.latencyP99Ms,
            missingData: 'notBreaching',
          }),
      ),
    ];
    new MetricAlarm(this, '4xx-rate', {
      alarmName: `${alarmName}-4xx-rate`,
      description: `More than ${thresholds.clientErrorRatePercent} % of clients' requests are refused with 4xx.`,
      watched: share(gateway.clientErrors, '4xx, %'),
      above: thresholds.clientErrorRatePercent,
      missingData: 'notBreaching',
      topicArn: props.topicArn,
    });
  }
}

/** A metric of one route. @param statistic - @default 'Sum' */
export function routeMetric(
  { dimensions }: GatewayMetrics,
  { method, path }: Pick<Operation, 'method' | 'path'>,
  name: string,
  statistic = 'Sum',
): Metric {
  return {
    namespace: 'AWS/ApiGateway',
    name,
    dimensions: { ...dimensions, Method: method, Resource: path },
    statistic,
  };
}

function shareOf(
  gateway: GatewayMetrics,
  errors: string,
  of: { readonly label: string; readonly healthCheck: Operation | undefined; readonly minimumRequests: number },
): MetricMath {
  const whole = (name: string): Metric => ({
    namespace: 'AWS/ApiGateway',
    name,
    dimensions: gateway.dimensions,
    statistic: 'Sum',
  });
  const { label, healthCheck, minimumRequests } = of;
  if (healthCheck === undefined) {
    return {
      expression: `100 * errors / MAX([requests, ${minimumRequests}])`,
      label,
      metrics: { errors: whole(errors), requests: whole('Count') },
    };
  }
  // A minute without health checks is one with none of them, and not one without data.
  const clients = (name: string) => `(${name} - FILL(checks_${name}, 0))`;
  return {
    expression: `100 * ${clients('errors')} / MAX([${clients('requests')}, ${minimumRequests}])`,
    label,
    metrics: {
      errors: whole(errors),
      requests: whole('Count'),
      checks_errors: routeMetric(gateway, healthCheck, errors),
      checks_requests: routeMetric(gateway, healthCheck, 'Count'),
    },
  };
}
