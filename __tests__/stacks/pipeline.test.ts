import { describe, expect, it } from 'vitest';
import { PIPELINE_TYPES } from '#stacks/pipeline.ts';
import { synthesizeStage } from '#tests/support/synthesized-stage.ts';

const pipeline = { isActive: true, repository: 'team/service', branch: 'main', pushStages: ['dev'] };

describe('the pipeline (S3.14)', async () => {
  const active = await synthesizeStage('dev', { pipeline });
  const stack = active('pipeline');
  const [made] = stack.resources('aws_codepipeline');
  const stages = made?.stage as readonly {
    readonly name: string;
    readonly action: readonly { readonly name: string; readonly configuration: Readonly<Record<string, string>> }[];
  }[];

  it('is not there unless settings have it, and what is there then knows nothing of it', async () => {
    const none = await synthesizeStage();
    expect(() => none('pipeline')).toThrow('No stack dev-pipeline');
    expect(none('base-secondary').json).toBe(active('base-secondary').json);
  });

  it('checks and packs, plans, deploys, waits for an approval, and only then switches, one execution after the other', () => {
    expect(made).toMatchObject({ pipeline_type: 'V2', execution_mode: 'QUEUED' });
    expect(stages.map(({ name, action }) => [name, action.map((each) => each.name)])).toEqual([
      ['Source', ['source']],
      ['Build', ['check', 'build']],
      ['Plan', ['plan']],
      ['Deploy', ['deploy']],
      ['Approve', ['approve']],
      ['Switch', ['switch']],
    ]);
    const variables = JSON.parse(stages.at(-1)?.action[0]?.configuration.EnvironmentVariables ?? '[]');
    expect(variables).toEqual([
      { name: 'STAGE', value: 'dev', type: 'PLAINTEXT' },
      { name: 'ENVIRONMENT', value: '#{deploy.ENVIRONMENT}', type: 'PLAINTEXT' },
      { name: 'STAGGER', value: '#{variables.stagger}', type: 'PLAINTEXT' },
    ]);
  });

  it('starts on a push where settings say so, and else by hand alone', async () => {
    expect(made?.trigger).toMatchObject([
      { git_configuration: { source_action_name: 'source', push: [{ branches: { includes: ['main'] } }] } },
    ]);
    expect(stages[0]?.action[0]?.configuration).toMatchObject({
      DetectChanges: 'false',
      ConnectionArn: expect.stringContaining('pipeline_connection_arn'),
      FullRepositoryId: 'team/service',
    });
    const byHand = await synthesizeStage('dev', { pipeline: { ...pipeline, pushStages: ['prod'] } });
    expect(byHand('pipeline').resources('aws_codepipeline')[0]).not.toHaveProperty('trigger');
  });

  it('runs the buildspecs of the repository, each with a role and a log of its own', () => {
    const projects = stack.resources('aws_codebuild_project');
    expect(projects.map(({ source }) => (source as { readonly buildspec: string }).buildspec).sort()).toEqual(
      ['build', 'check', 'deploy', 'plan', 'switch'].map((name) => `.ci/pipeline/${name}.yml`),
    );
    expect(new Set(projects.map(({ service_role: role }) => role)).size).toBe(5);
    expect(stack.resources('aws_cloudwatch_log_group')).toHaveLength(5);
  });

  it('gives each step what `two-region permissions` says, and what only checks and packs nothing', () => {
    const policies = stack.resources('aws_iam_policy');
    const of = (step: string) =>
      policies.filter(({ name }) => String(name).includes(`-${step}-`)).map(({ policy }) => String(policy));
    expect(of('check')).toEqual([]);
    expect(of('build')).toEqual([]);
    expect(of('switch').join()).toContain('apigateway:PATCH');
    expect(of('switch').join()).not.toContain('lambda:UpdateFunctionCode');
    expect(of('deploy').join()).toContain('lambda:UpdateFunctionCode');
    expect(of('plan').join()).not.toMatch(/lambda:UpdateFunctionCode|iam:PassRole/);
    // AWS IAM User Guide, "IAM and AWS STS quotas": 6,144 characters, and 10 policies of a role.
    for (const { policy } of policies) expect(String(policy).length).toBeLessThan(6144);
    expect(of('deploy').length).toBeLessThan(10);
    for (const { Resource } of policies.flatMap(({ policy }) => JSON.parse(String(policy)).Statement)) {
      expect(JSON.stringify(Resource)).not.toContain(':*:role/');
    }
  });

  it('is trusted by its own service for itself alone', () => {
    const trusts = stack
      .dataSources('aws_iam_policy_document')
      .flatMap(({ statement }) => statement as readonly Readonly<Record<string, unknown>>[])
      .filter(({ actions }) => JSON.stringify(actions) === '["sts:AssumeRole"]');
    expect(trusts).toHaveLength(6);
    for (const { condition } of trusts) {
      expect(condition).toMatchObject([
        { variable: 'aws:SourceAccount' },
        { test: 'ArnLike', variable: 'aws:SourceArn' },
      ]);
    }
  });

  it('opens the one repository of the connection, and encrypts what its steps leave', () => {
    expect(stack.json).toMatch(/codeconnections:FullRepositoryId/);
    expect(made?.artifact_store).toMatchObject([{ type: 'S3', encryption_key: { type: 'KMS' } }]);
  });

  it('tells the topic of its end, and that it waits for somebody', () => {
    const patterns = stack
      .resources('aws_cloudwatch_event_rule')
      .map(({ event_pattern: text }) => JSON.parse(String(text)));
    expect(patterns).toMatchObject([
      { source: ['aws.codepipeline'], detail: { state: ['FAILED', 'STOPPED', 'SUCCEEDED', 'SUPERSEDED'] } },
      { detail: { type: { category: ['Approval'] }, state: ['STARTED'] } },
    ]);
    for (const { arn } of stack.resources('aws_cloudwatch_event_target')) expect(arn).toContain('dev-base-secondary');
  });

  it('may deploy itself: what it declares is among the rights of a deploy', () => {
    const types = Object.keys(JSON.parse(stack.json).resource);
    const elsewhere = ['base-secondary', 'api-secondary'].flatMap((name) =>
      Object.keys(JSON.parse(active(name).json).resource),
    );
    expect(types.filter((type) => !elsewhere.includes(type) && !PIPELINE_TYPES.includes(type))).toEqual([]);
    expect(PIPELINE_TYPES.filter((type) => !types.includes(type))).toEqual([]);
  });
});
