import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';
import { type Metric, MetricAlarm } from './metric-alarm.ts';

interface ReadinessAlarmsProps {
  readonly alarmNames: { readonly failed: string; readonly silence: string };
  /** `<app>-<stage>`: of the metric. */
  readonly metricNamespace: string;
  /** How long there may be no run, 1 to 168: a period of an hour each, and CloudWatch looks at seven days at the most. */
  readonly hours: number;
  /** That runs it, for whoever reads the alarm. */
  readonly command: string;
  readonly topicArn: string;
  readonly provider: AwsProvider;
}

/** How many checks of a run of `two-region readiness` failed. @param metricNamespace - `<app>-<stage>` */
export function readinessFailed(metricNamespace: string): Metric {
  return { namespace: metricNamespace, name: 'ReadinessFailed', dimensions: {}, statistic: 'Maximum' };
}

/**
 * Alarms on the runs of `two-region readiness`: the last one found that the stage could not do without a region, and there has been none for too long.
 *
 * Source: Amazon CloudWatch API Reference, "PutMetricAlarm", EvaluationPeriods: seven days with periods of an hour or more.
 */
export class ReadinessAlarms extends Construct {
  constructor(scope: Construct, id: string, props: ReadinessAlarmsProps) {
    super(scope, id);
    const { alarmNames, metricNamespace, hours, command, topicArn, provider } = props;
    const watched = readinessFailed(metricNamespace);
    new MetricAlarm(this, 'failed', {
      alarmName: alarmNames.failed,
      description: `A check of readiness failed: the loss of a region would meet what it must not. Which one: ${command} --history`,
      watched,
      above: 0,
      periods: { bad: 1, of: 1 },
      // Between two runs nothing is known anew: what the last one found stands until the next.
      missingData: 'ignore',
      topicArn,
      provider,
    });
    new MetricAlarm(this, 'silence', {
      alarmName: alarmNames.silence,
      description: `Nobody has run ${command} for ${hours} hours: whether the stage could do without a region is not known.`,
      watched: { ...watched, statistic: 'SampleCount', periodSeconds: 3600 },
      below: 1,
      periods: { bad: hours, of: hours },
      missingData: 'breaching',
      topicArn,
      provider,
    });
  }
}
