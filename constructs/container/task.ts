import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { EcsTaskDefinition } from '@cdktf/provider-aws/lib/ecs-task-definition';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import { Construct } from 'constructs';
import { assumedByService } from '#constructs/assume-role.ts';
import type { FunctionAccess } from '#constructs/function-access.ts';
import type { Repository } from './repository.ts';
import { CONTAINER_NAME, TASK_PORT } from './task-target.ts';

export interface TaskProps {
  /** Family of the task definition. */
  readonly family: string;
  readonly roleName: (what: string) => string;
  readonly region: string;
  readonly repository: Repository;
  /** `sha256:…`: a tag says less. */
  readonly imageDigest: string;
  /** Fargate's: 1024 are a processor. Memory is twice as many MB, which each of its sizes takes. */
  readonly cpuUnits: number;
  /** What the operations and the service itself read and use. */
  readonly access: FunctionAccess;
  /** Beside what access names. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroupName: string;
  readonly logRetentionDays: number;
  /** Of the log group: ARN of a key of its region. @default - the service's own key */
  readonly logKeyArn?: string | undefined;
  readonly accountId: string;
  /** `aws` */
  readonly partition: string;
}

/** ECS's default; the service ends within 25 s: DRAIN_SECONDS of container/settings.ts. */
const STOP_SECONDS = 30;

/**
 * What a task is: the image, what it is told, what it may do. The task's role is what operations declare, no more; the execution role, by which ECS
 * starts it, pulls this image and writes this log. Definitions that are replaced stay, as a rollback goes back to one.
 *
 * Source: Amazon ECS Developer Guide, "Task definition parameters for Fargate", "Task execution IAM role".
 */
export class Task extends Construct {
  readonly definition: EcsTaskDefinition;
  readonly roleArns: readonly string[];
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: TaskProps) {
    super(scope, id);
    const log = new CloudwatchLogGroup(this, 'log', {
      name: props.logGroupName,
      retentionInDays: props.logRetentionDays,
      kmsKeyId: props.logKeyArn,
    });
    const { accountId, partition, region } = props;
    const trust = assumedByService(this, 'ecs-tasks.amazonaws.com', {
      accountId,
      arn: `arn:${partition}:ecs:${region}:${accountId}:*`,
    });
    const role = (what: string, statement: readonly { actions: string[]; resources: string[] }[]) => {
      const { name, arn } = new IamRole(this, `${what}-role`, {
        name: props.roleName(what),
        assumeRolePolicy: trust,
      });
      const { json } = new DataAwsIamPolicyDocument(this, `${what}-permissions`, { statement: [...statement] });
      new IamRolePolicy(this, `${what}-policy`, { name: what, role: name, policy: json });
      return arn;
    };
    const taskRoleArn = role('task', props.access.statements);
    const executionRoleArn = role('execution', [
      // Of the registry as a whole: it takes no resource.
      { actions: ['ecr:GetAuthorizationToken'], resources: ['*'] },
      {
        actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        resources: [props.repository.arn],
      },
      { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [`${log.arn}:*`] },
    ]);
    const environment = { ...props.environment, ...props.access.environment, PORT: String(TASK_PORT) };
    const container = {
      name: CONTAINER_NAME,
      image: `${props.repository.url}@${props.imageDigest}`,
      essential: true,
      environment: Object.entries(environment)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, value]) => ({ name, value })),
      portMappings: [{ containerPort: TASK_PORT, hostPort: TASK_PORT, protocol: 'tcp' }],
      readonlyRootFilesystem: true,
      stopTimeout: STOP_SECONDS,
      healthCheck: {
        command: ['CMD', '/nodejs/bin/node', '/service/probe.cjs'],
        interval: 10,
        timeout: 5,
        retries: 3,
        startPeriod: 10,
      },
      logConfiguration: {
        logDriver: 'awslogs',
        options: {
          'awslogs-group': log.name,
          'awslogs-region': props.region,
          'awslogs-stream-prefix': CONTAINER_NAME,
          // A log that cannot be written holds up no request.
          mode: 'non-blocking',
          'max-buffer-size': '25m',
        },
      },
    };
    this.definition = new EcsTaskDefinition(this, 'definition', {
      family: props.family,
      requiresCompatibilities: ['FARGATE'],
      networkMode: 'awsvpc',
      cpu: String(props.cpuUnits),
      memory: String(2 * props.cpuUnits),
      runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' },
      taskRoleArn,
      executionRoleArn,
      containerDefinitions: JSON.stringify([container]),
      skipDestroy: true,
    });
    this.roleArns = [taskRoleArn, executionRoleArn];
    this.logGroupName = log.name;
  }
}
