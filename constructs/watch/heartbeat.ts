import { Construct } from 'constructs';
import type { FunctionBundle } from '#constructs/bundle/function-bundle.ts';
import { type FunctionKeys, scheduledFunction } from '#constructs/scheduled-function.ts';
import { type Metric, MetricAlarm } from './metric-alarm.ts';

export interface HeartbeatProps extends FunctionKeys {
  /** Of the function, its schedule and its alarm. */
  readonly name: string;
  readonly roleName: string;
  readonly bundle: FunctionBundle;
  /** Global table of the beats, in this region. */
  readonly table: { readonly name: string; readonly arn: string };
  /** AWS region whose beats are listened for. */
  readonly otherRegion: string;
  /** `<app>-<stage>`: of the metric. */
  readonly metricNamespace: string;
  /** Seconds that the other region's last beat may be old. */
  readonly maximumAgeSeconds: number;
  readonly logRetentionDays: number;
  readonly topicArn: string;
}

const METRIC_NAME = 'HeartbeatAge';

/** Age of the other region's last beat, in seconds. @param metricNamespace - `<app>-<stage>` */
export function heartbeatAge(metricNamespace: string): Metric {
  return { namespace: metricNamespace, name: METRIC_NAME, dimensions: {}, statistic: 'Maximum' };
}

/**
 * Writes an item of this region's into a global table once a minute, and looks how old the other region's is by now: a function that may read and write
 * the items of that one table, and its own log. DynamoDB measures the latency of what arrives, so a replication that has stopped shows none: this is
 * what shows it, and so silence is a failure.
 */
export class Heartbeat extends Construct {
  constructor(scope: Construct, id: string, props: HeartbeatProps) {
    super(scope, id);
    const { name, roleName, bundle, table, otherRegion, metricNamespace, maximumAgeSeconds, logRetentionDays } = props;
    scheduledFunction(this, {
      name,
      roleName,
      description: `Says that this region writes, and how old what ${otherRegion} wrote is here`,
      bundle,
      variables: {
        HEARTBEAT_TABLE_NAME: table.name,
        OTHER_REGION: otherRegion,
        METRIC_NAMESPACE: metricNamespace,
        METRIC_NAME,
      },
      permissions: [{ actions: ['dynamodb:GetItem', 'dynamodb:PutItem'], resources: [table.arn] }],
      logRetentionDays,
      logKeyArn: props.logKeyArn,
      variablesKeyArn: props.variablesKeyArn,
    });
    new MetricAlarm(this, 'age', {
      alarmName: name,
      description: `What ${otherRegion} has written for ${maximumAgeSeconds} s has not arrived here, or the function that looks does not run: what is written in one region may be lacking in the other.`,
      watched: heartbeatAge(metricNamespace),
      above: maximumAgeSeconds,
      // Rules of two regions do not keep step: in its first minutes a region has not heard yet.
      periods: { bad: 3, of: 3 },
      missingData: 'breaching',
      topicArn: props.topicArn,
    });
  }
}
