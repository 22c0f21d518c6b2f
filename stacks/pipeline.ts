import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';
import { ArtifactStore } from '#constructs/pipeline/artifact-store.ts';
import { BuildProject, type BuildProjectProps } from '#constructs/pipeline/build-project.ts';
import { Pipeline } from '#constructs/pipeline/pipeline.ts';
import type { Base } from './base.ts';
import { inRegion, isProtected, type StageContext } from './context.ts';
import { BUILD_LOGS, bucketName, PIPELINE, pipelineName, prefix, roleName } from './naming.ts';
import { stagePolicy, type Task } from './permissions/stage-policy.ts';
import { partitionOf } from './settings/partitions.ts';
import { stageParameter } from './stage-parameter.ts';
import { createStack } from './stage-stack.ts';

/** Where buildspecs are. */
const BUILDSPECS = '.ci/pipeline';

/** A deploy of all stacks waits for tables, certificates and distributions; a staggered switch for whoever watches. CodeBuild's longest is 36 hours. */
const MINUTES = { check: 90, build: 60, plan: 60, deploy: 180, switch: 480 } as const;

/** Of the resources that this stack declares, and not every other stage. */
export const PIPELINE_TYPES: readonly string[] = [
  'aws_cloudwatch_event_rule',
  'aws_cloudwatch_event_target',
  'aws_codebuild_project',
  'aws_codepipeline',
  'aws_iam_policy',
  'aws_iam_role_policy_attachment',
];

/**
 * `<stage>-pipeline`: the pipeline that releases the APIs, by the same commands as a person, with the rights that `two-region permissions` names for each
 * of its steps. It is in the secondary region: whoever has lost the primary one can still release.
 */
export function createPipelineStack(
  scope: Construct,
  context: StageContext,
  { alarmTopicArn: topicArn }: Pick<Base, 'alarmTopicArn'>,
): void {
  const { settings, stage } = context;
  const { pipeline } = settings;
  if (!pipeline.isActive) return;
  const { region } = inRegion(context, 'secondary');
  const { stack } = createStack(scope, context, PIPELINE, region);
  const { accountId } = new DataAwsCallerIdentity(stack, 'account');
  const place = { accountId, region, partition: partitionOf(region) };
  const connectionArn = stageParameter(stack, context, 'pipeline_connection_arn');
  const secondary = inRegion(context, 'secondary');
  const artifacts = new ArtifactStore(stack, 'artifacts', {
    ...place,
    bucketName: bucketName(secondary, PIPELINE, accountId),
    keyAlias: pipelineName(context),
    forceDestroy: !isProtected(stage),
  });
  const projectOf = (name: keyof typeof MINUTES, description: string, policy?: BuildProjectProps['policy']) =>
    new BuildProject(stack, name, {
      ...place,
      projectName: `${pipelineName(context)}-${name}`,
      roleName: roleName(secondary, `${PIPELINE}-${name}`),
      description: `${prefix(context)}: ${description}`,
      buildspec: `${BUILDSPECS}/${name}.yml`,
      timeoutMinutes: MINUTES[name],
      logGroupName: `${BUILD_LOGS}${pipelineName(context)}-${name}`,
      logRetentionDays: settings.logRetentionDays,
      artifacts,
      ...(policy && { policy }),
    });
  // A deploy by the pipeline applies this stack, too, whose resources are not declared yet.
  const types = [...resourceTypes(scope), ...PIPELINE_TYPES];
  const policyOf = (task: Task) => stagePolicy(context, task, types, accountId).Statement;
  const STAGE = { STAGE: stage };
  new Pipeline(stack, 'pipeline', {
    ...place,
    pipelineName: pipelineName(context),
    roleName: roleName(secondary, PIPELINE),
    artifacts,
    connectionArn,
    repository: pipeline.repository,
    branch: pipeline.branch,
    startsOnPush: pipeline.pushStages.includes(stage),
    variables: {
      stagger: 'How long one region is watched before the other one follows, such as 15m; none: both at once',
    },
    question: `Move the live traffic of ${stage} to what was deployed? The artifact of the action plan says what has changed.`,
    steps: {
      check: { project: projectOf('check', 'lint and tests') },
      build: { project: projectOf('build', 'packs the release, once for both regions'), variables: STAGE },
      plan: { project: projectOf('plan', 'what a deploy would change', policyOf('plans')), variables: STAGE },
      deploy: {
        project: projectOf('deploy', 'deploys to the idle environment', policyOf('deploys')),
        variables: STAGE,
      },
      switch: {
        project: projectOf('switch', 'moves live traffic', policyOf('switches')),
        variables: { ...STAGE, ENVIRONMENT: '#{deploy.ENVIRONMENT}', STAGGER: '#{variables.stagger}' },
      },
    },
    topicArn,
  });
}

/** Of every resource that the stage's stacks declare so far. */
function resourceTypes(scope: Construct): readonly string[] {
  return scope.node
    .findAll()
    .flatMap((each) => (TerraformResource.isTerraformResource(each) ? [each.terraformResourceType] : []));
}
