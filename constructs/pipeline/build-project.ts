import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { CodebuildProject } from '@cdktf/provider-aws/lib/codebuild-project';
import { Construct } from 'constructs';
import type { ArtifactStore } from './artifact-store.ts';
import { ServiceRole, type Statement } from './service-role.ts';

export interface BuildProjectProps {
  readonly projectName: string;
  readonly roleName: string;
  readonly description: string;
  /** Of the repository. */
  readonly buildspec: string;
  readonly timeoutMinutes: number;
  readonly logGroupName: string;
  readonly logRetentionDays: number;
  readonly artifacts: ArtifactStore;
  /** What its commands may do of AWS, besides. @default - nothing */
  readonly policy?: readonly Statement[];
  readonly accountId: string;
  readonly region: string;
  /** `aws` */
  readonly partition: string;
}

/** Arm is a fifth cheaper; the image has Node.js. Source: AWS CodeBuild User Guide, "Docker images provided by CodeBuild". */
const MACHINE = { type: 'ARM_CONTAINER', computeType: 'BUILD_GENERAL1_LARGE' } as const;
const IMAGE = 'aws/codebuild/amazonlinux-aarch64-standard:3.0';

/** A step of a pipeline that runs commands: a CodeBuild project, its log, and a role that may do what its commands do, and no more. */
export class BuildProject extends Construct {
  readonly name: string;
  readonly arn: string;

  constructor(scope: Construct, id: string, props: BuildProjectProps) {
    super(scope, id);
    const { projectName, accountId, artifacts, partition, region } = props;
    const log = new CloudwatchLogGroup(this, 'log', {
      name: props.logGroupName,
      retentionInDays: props.logRetentionDays,
    });
    const role = new ServiceRole(this, 'role', {
      roleName: props.roleName,
      service: 'codebuild.amazonaws.com',
      sourceArn: `arn:${partition}:codebuild:${region}:${accountId}:project/${projectName}`,
      accountId,
      statements: [
        { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [`${log.arn}:*`] },
        ...artifacts.statements,
      ],
      ...(props.policy && { policy: props.policy }),
    });
    const project = new CodebuildProject(this, 'project', {
      name: projectName,
      description: props.description,
      serviceRole: role.arn,
      buildTimeout: props.timeoutMinutes,
      encryptionKey: artifacts.keyArn,
      source: { type: 'CODEPIPELINE', buildspec: props.buildspec },
      artifacts: { type: 'CODEPIPELINE' },
      environment: { ...MACHINE, image: IMAGE, imagePullCredentialsType: 'CODEBUILD' },
      logsConfig: { cloudwatchLogs: { groupName: log.name } },
    });
    this.name = project.name;
    this.arn = project.arn;
  }
}
