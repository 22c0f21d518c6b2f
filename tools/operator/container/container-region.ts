import * as z from 'zod/mini';
import { CONTAINER_NAME, TASK_PORT } from '#constructs/container/task-target.ts';
import { unless } from '#operator/aws/setting.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { containerName } from '#stacks/naming.ts';
import { type AskAws, awsJson } from './aws-json.ts';

/** A task definition that Terraform made: what a task is, its image by digest. */
export interface TaskDefinition {
  /** `arn:aws:ecs:…:task-definition/NAME:7` */
  readonly arn: string;
  /** `sha256:…` */
  readonly digest: string;
}

/**
 * How far a deployment is: its tasks start, are ready for traffic, get it, have it (and those before them still run), or it is over: `done` with traffic,
 * `failed` without.
 */
export type Phase = 'done' | 'failed' | 'moved' | 'moving' | 'ready' | 'starting';

/** A deployment of CodeDeploy. */
export interface Deployment {
  readonly id: string;
  readonly phase: Phase;
  /** Of what it deploys. */
  readonly taskDefinition: string;
  /** Why it failed. */
  readonly problem?: string;
}

/** What serves clients, and how much of it. */
export interface ServingTasks {
  /** ARN. */
  readonly taskDefinition: string;
  readonly running: number;
  readonly desired: number;
}

/** The container API of one region, as commands see it. */
export interface ContainerRegion {
  readonly regionType: RegionType;
  readonly region: string;
  /** What Terraform made last. @returns undefined where the stack is not deployed */
  newest(): Promise<TaskDefinition | undefined>;
  /** What has the traffic. @returns undefined where there is no service */
  service(): Promise<ServingTasks | undefined>;
  definition(arn: string): Promise<TaskDefinition>;
  /** Whether the region's repository has an image. */
  hasImage(digest: string): Promise<boolean>;
  /** The deployment that is not over. */
  current(): Promise<Deployment | undefined>;
  deployment(id: string): Promise<Deployment>;
  /** What had the traffic before what has it now. */
  earlier(serving: string): Promise<string | undefined>;
  /** Starts tasks beside those that serve. @returns the deployment's id */
  create(taskDefinition: string): Promise<string>;
  /** Lets a deployment that is ready have the traffic. */
  goOn(id: string): Promise<void>;
  /** Ends a deployment, and gives the traffic back where it has it. */
  stop(id: string): Promise<void>;
}

const definitionSchema = z.object({
  taskDefinition: z.object({
    taskDefinitionArn: z.string(),
    containerDefinitions: z.array(z.object({ image: z.string() })),
  }),
});
const servicesSchema = z.object({
  services: z.array(
    z.object({
      taskDefinition: z.optional(z.string()),
      status: z._default(z.string(), 'ACTIVE'),
      runningCount: z._default(z.int(), 0),
      desiredCount: z._default(z.int(), 0),
      taskSets: z.optional(z.array(z.object({ status: z.string(), taskDefinition: z.string() }))),
    }),
  ),
});
const listSchema = z.object({ deployments: z._default(z.array(z.string()), []) });
const deploymentSchema = z.object({
  deploymentInfo: z.object({
    status: z.string(),
    revision: z.object({ appSpecContent: z.object({ content: z.string() }) }),
    errorInformation: z.optional(z.object({ message: z.optional(z.string()) })),
  }),
});
const targetSchema = z.object({
  deploymentTarget: z.object({
    ecsTarget: z.object({
      lifecycleEvents: z._default(z.array(z.object({ lifecycleEventName: z.string(), status: z.string() })), []),
    }),
  }),
});
const createdSchema = z.object({ deploymentId: z.string() });
const appSpecSchema = z.object({
  Resources: z.array(z.object({ TargetService: z.object({ Properties: z.object({ TaskDefinition: z.string() }) }) })),
});

/** Those of a deployment that is not over. Source: AWS CodeDeploy API Reference, "ListDeployments", includeOnlyStatuses. */
const UNDER_WAY = ['Created', 'Queued', 'InProgress', 'Ready'];

