import { CodedeployApp } from '@cdktf/provider-aws/lib/codedeploy-app';
import { CodedeployDeploymentGroup } from '@cdktf/provider-aws/lib/codedeploy-deployment-group';
import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { assumedByService } from '#constructs/assume-role.ts';
import type { LoadBalancer } from './load-balancer.ts';
import { Service, type ServiceProps } from './service.ts';

export interface BlueGreenServiceProps extends Omit<ServiceProps, 'deploymentController'> {
  /** For what CodeDeploy takes its role: this deployment group. Source: AWS CodeDeploy User Guide, "Cross-service confused deputy prevention". */
  readonly actsFor: { readonly accountId: string; readonly arn: string };
  /** Of CodeDeploy's application and deployment group; the role has a name of its own. */
  readonly roleName: string;
  /** How traffic moves: all of it, a tenth for five minutes first, or a tenth a minute. */
  readonly shift: 'all-at-once' | 'canary' | 'linear';
  /** Minutes that tasks without traffic any more still run: a rollback within them is at once. */
  readonly keepMinutes: number;
  /** Alarms that end a deployment and roll it back. */
  readonly alarms: { readonly names: readonly string[]; readonly resources: readonly ITerraformDependable[] };
}

/** Minutes that new tasks wait for traffic, two days, CodeDeploy's longest: then the deployment ends and traffic has stayed. */
const READY_MINUTES = 2880;

/** Configurations that CodeDeploy has by itself. Source: AWS CodeDeploy User Guide, "Deployment configurations on an Amazon ECS compute platform". */
const CONFIGURATIONS = {
  'all-at-once': 'CodeDeployDefault.ECSAllAtOnce',
  canary: 'CodeDeployDefault.ECSCanary10Percent5Minutes',
  linear: 'CodeDeployDefault.ECSLinear10PercentEvery1Minutes',
} as const;

/**
 * The one construct that knows how a new image comes to have traffic: CodeDeploy starts tasks beside those that serve, behind the test listener, and
 * waits to be told; then it moves the listener, watches alarms, keeps the old tasks for a while, and goes back to them if an alarm says so. ECS's own
 * blue/green, which needs a provider of 6.4 or newer, would be another construct of these properties.
 *
 * Source: AWS CodeDeploy API Reference, "CreateDeploymentGroup"; Amazon ECS Developer Guide, "Amazon ECS CodeDeploy IAM role".
 */
export class BlueGreenService extends Construct {
  readonly clusterName: string;
  readonly serviceName: string;

  constructor(scope: Construct, id: string, props: BlueGreenServiceProps) {
    super(scope, id);
    const { name, balancer, task, alarms } = props;
    const { clusterName, serviceName } = new Service(this, 'service', {
      ...props,
      deploymentController: 'CODE_DEPLOY',
    });
    const role = new IamRole(this, 'role', {
      name: props.roleName,
      assumeRolePolicy: assumedByService(this, 'codedeploy.amazonaws.com', props.actsFor),
    });
    const policy = new IamRolePolicy(this, 'policy', {
      name: 'blue-green',
      role: role.name,
      policy: permissionsOf(this, balancer, task.roleArns),
    });
    const application = new CodedeployApp(this, 'application', { name, computePlatform: 'ECS' });
    new CodedeployDeploymentGroup(this, 'group', {
      appName: application.name,
      deploymentGroupName: name,
      deploymentConfigName: CONFIGURATIONS[props.shift],
      serviceRoleArn: role.arn,
      deploymentStyle: { deploymentOption: 'WITH_TRAFFIC_CONTROL', deploymentType: 'BLUE_GREEN' },
      blueGreenDeploymentConfig: {
        deploymentReadyOption: { actionOnTimeout: 'STOP_DEPLOYMENT', waitTimeInMinutes: READY_MINUTES },
        terminateBlueInstancesOnDeploymentSuccess: {
          action: 'TERMINATE',
          terminationWaitTimeInMinutes: props.keepMinutes,
        },
      },
      autoRollbackConfiguration: {
        enabled: true,
        events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
      },
      alarmConfiguration: { enabled: true, alarms: [...alarms.names] },
      ecsService: { clusterName, serviceName },
      loadBalancerInfo: {
        targetGroupPairInfo: {
          prodTrafficRoute: { listenerArns: [balancer.listeners.production.arn] },
          testTrafficRoute: { listenerArns: [balancer.listeners.test.arn] },
          targetGroup: [{ name: balancer.targetGroups.blue.name }, { name: balancer.targetGroups.green.name }],
        },
      },
      dependsOn: [policy, ...alarms.resources],
    });
    this.clusterName = clusterName;
    this.serviceName = serviceName;
  }
}

/** What AWS's own policy AWSCodeDeployRoleForECS grants, of these listeners and roles, and nothing of functions, topics and objects. */
function permissionsOf(scope: Construct, { listeners }: LoadBalancer, roleArns: readonly string[]): string {
  return new DataAwsIamPolicyDocument(scope, 'permissions', {
    statement: [
      {
        actions: [
          'ecs:CreateTaskSet',
          'ecs:DeleteTaskSet',
          'ecs:DescribeServices',
          'ecs:UpdateServicePrimaryTaskSet',
          'cloudwatch:DescribeAlarms',
          // Reads of Elastic Load Balancing take no resource.
          'elasticloadbalancing:DescribeListeners',
          'elasticloadbalancing:DescribeRules',
          'elasticloadbalancing:DescribeTargetGroups',
        ],
        resources: ['*'],
      },
      {
        actions: ['elasticloadbalancing:ModifyListener'],
        resources: [listeners.production.arn, listeners.test.arn],
      },
      {
        actions: ['iam:PassRole'],
        resources: [...roleArns],
        condition: [{ test: 'StringEquals', variable: 'iam:PassedToService', values: ['ecs-tasks.amazonaws.com'] }],
      },
    ],
  }).json;
}
