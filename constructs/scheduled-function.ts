import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import type { Construct } from 'constructs';
import type { FunctionBundle } from '#constructs/bundle/function-bundle.ts';
import { assumedByService } from './assume-role.ts';
import { zippedBundle } from './function-package.ts';

/** ARNs of keys of the function's region. @default - the services' own keys */
export interface FunctionKeys {
  readonly logKeyArn?: string | undefined;
  readonly variablesKeyArn?: string | undefined;
}

export interface ScheduledFunctionProps extends FunctionKeys {
  /** Of the function and its schedule. */
  readonly name: string;
  readonly roleName: string;
  readonly description: string;
  readonly bundle: FunctionBundle;
  readonly variables: Readonly<Record<string, string>>;
  /** What it may do, beside writing its log. */
  readonly permissions: readonly { readonly actions: string[]; readonly resources: string[] }[];
  readonly logRetentionDays: number;
  /** How often it is invoked. @default 1 */
  readonly minutes?: number;
}

/**
 * Declares, in a construct, a function that EventBridge invokes once a minute, or more seldom, with log and role. Its package is uploaded with it: it belongs to no
 * release, and has no alias.
 */
export function scheduledFunction(scope: Construct, props: ScheduledFunctionProps): void {
  const { name, minutes = 1 } = props;
  const logGroup = new CloudwatchLogGroup(scope, 'log-group', {
    name: `/aws/lambda/${name}`,
    retentionInDays: props.logRetentionDays,
    kmsKeyId: props.logKeyArn,
  });
  const role = new IamRole(scope, 'role', {
    name: props.roleName,
    assumeRolePolicy: assumedByService(scope, 'lambda.amazonaws.com'),
  });
  const policy = new IamRolePolicy(scope, 'policy', {
    name: 'function',
    role: role.name,
    policy: new DataAwsIamPolicyDocument(scope, 'permissions', {
      statement: [
        { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [`${logGroup.arn}:*`] },
        ...props.permissions,
      ],
    }).json,
  });
  const archive = zippedBundle(scope, props.bundle);
  const { arn, functionName } = new LambdaFunction(scope, 'function', {
    functionName: name,
    description: props.description,
    role: role.arn,
    runtime: 'nodejs22.x',
    architectures: ['arm64'],
    handler: 'index.handler',
    filename: archive.outputPath,
    sourceCodeHash: archive.outputBase64Sha256,
    memorySize: 256,
    timeout: 30,
    environment: { variables: { ...props.variables } },
    kmsKeyArn: props.variablesKeyArn,
    dependsOn: [policy, logGroup],
  });
  // Source: Amazon EventBridge User Guide, "Schedule patterns": one has no plural.
  const scheduleExpression = `rate(${minutes} ${minutes === 1 ? 'minute' : 'minutes'})`;
  const schedule = new CloudwatchEventRule(scope, 'schedule', { name, scheduleExpression });
  const permission = new LambdaPermission(scope, 'may-be-scheduled', {
    statementId: 'schedule',
    action: 'lambda:InvokeFunction',
    functionName,
    principal: 'events.amazonaws.com',
    sourceArn: schedule.arn,
  });
  new CloudwatchEventTarget(scope, 'target', { rule: schedule.name, arn, dependsOn: [permission] });
}
