import { describe, expect, it } from 'vitest';
import type { StageContext } from '#stacks/context.ts';
import { RESOURCE_RIGHTS } from '#stacks/permissions/resource-rights.ts';
import { stagePolicy } from '#stacks/permissions/stage-policy.ts';
import type { Encrypted } from '#stacks/settings/settings.ts';
import { synthesizeStage } from '#tests/support/synthesized-stage.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';
import { isAllowedBy } from '#tests/tools/operator/permissions/simulated-policy.ts';

const EDGE = { state: 'active', priceClass: 'PriceClass_100', bypass: 'open' } as const;
const ACCOUNT = '123456789012';
const deploys = stagePolicy(context, 'deploys', Object.keys(RESOURCE_RIGHTS), ACCOUNT);
const plans = stagePolicy(context, 'plans', Object.keys(RESOURCE_RIGHTS), ACCOUNT);
const switches = stagePolicy(context, 'switches', [], ACCOUNT);

describe('the policy of who deploys a stage (B29)', () => {
  it('knows what every resource of the stacks needs', async () => {
    const stack = await synthesizeStage('dev', { failback: 'manual', objectReplication: 'two-way', edge: EDGE });
    const types = [
      'data',
      'certificates',
      'callers',
      'base-primary',
      'base-secondary',
      'api-primary',
      'envA-primary',
      'preview-primary',
      'entry-primary',
      'routing',
      'edge',
    ]
      .flatMap((name) => Object.keys(JSON.parse(stack(name).json).resource ?? {}))
      .filter((type) => type.startsWith('aws_'));
    expect(new Set(types).size).toBeGreaterThan(40);
    expect(() => stagePolicy(context, 'deploys', types, ACCOUNT)).not.toThrow();
    expect(() => stagePolicy(context, 'deploys', ['aws_sqs_queue'])).toThrow(/What aws_sqs_queue needs is not said/);
  });

  it.each([
    ['dynamodb:CreateTableReplica', `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/two-region-api-dev-user`, true],
    ['dynamodb:DeleteTable', `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/of-another-team`, false],
    ['dynamodb:DeleteTable', `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/two-region-api-prod-user`, false],
    ['iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/two-region-api-dev-user-primary`, true],
    ['s3:PutReplicationConfiguration', 'arn:aws:s3:::two-region-api-dev-data-eu-west-1-1', true],
    ['s3:PutReplicationConfiguration', 'arn:aws:s3:::two-region-api-prod-data-eu-west-1-1', false],
    ['iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/admin`, false],
    ['logs:PutResourcePolicy', '*', true],
    ['ssm:GetParametersByPath', `arn:aws:ssm:eu-central-1:${ACCOUNT}:parameter/two-region-api/dev`, true],
    ['ssm:GetParameter', `arn:aws:ssm:eu-central-1:${ACCOUNT}:parameter/two-region-api/prod/api_key`, false],
    ['s3:DeleteBucket', 'arn:aws:s3:::two-region-api-state-dev', false],
    ['lambda:DeleteFunction', `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:two-region-api-dev-user:3`, true],
    ['lambda:DeleteFunction', `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:two-region-api-prod-user:3`, false],
    ['s3:DeleteObjectVersion', 'arn:aws:s3:::two-region-api-dev-packages-eu-west-1-1/functions/user.zip', true],
    ['s3:DeleteObjectVersion', 'arn:aws:s3:::two-region-api-state-dev/dev/dev-data.tfstate', false],
    ['logs:DescribeLogStreams', `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:/aws/lambda/two-region-api-dev-old`, true],
    ['ec2:RunInstances', '*', false],
  ])('%s on %s: %s', (action, resource, allowed) => {
    expect(isAllowedBy(deploys, { action, resource })).toBe(allowed);
  });
});

describe('the policies of a stage with the container API (S3.13)', () => {
  const withContainer = {
    ...context,
    settings: { ...context.settings, container: { ...context.settings.container, isActive: true } },
  };
  const name = 'two-region-api-dev-container';
  const group = `arn:aws:codedeploy:eu-west-1:${ACCOUNT}:deploymentgroup:${name}/${name}`;

  it('know what every resource of its stacks needs', async () => {
    const { parameters, container } = withContainer.settings;
    const stack = await synthesizeStage('dev', {
      container: { ...container, nat: 'one' },
      parameters: [...parameters, 'container_domain_name', 'container_image'],
    });
    const types = ['base-primary', 'container-primary', 'observability']
      .flatMap((each) => Object.keys(JSON.parse(stack(each).json).resource ?? {}))
      .filter((type) => type.startsWith('aws_'));
    const policy = stagePolicy(withContainer, 'deploys', types, ACCOUNT);
    for (const [action, resource] of [
      ['ec2:CreateVpc', '*'],
      ['ecs:CreateService', `arn:aws:ecs:eu-west-1:${ACCOUNT}:service/${name}/${name}`],
      [
        'elasticloadbalancing:CreateTargetGroup',
        `arn:aws:elasticloadbalancing:eu-west-1:${ACCOUNT}:targetgroup/two-region-api-dev-blue/1`,
      ],
      ['cloudwatch:PutDashboard', `arn:aws:cloudwatch::${ACCOUNT}:dashboard/${name}`],
      ['logs:CreateLogGroup', `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:/aws/ecs/${name}`],
    ] as const) {
      expect(isAllowedBy(policy, { action, resource }), action).toBe(true);
    }
  });

  it('let who deploys set the web ACL of its load balancers, and none where there is none', () => {
    const of = (changed: StageContext) => stagePolicy(changed, 'deploys', Object.keys(RESOURCE_RIGHTS), ACCOUNT);
    const balancer = `arn:aws:elasticloadbalancing:eu-west-1:${ACCOUNT}:loadbalancer/app/two-region-api-dev-alb/1`;
    for (const action of ['elasticloadbalancing:SetWebACL', 'wafv2:AssociateWebACL', 'wafv2:GetWebACLForResource']) {
      expect(isAllowedBy(of(withContainer), { action, resource: balancer }), action).toBe(true);
      expect(isAllowedBy(deploys, { action, resource: balancer }), action).toBe(false);
    }
    expect(deploys.Statement.map(({ Sid }) => Sid)).not.toContain('Container');
  });

  it('let who deploys make the web ACL that it has of its own beside an edge, with its log (S4.1)', () => {
    const both = { ...withContainer, settings: { ...withContainer.settings, edge: EDGE } };
    const policy = stagePolicy(both, 'deploys', Object.keys(RESOURCE_RIGHTS), ACCOUNT);
    const own = [
      ['wafv2:CreateWebACL', `arn:aws:wafv2:eu-west-1:${ACCOUNT}:regional/webacl/${name}/1`],
      ['logs:CreateLogGroup', `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:aws-waf-logs-${name}`],
    ] as const;
    for (const [action, resource] of own) {
      expect(isAllowedBy(policy, { action, resource }), action).toBe(true);
      const without = stagePolicy(withContainer, 'deploys', Object.keys(RESOURCE_RIGHTS), ACCOUNT);
      expect(isAllowedBy(without, { action, resource }), action).toBe(false);
    }
  });

  it('let who only switches move its traffic, and change nothing else of it', () => {
    const policy = stagePolicy(withContainer, 'switches', [], ACCOUNT);
    expect(isAllowedBy(policy, { action: 'codedeploy:ContinueDeployment', resource: group })).toBe(true);
    expect(isAllowedBy(policy, { action: 'codedeploy:DeleteDeploymentGroup', resource: group })).toBe(false);
    expect(isAllowedBy(switches, { action: 'codedeploy:ContinueDeployment', resource: group })).toBe(false);
  });
});

it('has rights at the edge only where settings have one (S4.1)', () => {
  const withEdge = { ...context, settings: { ...context.settings, edge: EDGE } };
  const acl = {
    action: 'wafv2:CreateWebACL',
    resource: `arn:aws:wafv2:us-east-1:${ACCOUNT}:global/webacl/two-region-api-dev-edge/1`,
  };
  expect(isAllowedBy(deploys, acl)).toBe(false);
  expect(isAllowedBy(stagePolicy(withEdge, 'deploys', Object.keys(RESOURCE_RIGHTS), ACCOUNT), acl)).toBe(true);
});

describe('the policy of who only switches (B29)', () => {
  it('allows all that Terraform reads when it plans what is moved: the entries', async () => {
    const stack = await synthesizeStage();
    const moved = ['entry-primary', 'entry-secondary'];
    const types = moved.flatMap((name) => Object.keys(JSON.parse(stack(name).json).resource ?? {}));
    const rights = types.flatMap((type) => Object.values(RESOURCE_RIGHTS[type] ?? {}).flat());
    const reads = rights.filter((action) => /:(?:Get|List|Describe|GET)/.test(action));
    expect(reads.length).toBeGreaterThan(10);
    const given = new Set(switches.Statement.flatMap(({ Action }) => Action));
    expect(reads.filter((action) => !given.has(action))).toEqual([]);
  });

  it.each([
    ['apigateway:PATCH', 'arn:aws:apigateway:eu-west-1::/domainnames/api.example.com/basepathmappings/(none)', true],
    ['apigateway:PATCH', 'arn:aws:apigateway:eu-west-1::/restapis/abc/stages/envA', false],
    ['apigateway:GET', 'arn:aws:apigateway:eu-west-1::/restapis/abc', true],
    ['dynamodb:Scan', `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/two-region-api-dev-user`, true],
    ['dynamodb:PutItem', `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/two-region-api-dev-user`, false],
    ['route53:UpdateHealthCheck', 'arn:aws:route53:::healthcheck/1', false],
    ['route53:ListHealthChecks', '*', false],
    ['iam:ListRolePolicies', `arn:aws:iam::${ACCOUNT}:role/two-region-api-dev-user-primary`, false],
    ['route53:ChangeResourceRecordSets', 'arn:aws:route53:::hostedzone/Z1', false],
    ['lambda:UpdateAlias', `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:two-region-api-dev-user`, false],
    ['s3:PutObject', 'arn:aws:s3:::two-region-api-state-dev/dev/dev-entry-primary.tfstate', true],
    ['s3:PutObject', `arn:aws:s3:::two-region-api-dev-route-eu-west-1-${ACCOUNT}/route.json`, true],
    ['s3:PutObject', `arn:aws:s3:::two-region-api-dev-data-eu-west-1-${ACCOUNT}/route.json`, false],
    ['iam:CreateRole', `arn:aws:iam::${ACCOUNT}:role/two-region-api-dev-user-primary`, false],
  ])('%s on %s: %s', (action, resource, allowed) => {
    expect(isAllowedBy(switches, { action, resource })).toBe(allowed);
  });
});

describe('the policy of who switches with canaries (B8)', () => {
  it('has what a switch needs, weights of aliases and the metrics by version, and nothing else', () => {
    const actionsOf = ({ Statement }: typeof switches) => Statement.flatMap(({ Action }) => Action);
    const canaries = actionsOf(stagePolicy(context, 'canaries', [], ACCOUNT));
    const without = new Set(actionsOf(switches));
    expect(canaries.filter((action) => !without.has(action)).sort()).toEqual([
      'cloudwatch:GetMetricData',
      'lambda:UpdateAlias',
    ]);
    expect([...without].filter((action) => !canaries.includes(action))).toEqual([]);
  });
});

describe('the policy of who replays (B18)', () => {
  const replays = stagePolicy(context, 'replays', [], ACCOUNT);
  it.each([
    ['logs:FilterLogEvents', `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:/aws/lambda/two-region-api-dev-user`, true],
    ['logs:FilterLogEvents', `arn:aws:logs:eu-west-1:${ACCOUNT}:log-group:/aws/lambda/two-region-api-prod-user`, false],
    ['execute-api:Invoke', `arn:aws:execute-api:eu-west-1:${ACCOUNT}:abc/envB/GET/events`, true],
    ['ssm:GetParameter', `arn:aws:ssm:eu-central-1:${ACCOUNT}:parameter/two-region-api/dev/api_key`, true],
    ['apigateway:PATCH', 'arn:aws:apigateway:eu-west-1::/domainnames/api.example.com/basepathmappings/(none)', false],
    ['lambda:UpdateAlias', `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:two-region-api-dev-user`, false],
    ['dynamodb:Scan', `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/two-region-api-dev-user`, false],
  ])('%s on %s: %s', (action, resource, allowed) => {
    expect(isAllowedBy(replays, { action, resource })).toBe(allowed);
  });
});

describe('the policy of who only plans (S4.5)', () => {
  it('changes nothing but the locks of the states', () => {
    const changes = plans.Statement.flatMap(({ Sid, Action }) => Action.map((action) => `${Sid} ${action}`)).filter(
      (line) => !/:(?:Get|List|Describe|GET)/.test(line),
    );
    expect(changes).toEqual(['StateLock dynamodb:DeleteItem', 'StateLock dynamodb:PutItem']);
  });

  it.each([
    ['s3:GetObject', 'arn:aws:s3:::two-region-api-state-dev/dev/dev-data.tfstate', true],
    ['s3:PutObject', 'arn:aws:s3:::two-region-api-state-dev/dev/dev-data.tfstate', false],
    ['dynamodb:PutItem', `arn:aws:dynamodb:eu-central-1:${ACCOUNT}:table/two-region-api-locks-dev`, true],
    ['dynamodb:DescribeTable', `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/two-region-api-dev-user`, true],
    ['dynamodb:GetItem', `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/two-region-api-dev-user`, false],
    ['dynamodb:Scan', `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/two-region-api-dev-user`, false],
    ['apigateway:GET', 'arn:aws:apigateway:eu-west-1::/restapis/abc', true],
    ['apigateway:PATCH', 'arn:aws:apigateway:eu-west-1::/restapis/abc', false],
    ['iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/two-region-api-dev-user-primary`, false],
  ])('%s on %s: %s', (action, resource, allowed) => {
    expect(isAllowedBy(plans, { action, resource })).toBe(allowed);
  });
});

describe("the policies where settings ask for keys of one's own (S3.8)", () => {
  const withKeys = (...ownKeys: readonly Encrypted[]) => ({ ...context, settings: { ...context.settings, ownKeys } });
  const ofKeys = (task: 'canaries' | 'deploys' | 'plans' | 'switches', ...kinds: readonly Encrypted[]) =>
    stagePolicy(withKeys(...kinds), task, [], ACCOUNT).Statement.find(({ Sid }) => Sid === 'OwnKey');

  it('say nothing of them unless settings ask', () => {
    for (const task of ['canaries', 'deploys', 'plans', 'switches'] as const) expect(ofKeys(task)).toBeUndefined();
  });

  it('let who deploys use the keys of the stage, and no others, by their aliases', () => {
    const statement = ofKeys('deploys', 'logs');
    expect(statement?.Action).toEqual(
      expect.arrayContaining(['kms:CreateGrant', 'kms:Decrypt', 'kms:GenerateDataKey']),
    );
    expect(statement?.Condition).toEqual({
      'ForAnyValue:StringLike': { 'kms:ResourceAliases': ['alias/two-region-api-dev-*'] },
    });
    const { Statement } = stagePolicy(withKeys('logs'), 'deploys', [], ACCOUNT);
    expect(Statement.find(({ Sid }) => Sid === 'LogGroup')?.Action).toContain('logs:AssociateKmsKey');
  });

  it('let others open what they read: parameters, and items of tables', () => {
    expect(ofKeys('switches', 'tables')?.Action).toEqual(['kms:Decrypt']);
    expect(ofKeys('canaries', 'parameters')?.Action).toEqual(['kms:Decrypt']);
    expect(ofKeys('plans', 'parameters')?.Action).toEqual(['kms:Decrypt']);
    expect(ofKeys('switches', 'logs')).toBeUndefined();
    expect(ofKeys('plans', 'tables')).toBeUndefined();
  });
});

describe('the policy of who drills a stage (B29, B4)', () => {
  it.each([
    ['iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT}:role/two-region-api-dev-user-1a2b-primary`, true],
    ['iam:DeleteRolePolicy', `arn:aws:iam::${ACCOUNT}:role/two-region-api-dev-user-1a2b3c4d-secondary`, true],
    ['iam:PutRolePolicy', `arn:aws:iam::${ACCOUNT}:role/admin`, false],
    ['iam:AttachRolePolicy', `arn:aws:iam::${ACCOUNT}:role/two-region-api-dev-user-1a2b-primary`, false],
    ['dynamodb:PutItem', `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/two-region-api-dev-user`, false],
    ['lambda:PutFunctionConcurrency', `arn:aws:lambda:eu-west-1:${ACCOUNT}:function:two-region-api-dev-user`, false],
  ])('%s on %s: %s', (action, resource, allowed) => {
    expect(isAllowedBy(stagePolicy(context, 'drills', [], ACCOUNT), { action, resource })).toBe(allowed);
  });

  it.each([
    'pipeline-deploy-secondary',
    'container-deploy-primary',
    'route-latch-secondary',
    'healthcheck-1a2b3c4d-primary',
  ])('gives no role but those of functions that write to tables a policy: %s', (name) => {
    const resource = `arn:aws:iam::${ACCOUNT}:role/two-region-api-dev-${name}`;
    for (const action of ['iam:PutRolePolicy', 'iam:DeleteRolePolicy']) {
      expect(isAllowedBy(stagePolicy(context, 'drills', [], ACCOUNT), { action, resource })).toBe(false);
    }
  });
});
