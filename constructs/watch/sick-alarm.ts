import { CloudwatchCompositeAlarm } from '@cdktf/provider-aws/lib/cloudwatch-composite-alarm';
import { Construct } from 'constructs';
import type { MetricAlarm } from './metric-alarm.ts';

export interface SickAlarmProps {
  readonly alarmName: string;
  readonly description: string;
  /** Goes off with any of these … */
  readonly alarms: readonly MetricAlarm[];
  /** … and with any of these, which other stacks of the region declare. @default - none */
  readonly otherAlarmNames?: readonly string[];
  readonly topicArn: string;
}

/**
 * One alarm that says whether something is sick, whichever of its alarms says why: what people are written to about, once, and what a canary, a
 * switch or a route-away reads.
 *
 * Source: Amazon CloudWatch User Guide, "Create a composite alarm": at most 100 alarms of one account and region, named in the rule.
 */
export class SickAlarm extends Construct {
  constructor(scope: Construct, id: string, props: SickAlarmProps) {
    super(scope, id);
    const names = [...props.alarms.map(({ alarmName }) => alarmName), ...(props.otherAlarmNames ?? [])];
    new CloudwatchCompositeAlarm(this, 'alarm', {
      alarmName: props.alarmName,
      alarmDescription: props.description,
      alarmRule: names.map((name) => `ALARM("${name}")`).join(' OR '),
      alarmActions: [props.topicArn],
      okActions: [props.topicArn],
      // The rule names them as text.
      dependsOn: props.alarms.map(({ resource }) => resource),
    });
  }
}
