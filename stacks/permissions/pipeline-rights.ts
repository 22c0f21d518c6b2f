import type { Rights } from './resource-rights.ts';

/**
 * What the provider calls for what the pipeline's stack alone declares.
 *
 * Source: the resources of terraform-provider-aws 5.100; Service Authorization Reference.
 */
export const PIPELINE_RIGHTS: Readonly<Record<string, Rights>> = {
  aws_codebuild_project: {
    pipeline: [
      ...[
        'codebuild:CreateProject',
        'codebuild:UpdateProject',
        'codebuild:DeleteProject',
        'codebuild:BatchGetProjects',
      ],
    ],
    role: ['iam:PassRole'],
    buildLog: ['logs:CreateLogGroup', 'logs:DeleteLogGroup', 'logs:PutRetentionPolicy', 'logs:ListTagsForResource'],
  },
  aws_codepipeline: {
    // Whether somebody has confirmed the connection; whoever makes a pipeline hands it the connection.
    any: ['codeconnections:GetConnection', 'codeconnections:PassConnection', 'codestar-connections:PassConnection'],
    pipeline: [
      ...['codepipeline:CreatePipeline', 'codepipeline:GetPipeline', 'codepipeline:UpdatePipeline'],
      ...['codepipeline:DeletePipeline', 'codepipeline:ListTagsForResource', 'codepipeline:TagResource'],
      'codepipeline:UntagResource',
    ],
    role: ['iam:PassRole'],
  },
  aws_iam_policy: {
    policy: [
      ...['iam:CreatePolicy', 'iam:DeletePolicy', 'iam:GetPolicy', 'iam:GetPolicyVersion', 'iam:ListPolicyVersions'],
      ...['iam:CreatePolicyVersion', 'iam:DeletePolicyVersion', 'iam:TagPolicy', 'iam:UntagPolicy'],
    ],
  },
  aws_iam_role_policy_attachment: {
    role: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy', 'iam:ListAttachedRolePolicies'],
  },
};
