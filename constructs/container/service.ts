import { AppautoscalingPolicy } from '@cdktf/provider-aws/lib/appautoscaling-policy';
import { AppautoscalingTarget } from '@cdktf/provider-aws/lib/appautoscaling-target';
import { EcsCluster } from '@cdktf/provider-aws/lib/ecs-cluster';
import { EcsService } from '@cdktf/provider-aws/lib/ecs-service';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { Construct } from 'constructs';
import type { LoadBalancer } from './load-balancer.ts';
import type { Network } from './network.ts';
import type { Task } from './task.ts';
import { CONTAINER_NAME, TASK_PORT } from './task-target.ts';

export interface ServiceProps {
  /** Of the cluster and the service. */
  readonly name: string;
  readonly network: Network;
  readonly balancer: LoadBalancer;
  readonly task: Task;
  /** Tasks at least and at most. */
  readonly tasks: { readonly minimum: number; readonly maximum: number };
  /**
   * Who puts other tasks in the place of those that run: `CODE_DEPLOY` leaves the tasks and the listeners' target groups to CodeDeploy from the first
   * moment on.
   */
  readonly deploymentController: 'CODE_DEPLOY';
}

/** Percent of the processor, and of the memory, that autoscaling aims at. */
const TARGET_PERCENT = 70;

/** Percents by name of what autoscaling watches. */
const SCALED_BY = { cpu: 'ECSServiceAverageCPUUtilization', memory: 'ECSServiceAverageMemoryUtilization' };

/** Until a task that starts is asked. Source: the image's own start period, and some for Fargate. */
const GRACE_SECONDS = 30;

/**
 * An ECS service on Fargate, behind a load balancer, with as many tasks as keep processor and memory at 70 %. What runs in it and how many changes behind
 * Terraform's back, so it is told once.
 *
 * Source: Amazon ECS Developer Guide, "Target tracking scaling policies"; terraform-provider-aws#12703: a service that CodeDeploy deploys refuses another
 * task definition.
 */
export class Service extends Construct {
  readonly clusterName: string;
  readonly serviceName: string;

  constructor(scope: Construct, id: string, props: ServiceProps) {
    super(scope, id);
    const { name, network, balancer, task, tasks } = props;
    const cluster = new EcsCluster(this, 'cluster', { name });
    const { id: groupId } = new SecurityGroup(this, 'security-group', {
      name: `${name}-tasks`,
      description: 'From the load balancer, to AWS by HTTPS',
      vpcId: network.vpcId,
      ingress: [
        { protocol: 'tcp', fromPort: TASK_PORT, toPort: TASK_PORT, securityGroups: [balancer.securityGroupId] },
      ],
      egress: [{ protocol: 'tcp', fromPort: 443, toPort: 443, cidrBlocks: ['0.0.0.0/0'] }],
      tags: { Name: `${name}-tasks` },
    });
    const service = new EcsService(this, 'service', {
      name,
      cluster: cluster.id,
      taskDefinition: task.definition.arn,
      desiredCount: tasks.minimum,
      launchType: 'FARGATE',
      deploymentController: { type: props.deploymentController },
      healthCheckGracePeriodSeconds: GRACE_SECONDS,
      propagateTags: 'SERVICE',
      networkConfiguration: {
        subnets: [...network.privateSubnetIds],
        securityGroups: [groupId],
        assignPublicIp: false,
      },
      loadBalancer: [
        {
          targetGroupArn: balancer.targetGroups.blue.arn,
          containerName: CONTAINER_NAME,
          containerPort: TASK_PORT,
        },
      ],
      lifecycle: { ignoreChanges: ['desired_count', 'load_balancer', 'task_definition'] },
      // A target group takes targets only when a listener leads to it.
      dependsOn: [balancer.listeners.production, balancer.listeners.test],
    });
    const target = new AppautoscalingTarget(this, 'scaling', {
      serviceNamespace: 'ecs',
      resourceId: `service/${cluster.name}/${service.name}`,
      scalableDimension: 'ecs:service:DesiredCount',
      minCapacity: tasks.minimum,
      maxCapacity: tasks.maximum,
    });
    for (const [what, predefinedMetricType] of Object.entries(SCALED_BY)) {
      new AppautoscalingPolicy(this, `by-${what}`, {
        name: `${name}-${what}`,
        policyType: 'TargetTrackingScaling',
        serviceNamespace: target.serviceNamespace,
        resourceId: target.resourceId,
        scalableDimension: target.scalableDimension,
        targetTrackingScalingPolicyConfiguration: {
          targetValue: TARGET_PERCENT,
          predefinedMetricSpecification: { predefinedMetricType },
        },
      });
    }
    this.clusterName = cluster.name;
    this.serviceName = service.name;
  }
}
