import { Construct } from 'constructs';
import { type Metric, MetricAlarm } from './metric-alarm.ts';

/** What alarms of tables go off above. */
export interface TableThresholds {
  readonly throttlesPerMinute: number;
  readonly tableErrorsPerMinute: number;
  readonly replicationLatencySeconds: number;
}

export interface TableAlarmsProps {
  readonly tableName: string;
  /** API actions that the functions use on it, without `dynamodb:`; at most ten. */
  readonly actions: readonly string[];
  /** Region that the table's items are copied to. */
  readonly replicaRegion: string;
  /** What the alarms' names start with. */
  readonly alarmName: string;
  readonly thresholds: TableThresholds;
  /** Is told when items arrive late in the other region: here nothing is sick. */
  readonly topicArn: string;
}

/**
 * Alarms of a global table in one region: throttled requests, requests that DynamoDB failed, latency of replication to the other region.
 *
 * Alarms on DynamoDB's metrics keep their state while data is missing, whatever they are told, and none of these metrics is sent when it is
 * zero. So the sums are filled with zeros, and the latency alarm says what it does: a total stop of replication shows no latency at all.
 *
 * Source: Amazon CloudWatch API Reference, PutMetricAlarm, TreatMissingData; Amazon DynamoDB Developer Guide, "DynamoDB metrics and dimensions".
 */
export class TableAlarms extends Construct {
  /** Alarms that say that the table is sick. */
  readonly sickWhen: readonly MetricAlarm[];

  constructor(scope: Construct, id: string, props: TableAlarmsProps) {
    super(scope, id);
    const { tableName, alarmName, thresholds } = props;
    const metric = (name: string, dimensions: Readonly<Record<string, string>> = {}, statistic = 'Sum'): Metric => ({
      namespace: 'AWS/DynamoDB',
      name,
      dimensions: { TableName: tableName, ...dimensions },
      statistic,
    });
    const sum = (metrics: Readonly<Record<string, Metric>>, label: string) => ({
      expression: Object.keys(metrics)
        .map((name) => `FILL(${name}, 0)`)
        .join(' + '),
      label,
      metrics,
    });
    const errors = props.actions.map((action): [string, Metric] => [
      action.charAt(0).toLowerCase() + action.slice(1),
      metric('SystemErrors', { Operation: action }),
    ]);
    this.sickWhen = [
      new MetricAlarm(this, 'throttles', {
        alarmName: `${alarmName}-throttles`,
        description: `More than ${thresholds.throttlesPerMinute} reads and writes a minute are throttled.`,
        watched: sum({ reads: metric('ReadThrottleEvents'), writes: metric('WriteThrottleEvents') }, 'throttled'),
        above: thresholds.throttlesPerMinute,
        missingData: 'notBreaching',
      }),
      new MetricAlarm(this, 'errors', {
        alarmName: `${alarmName}-errors`,
        description: `DynamoDB answers more than ${thresholds.tableErrorsPerMinute} requests a minute with HTTP 500.`,
        watched: sum(Object.fromEntries(errors), 'failed by DynamoDB'),
        above: thresholds.tableErrorsPerMinute,
        missingData: 'notBreaching',
      }),
    ];
    new MetricAlarm(this, 'replication', {
      alarmName: `${alarmName}-replication`,
      description: `Items reach ${props.replicaRegion} more than ${thresholds.replicationLatencySeconds} s late.`,
      watched: metric('ReplicationLatency', { ReceivingRegion: props.replicaRegion }, 'Average'),
      above: thresholds.replicationLatencySeconds * 1000,
      missingData: 'ignore',
      topicArn: props.topicArn,
    });
  }
}
