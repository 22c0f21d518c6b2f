import { Construct } from 'constructs';
import type { FunctionBundle } from '#constructs/bundle/function-bundle.ts';
import { type FunctionKeys, scheduledFunction } from '#constructs/scheduled-function.ts';
import { MetricAlarm } from '#constructs/watch/metric-alarm.ts';

export interface RouteLatchProps extends FunctionKeys {
  /** Of the function, its schedule and its alarm. */
  readonly name: string;
  readonly roleName: string;
  readonly bundle: FunctionBundle;
  readonly publicName: string;
  /** Where this region says whether traffic keeps away from the other one. */
  readonly route: { readonly bucketName: string; readonly objectArn: string };
  /** Host of the bucket in which the other region says it of this one. */
  readonly otherRouteHost: string;
  /** `<app>-<stage>`: of the metric. */
  readonly metricNamespace: string;
  readonly logRetentionDays: number;
  readonly topicArn: string;
}

const METRIC_NAME = 'TrafficHeld';

/**
 * Looks once a minute whether a failover has brought traffic to this region, and holds it here: a function that may write its region's route and its own
 * log, and nothing else.
 */
export class RouteLatch extends Construct {
  constructor(scope: Construct, id: string, props: RouteLatchProps) {
    super(scope, id);
    const { name, route, metricNamespace, topicArn } = props;
    scheduledFunction(this, {
      name,
      roleName: props.roleName,
      description: 'Holds traffic in this region where a failover has brought it',
      bundle: props.bundle,
      variables: {
        PUBLIC_NAME: props.publicName,
        ROUTE_BUCKET: route.bucketName,
        OTHER_ROUTE_HOST: props.otherRouteHost,
        METRIC_NAMESPACE: metricNamespace,
        METRIC_NAME,
      },
      permissions: [{ actions: ['s3:GetObject', 's3:PutObject'], resources: [route.objectArn] }],
      logRetentionDays: props.logRetentionDays,
      logKeyArn: props.logKeyArn,
      variablesKeyArn: props.variablesKeyArn,
    });
    new MetricAlarm(this, 'held', {
      alarmName: name,
      description:
        'A failover has happened and traffic is held in this region until route-back, or the function that looks whether there was one does not run.',
      watched: { namespace: metricNamespace, name: METRIC_NAME, dimensions: {}, statistic: 'Maximum' },
      above: 0,
      periods: { bad: 2, of: 3 },
      missingData: 'breaching',
      topicArn,
    });
  }
}
