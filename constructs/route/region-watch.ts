import { Construct } from 'constructs';
import type { FunctionBundle } from '#constructs/bundle/function-bundle.ts';
import { type FunctionKeys, scheduledFunction } from '#constructs/scheduled-function.ts';
import { MetricAlarm } from '#constructs/watch/metric-alarm.ts';

export interface RegionWatchProps extends FunctionKeys {
  /** Of the function, its schedule and its alarm. */
  readonly name: string;
  readonly roleName: string;
  readonly bundle: FunctionBundle;
  /** `watch`: it only says what it would do. */
  readonly mode: 'automatic' | 'watch';
  /** AWS region that is watched. */
  readonly otherRegion: string;
  /** URLs that respond with 200 where a region's data is reached. */
  readonly checks: Readonly<Record<'other' | 'own' | 'public', readonly string[]>>;
  /** Names of the other region's alarms that say "sick". */
  readonly sickAlarmNames: readonly string[];
  /** Alarms of this region that say that journeys fail at the other one's own names, and at its own. @default - nobody takes journeys */
  readonly journeyAlarmNames?: { readonly other: string; readonly own: string };
  /** Where this region says whether traffic keeps away from the other one. */
  readonly route: { readonly bucketName: string; readonly objectArn: string };
  /** Host of the bucket in which the other region says it of this one. */
  readonly otherRouteHost: string;
  /** `<app>-<stage>`: of the metric. */
  readonly metricNamespace: string;
  readonly logRetentionDays: number;
  readonly topicArn: string;
}

const METRIC_NAME = 'OtherRegionIll';

/**
 * Looks once a minute whether the other region is ill, by three observers, and says so in a metric. The alarm on it counts the looks: with the mode
 * `automatic` the function moves traffic away while that stands.
 */
export class RegionWatch extends Construct {
  constructor(scope: Construct, id: string, props: RegionWatchProps) {
    super(scope, id);
    const { name, otherRegion, mode, checks, journeyAlarmNames: journeys, route, metricNamespace } = props;
    scheduledFunction(this, {
      name,
      roleName: props.roleName,
      description: `Looks whether ${otherRegion} is ill${mode === 'automatic' ? ', and moves traffic here if it is' : ''}`,
      bundle: props.bundle,
      variables: {
        MODE: mode,
        OTHER_REGION: otherRegion,
        OTHER_CHECKS: JSON.stringify(checks.other),
        OWN_CHECKS: JSON.stringify(checks.own),
        PUBLIC_CHECKS: JSON.stringify(checks.public),
        // The other region finds by journeys itself, too, whether it is ill.
        SICK_ALARMS: JSON.stringify([...props.sickAlarmNames, ...(journeys ? [journeys.other] : [])]),
        ...(journeys && { OTHER_JOURNEYS_ALARM: journeys.other, OWN_JOURNEYS_ALARM: journeys.own }),
        ALARM_NAME: name,
        ROUTE_BUCKET: route.bucketName,
        OTHER_ROUTE_HOST: props.otherRouteHost,
        METRIC_NAMESPACE: metricNamespace,
        METRIC_NAME,
      },
      permissions: [
        // Composite alarms are described to those only who may describe all: Amazon CloudWatch API Reference, "DescribeAlarms".
        { actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] },
        {
          actions: mode === 'automatic' ? ['s3:GetObject', 's3:PutObject'] : ['s3:GetObject'],
          resources: [route.objectArn],
        },
      ],
      logRetentionDays: props.logRetentionDays,
      logKeyArn: props.logKeyArn,
      variablesKeyArn: props.variablesKeyArn,
    });
    new MetricAlarm(this, 'ill', {
      alarmName: name,
      description:
        `Two of three observers say that ${otherRegion} is ill: its own names, the public names, its alarms. ` +
        (mode === 'automatic' ? 'Traffic moves here now.' : 'Nothing moves traffic: two-region route-away does.'),
      watched: { namespace: metricNamespace, name: METRIC_NAME, dimensions: {}, statistic: 'Maximum' },
      above: 0,
      missingData: 'notBreaching',
      topicArn: props.topicArn,
    });
  }
}
