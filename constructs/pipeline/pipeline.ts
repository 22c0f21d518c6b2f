import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target';
import { Codepipeline, type CodepipelineStageAction } from '@cdktf/provider-aws/lib/codepipeline';
import { Construct } from 'constructs';
import type { ArtifactStore } from './artifact-store.ts';
import type { BuildProject } from './build-project.ts';
import { ServiceRole } from './service-role.ts';

/** Commands that a step runs, and what they are given. */
interface PipelineStep {
  readonly project: BuildProject;
  /** Environment variables: of the pipeline's variables and of what former steps exported, too. @default - none */
  readonly variables?: Readonly<Record<string, string>>;
}

export interface PipelineProps {
  readonly pipelineName: string;
  readonly roleName: string;
  readonly artifacts: ArtifactStore;
  /** Connection to where the repository is; a person must have confirmed it in the console. */
  readonly connectionArn: string;
  /** `owner/name` */
  readonly repository: string;
  readonly branch: string;
  /** Whether a push to the branch starts it. */
  readonly startsOnPush: boolean;
  readonly steps: Readonly<Record<'build' | 'check' | 'deploy' | 'plan' | 'switch', PipelineStep>>;
  /** What who starts it may say: name → what it is; empty unless they do. */
  readonly variables: Readonly<Record<string, string>>;
  /** What somebody reads who approves. */
  readonly question: string;
  /** Who is told of its end, and that it waits for an approval. */
  readonly topicArn: string;
  readonly accountId: string;
  readonly region: string;
  /** `aws` */
  readonly partition: string;
}

/** Of what nobody has said, CodePipeline refuses to be told nothing. */
const UNSAID = 'none';

/** Minutes that an approval is waited for: the longest. */
const APPROVAL_MINUTES = 7 * 24 * 60;

const SOURCE = 'source';
const PACKED = 'packed';

/**
 * A pipeline that makes a release: the sources, checked and packed once; what it would change; deployed to the idle environment; an approval; live traffic
 * moved. One execution after the other, since each begins where the one before has ended.
 *
 * Source: AWS CodePipeline User Guide, "Pipeline types", "Variables reference", "Valid action types and providers".
 */
export class Pipeline extends Construct {
  constructor(scope: Construct, id: string, props: PipelineProps) {
    super(scope, id);
    const { pipelineName, artifacts, steps, accountId, partition, region } = props;
    const arn = `arn:${partition}:codepipeline:${region}:${accountId}:${pipelineName}`;
    const role = new ServiceRole(this, 'role', {
      roleName: props.roleName,
      service: 'codepipeline.amazonaws.com',
      sourceArn: arn,
      accountId,
      statements: [
        ...artifacts.statements,
        {
          actions: ['codebuild:StartBuild', 'codebuild:BatchGetBuilds'],
          resources: Object.values(steps).map(({ project }) => project.arn),
        },
        {
          // Without the condition every repository of the connection would be open to it. CodeStar Connections is its former name.
          actions: ['codeconnections:UseConnection', 'codestar-connections:UseConnection'],
          resources: [props.connectionArn],
          condition: ['codeconnections', 'codestar-connections'].map((prefix) => ({
            test: 'ForAnyValue:StringEqualsIfExists',
            variable: `${prefix}:FullRepositoryId`,
            values: [props.repository],
          })),
        },
      ],
    });
    const run = (name: keyof PipelineProps['steps'], input: string, output?: string): CodepipelineStageAction => {
      const { project, variables = {} } = steps[name];
      const given = Object.entries(variables).map(([key, value]) => ({ name: key, value, type: 'PLAINTEXT' }));
      return {
        name,
        category: 'Build',
        owner: 'AWS',
        provider: 'CodeBuild',
        version: '1',
        namespace: name,
        inputArtifacts: [input],
        ...(output !== undefined && { outputArtifacts: [output] }),
        configuration: { ProjectName: project.name, EnvironmentVariables: JSON.stringify(given) },
      };
    };
    const pipeline = new Codepipeline(this, 'pipeline', {
      name: pipelineName,
      roleArn: role.arn,
      pipelineType: 'V2',
      executionMode: 'QUEUED',
      artifactStore: [
        { location: artifacts.bucketName, type: 'S3', encryptionKey: { id: artifacts.keyArn, type: 'KMS' } },
      ],
      variable: Object.entries(props.variables).map(([name, description]) => ({
        name,
        description,
        defaultValue: UNSAID,
      })),
      ...(props.startsOnPush && {
        trigger: [
          {
            providerType: 'CodeStarSourceConnection',
            gitConfiguration: { sourceActionName: SOURCE, push: [{ branches: { includes: [props.branch] } }] },
          },
        ],
      }),
      stage: [
        {
          name: 'Source',
          action: [
            {
              name: SOURCE,
              category: 'Source',
              owner: 'AWS',
              provider: 'CodeStarSourceConnection',
              version: '1',
              namespace: SOURCE,
              outputArtifacts: [SOURCE],
              configuration: {
                ConnectionArn: props.connectionArn,
                FullRepositoryId: props.repository,
                BranchName: props.branch,
                // A push starts it by the trigger, or nothing does.
                DetectChanges: 'false',
                OutputArtifactFormat: 'CODE_ZIP',
              },
            },
          ],
        },
        { name: 'Build', action: [run('check', SOURCE), run('build', SOURCE, PACKED)] },
        { name: 'Plan', action: [run('plan', PACKED, 'plan')] },
        { name: 'Deploy', action: [run('deploy', PACKED)] },
        {
          name: 'Approve',
          action: [
            {
              name: 'approve',
              category: 'Approval',
              owner: 'AWS',
              provider: 'Manual',
              version: '1',
              configuration: { CustomData: props.question },
              timeoutInMinutes: APPROVAL_MINUTES,
            },
          ],
        },
        { name: 'Switch', action: [run('switch', PACKED)] },
      ],
    });
    this.#tell(pipeline.name, props.topicArn);
  }

  /** Source: AWS CodePipeline User Guide, "Monitoring CodePipeline events". */
  #tell(pipeline: string, topicArn: string): void {
    const events = {
      ended: {
        'detail-type': ['CodePipeline Pipeline Execution State Change'],
        detail: { pipeline: [pipeline], state: ['FAILED', 'STOPPED', 'SUCCEEDED', 'SUPERSEDED'] },
      },
      waits: {
        'detail-type': ['CodePipeline Action Execution State Change'],
        detail: { pipeline: [pipeline], type: { category: ['Approval'] }, state: ['STARTED'] },
      },
    };
    for (const [name, pattern] of Object.entries(events)) {
      const rule = new CloudwatchEventRule(this, name, {
        name: `${pipeline}-${name}`,
        description: `The pipeline ${pipeline} ${name === 'ended' ? 'has ended' : 'waits for an approval'}`,
        eventPattern: JSON.stringify({ source: ['aws.codepipeline'], ...pattern }),
      });
      new CloudwatchEventTarget(this, `${name}-topic`, { rule: rule.name, arn: topicArn });
    }
  }
}