/** @param ask - @default - the region's own services */
export function containerRegion(
  context: StageContext,
  regionType: RegionType,
  ask: AskAws = awsJson(context, inRegion(context, regionType).region),
): ContainerRegion {
  const name = containerName(context);
  const group = { applicationName: name, deploymentGroupName: name };
  const definition = async (taskDefinition: string): Promise<TaskDefinition> => {
    const found = definitionSchema.parse(await ask('ecs', 'DescribeTaskDefinition', { taskDefinition }));
    const { taskDefinitionArn: arn, containerDefinitions } = found.taskDefinition;
    return { arn, digest: containerDefinitions[0]?.image.replace(/^[^@]*@/, '') ?? '' };
  };
  const deployment = async (id: string): Promise<Deployment> => {
    const [found, target] = await Promise.all([
      ask('codedeploy', 'GetDeployment', { deploymentId: id }),
      unless(
        ['DeploymentTargetDoesNotExistException', 'DeploymentNotStartedException'],
        ask('codedeploy', 'GetDeploymentTarget', { deploymentId: id, targetId: `${name}:${name}` }),
      ),
    ]);
    const { status, revision, errorInformation } = deploymentSchema.parse(found).deploymentInfo;
    const events = target === undefined ? [] : targetSchema.parse(target).deploymentTarget.ecsTarget.lifecycleEvents;
    return {
      id,
      phase: phaseOf(status, events.find(({ lifecycleEventName }) => lifecycleEventName === 'AllowTraffic')?.status),
      taskDefinition: deployedBy(revision.appSpecContent.content),
      ...(errorInformation?.message !== undefined && { problem: errorInformation.message }),
    };
  };
  const list = async (includeOnlyStatuses: readonly string[]) =>
    listSchema.parse(await ask('codedeploy', 'ListDeployments', { ...group, includeOnlyStatuses })).deployments;
  return {
    regionType,
    region: inRegion(context, regionType).region,
    newest: () => unless(['ClientException'], definition(name)),
    definition,
    service: async () => {
      const asked = ask('ecs', 'DescribeServices', { cluster: name, services: [name] });
      const answer = await unless(['ClusterNotFoundException'], asked);
      const found = answer === undefined ? [] : servicesSchema.parse(answer).services;
      const service = found.find(({ status }) => status !== 'INACTIVE');
      const primary = service?.taskSets?.find(({ status }) => status === 'PRIMARY');
      const taskDefinition = primary?.taskDefinition ?? service?.taskDefinition;
      if (service === undefined || taskDefinition === undefined) return undefined;
      return { taskDefinition, running: service.runningCount, desired: service.desiredCount };
    },
    hasImage: async (imageDigest) => {
      const wanted = { repositoryName: name, imageIds: [{ imageDigest }] };
      return (await unless(['ImageNotFoundException'], ask('ecr', 'DescribeImages', wanted))) !== undefined;
    },
    current: async () => {
      // CodeDeploy takes one deployment of a group at a time.
      const [id] = await list(UNDER_WAY);
      return id === undefined ? undefined : deployment(id);
    },
    deployment,
    earlier: async (serving) => {
      // The newest first.
      for (const id of await list(['Succeeded'])) {
        const { taskDefinition } = await deployment(id);
        if (taskDefinition !== serving) return taskDefinition;
      }
      return undefined;
    },
    create: async (taskDefinition) => {
      const revision = { revisionType: 'AppSpecContent', appSpecContent: { content: appSpec(taskDefinition) } };
      const answer = await ask('codedeploy', 'CreateDeployment', { ...group, revision });
      return createdSchema.parse(answer).deploymentId;
    },
    goOn: async (deploymentId) => {
      await ask('codedeploy', 'ContinueDeployment', { deploymentId, deploymentWaitType: 'READY_WAIT' });
    },
    stop: async (deploymentId) => {
      await ask('codedeploy', 'StopDeployment', { deploymentId, autoRollbackEnabled: true });
    },
  };
}

/** @param shift - status of the event in which traffic moves */
function phaseOf(status: string, shift: string | undefined): Phase {
  if (status === 'Succeeded') return 'done';
  if (status === 'Failed' || status === 'Stopped') return 'failed';
  if (status === 'Ready') return 'ready';
  if (shift === 'Succeeded') return 'moved';
  return shift === 'InProgress' ? 'moving' : 'starting';
}

/** Source: AWS CodeDeploy User Guide, "AppSpec 'resources' section (Amazon ECS)". */
function appSpec(TaskDefinition: string): string {
  const LoadBalancerInfo = { ContainerName: CONTAINER_NAME, ContainerPort: TASK_PORT };
  const Properties = { TaskDefinition, LoadBalancerInfo };
  return JSON.stringify({ version: 1, Resources: [{ TargetService: { Type: 'AWS::ECS::Service', Properties } }] });
}

function deployedBy(content: string): string {
  const spec = appSpecSchema.parse(JSON.parse(content));
  return spec.Resources[0]?.TargetService.Properties.TaskDefinition ?? '';
}
