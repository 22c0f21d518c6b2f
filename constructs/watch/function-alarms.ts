import { Construct } from 'constructs';
import { type Metric, MetricAlarm } from './metric-alarm.ts';

/** What alarms of functions go off above. */
export interface FunctionThresholds {
  readonly minimumRequests: number;
  readonly errorRatePercent: number;
  readonly durationP99Ms: number;
  readonly invocationsPerMinute: number;
  readonly throttlesPerMinute: number;
}

export interface FunctionAlarmsProps {
  readonly functionName: string;
  readonly alias: string;
  /** What the alarms' names start with. */
  readonly alarmName: string;
  readonly thresholds: FunctionThresholds;
  /**
   * Metrics of the 5xx of its routes, where all of them go through mapping templates: there a function fails to say 404, which Lambda counts as
   * an error. @default - what Lambda counts
   */
  readonly serverErrors?: readonly Metric[];
  /** Is told when the function is called more often than it was thought to be: that is no sickness of it. */
  readonly topicArn: string;
}

/**
 * Alarms of one function in one environment: share of errors, p99 of duration, throttles, invocations. The alias's own metrics are watched, so
 * what runs in another environment is not in them.
 *
 * Source: AWS Lambda Developer Guide, "Types of metrics for Lambda functions" (dimension Resource).
 */
export class FunctionAlarms extends Construct {
  /** Alarms that say that the function is sick. */
  readonly sickWhen: readonly MetricAlarm[];

  constructor(scope: Construct, id: string, props: FunctionAlarmsProps) {
    super(scope, id);
    const { functionName, alias, alarmName, thresholds, serverErrors = [] } = props;
    const metric = (name: string, statistic = 'Sum'): Metric => ({
      namespace: 'AWS/Lambda',
      name,
      dimensions: { FunctionName: functionName, Resource: `${functionName}:${alias}` },
      statistic,
    });
    const { minimumRequests, errorRatePercent, durationP99Ms, invocationsPerMinute, throttlesPerMinute } = thresholds;
    const byRoute = serverErrors.map((each, at) => [`errors_${at + 1}`, each] as const);
    const counted = byRoute.length > 0 ? Object.fromEntries(byRoute) : { errors: metric('Errors') };
    // A minute in which nobody called one of the routes is one without its errors.
    const errors = byRoute.length > 0 ? `(${byRoute.map(([id]) => `FILL(${id}, 0)`).join(' + ')})` : 'errors';
    this.sickWhen = [
      new MetricAlarm(this, 'error-rate', {
        alarmName: `${alarmName}-error-rate`,
        description: `More than ${errorRatePercent} % of the invocations fail.`,
        watched: {
          expression: `100 * ${errors} / MAX([invocations, ${minimumRequests}])`,
          label: 'errors, %',
          metrics: { ...counted, invocations: metric('Invocations') },
        },
        above: errorRatePercent,
        missingData: 'notBreaching',
      }),
      new MetricAlarm(this, 'duration', {
        alarmName: `${alarmName}-duration`,
        description: `One invocation of a hundred takes more than ${durationP99Ms} ms.`,
        watched: metric('Duration', 'p99'),
        above: durationP99Ms,
        missingData: 'notBreaching',
      }),
      new MetricAlarm(this, 'throttles', {
        alarmName: `${alarmName}-throttles`,
        description: `Lambda refuses more than ${throttlesPerMinute} invocations a minute: no concurrency is left.`,
        watched: metric('Throttles'),
        above: throttlesPerMinute,
        missingData: 'notBreaching',
      }),
    ];
    new MetricAlarm(this, 'invocations', {
      alarmName: `${alarmName}-invocations`,
      description: `More than ${invocationsPerMinute} invocations a minute.`,
      watched: metric('Invocations'),
      above: invocationsPerMinute,
      missingData: 'notBreaching',
      topicArn: props.topicArn,
    });
  }
}
