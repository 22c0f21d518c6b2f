import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { Construct } from 'constructs';
import { assumedByService } from '#constructs/assume-role.ts';
import type { FunctionBundle } from '#constructs/function-bundle.ts';
import { zippedBundle } from '#constructs/function-package.ts';
import { MetricAlarm } from '#constructs/watch/metric-alarm.ts';

export interface RouteLatchProps {
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
 * log, and nothing else. Its package is uploaded with it: it belongs to no release.
 */
export class RouteLatch extends Construct {
  constructor(scope: Construct, id: string, props: RouteLatchProps) {
    super(scope, id);
    const { name, bundle, route, metricNamespace, topicArn } = props;
    const logGroup = new CloudwatchLogGroup(this, 'log-group', {
      name: `/aws/lambda/${name}`,
      retentionInDays: props.logRetentionDays,
    });
    const role = new IamRole(this, 'role', {
      name: props.roleName,
      assumeRolePolicy: assumedByService(this, 'lambda.amazonaws.com'),
    });
    const policy = new IamRolePolicy(this, 'policy', {
      name: 'function',
      role: role.name,
      policy: new DataAwsIamPolicyDocument(this, 'permissions', {
        statement: [
          { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [`${logGroup.arn}:*`] },
          { actions: ['s3:GetObject', 's3:PutObject'], resources: [route.objectArn] },
        ],
      }).json,
    });
    const archive = zippedBundle(this, bundle);
    const { arn, functionName } = new LambdaFunction(this, 'function', {
      functionName: name,
      description: 'Holds traffic in this region where a failover has brought it',
      role: role.arn,
      runtime: 'nodejs22.x',
      architectures: ['arm64'],
      handler: 'index.handler',
      filename: archive.outputPath,
      sourceCodeHash: archive.outputBase64Sha256,
      memorySize: 256,
      timeout: 30,
      environment: {
        variables: {
          PUBLIC_NAME: props.publicName,
          ROUTE_BUCKET: route.bucketName,
          OTHER_ROUTE_HOST: props.otherRouteHost,
          METRIC_NAMESPACE: metricNamespace,
          METRIC_NAME,
        },
      },
      dependsOn: [policy, logGroup],
    });
    const schedule = new CloudwatchEventRule(this, 'schedule', { name, scheduleExpression: 'rate(1 minute)' });
    const permission = new LambdaPermission(this, 'may-be-scheduled', {
      statementId: 'schedule',
      action: 'lambda:InvokeFunction',
      functionName,
      principal: 'events.amazonaws.com',
      sourceArn: schedule.arn,
    });
    new CloudwatchEventTarget(this, 'target', { rule: schedule.name, arn, dependsOn: [permission] });
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
