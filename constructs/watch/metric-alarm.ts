import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Construct } from 'constructs';

/** A CloudWatch metric and how a period's values become one. */
export interface Metric {
  /** `AWS/Lambda`. */
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum`, `Minimum`, or a percentile: `p99`. */
  readonly statistic: string;
  /** Of what the values of one data point lie in: a multiple of 60. @default 60 */
  readonly periodSeconds?: number;
}

/** Metric math. Source: Amazon CloudWatch User Guide, "Using math expressions with CloudWatch metrics". */
export interface MetricMath {
  readonly expression: string;
  /** What the expression comes to, for people: `errors, %`. */
  readonly label: string;
  /** By the names that the expression uses; at most ten, as an alarm takes no more. */
  readonly metrics: Readonly<Record<string, Metric>>;
}

export interface MetricAlarmProps {
  readonly alarmName: string;
  /** What it means when it goes off; stands in the message. */
  readonly description: string;
  readonly watched: Metric | MetricMath;
  /** It goes off above this … */
  readonly above?: number;
  /** … or below this. */
  readonly below?: number;
  /** @default 3 of 5 periods, of 60 s unless the metric says more: one bad minute is no alarm, and a load that comes and goes is */
  readonly periods?: { readonly bad: number; readonly of: number };
  /**
   * What a period without data is taken for. Counts are not sent when they are zero, so for them nothing is good news: `notBreaching`. Of what is
   * always sent, silence is the failure: `breaching`.
   *
   * Source: Amazon CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data".
   */
  readonly missingData: 'breaching' | 'ignore' | 'missing' | 'notBreaching';
  /** Topic that is told of every change; in the alarm's region. @default - nobody is told: a composite alarm is */
  readonly topicArn?: string;
  /** Of the region that has the metric. @default - the stack's */
  readonly provider?: AwsProvider;
}

const PERIOD_SECONDS = 60;

/** An alarm on a metric, or on what metric math makes of several. */
export class MetricAlarm extends Construct {
  readonly alarmName: string;
  readonly resource: CloudwatchMetricAlarm;

  constructor(scope: Construct, id: string, props: MetricAlarmProps) {
    super(scope, id);
    const { watched, above, below, periods = { bad: 3, of: 5 }, topicArn } = props;
    const actions = topicArn === undefined ? {} : { alarmActions: [topicArn], okActions: [topicArn] };
    this.resource = new CloudwatchMetricAlarm(this, 'alarm', {
      provider: props.provider,
      alarmName: props.alarmName,
      alarmDescription: props.description,
      comparisonOperator: above === undefined ? 'LessThanThreshold' : 'GreaterThanThreshold',
      threshold: above ?? below ?? 0,
      evaluationPeriods: periods.of,
      datapointsToAlarm: periods.bad,
      treatMissingData: props.missingData,
      ...('expression' in watched ? mathOf(watched) : metricOf(watched)),
      ...actions,
      // CloudWatch keeps an alarm that a composite alarm names: the new name is there before the old one goes.
      lifecycle: { createBeforeDestroy: true },
    });
    this.alarmName = props.alarmName;
  }
}

function metricOf({ namespace, name, dimensions, statistic, periodSeconds: period = PERIOD_SECONDS }: Metric) {
  const metric = { namespace, metricName: name, dimensions: { ...dimensions }, period };
  if (!/^p\d/.test(statistic)) return { ...metric, statistic };
  // With few values a percentile is the worst of them: the state stays as it is until there are enough.
  return { ...metric, extendedStatistic: statistic, evaluateLowSampleCountPercentiles: 'ignore' };
}

function mathOf({ expression, label, metrics }: MetricMath) {
  return {
    metricQuery: [
      { id: 'result', expression, label, returnData: true },
      ...Object.entries(metrics).map(
        ([id, { namespace, name, dimensions, statistic, periodSeconds: period = PERIOD_SECONDS }]) => ({
          id,
          metric: {
            namespace,
            metricName: name,
            dimensions: { ...dimensions },
            period,
            stat: statistic,
          },
        }),
      ),
    ],
  };
}
