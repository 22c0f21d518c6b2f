import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '#contract/index.ts';
import type { Operation } from '#contract/operation.ts';
import { evaluateStacks } from '#local/terraform/evaluate.ts';
import type { EvaluatedResource } from '#local/terraform/evaluation.ts';
import type { Json } from '#local/terraform/expression/value/value.ts';
import { readStacks } from '#local/terraform/read-stacks.ts';
import type { Stack } from '#local/terraform/stack.ts';
import { LintedStage } from '#operator/lint/linted-stage.ts';
import { RULES } from '#operator/lint/rules/rules.ts';
import { synthesizeStage } from '#operator/terraform/synthesize-stage.ts';
import type { StageContext } from '#stacks/context.ts';
import { loadSettings } from '#stacks/settings/index.ts';

/** A stage with something planted in it. */
interface Planted {
  readonly operations: readonly Operation[];
  readonly stacks: readonly Stack[];
  readonly resources: readonly EvaluatedResource[];
  /** @default - as shipped */
  readonly settings?: Partial<StageContext['settings']>;
}

const context: StageContext = { settings: loadSettings('settings.conf'), stage: 'prod' };
const { primaryRegion, secondaryRegion } = context.settings;
let clean: Planted;
beforeAll(async () => {
  const outdir = await mkdtemp(join(tmpdir(), 'two-region-lint-'));
  const { variables, parameters } = await synthesizeStage({ directory: process.cwd(), stage: context.stage, outdir });
  const stacks = await readStacks(outdir);
  const { resources } = evaluateStacks(stacks, { variables, parameter: (_region, name) => parameters[name] });
  clean = { operations, stacks, resources };
  afterAll(() => rm(outdir, { recursive: true }));
}, 600_000);

const look = (id: string, planted: Planted) => {
  const rule = RULES.find((each) => each.id === id);
  if (rule === undefined) throw new Error(`There is no rule ${id}.`);
  const settings = { ...context.settings, ...planted.settings };
  return rule.find(new LintedStage({ ...context, settings }, planted.operations, planted.stacks, planted.resources));
};

type Values = Readonly<Record<string, Json>>;

/** The first resource of a type whose values hold a text, in the stacks of a region, with other values; `undefined` takes it out. */
function change(
  type: string,
  holding: string,
  edit: (values: Values) => Values | undefined,
  stack = '-primary',
): (stage: Planted) => Planted {
  return (stage) => {
    const wanted = stage.resources.find(
      (each) => each.type === type && each.stack.includes(stack) && JSON.stringify(each.values).includes(holding),
    );
    if (wanted === undefined) throw new Error(`There is no ${type} with ${holding} in ${stack}.`);
    const edited = edit(wanted.values);
    const replaced = stage.resources.flatMap((each) => {
      if (each !== wanted) return [each];
      return edited === undefined ? [] : [{ ...each, values: edited }];
    });
    return { ...stage, resources: replaced };
  };
}
const without = (type: string, holding: string, stack?: string) => change(type, holding, () => undefined, stack);
const set = (type: string, holding: string, values: Values, stack?: string) =>
  change(type, holding, (before) => ({ ...before, ...values }), stack);

const withStack = (name: string, edit: (json: Stack['json']) => Stack['json']) => (stage: Planted) => ({
  ...stage,
  stacks: stage.stacks.map((each) => (each.name === `prod-${name}` ? { ...each, json: edit(each.json) } : each)),
});

const broadened = (statement: object) => (before: Values) => {
  const policy = JSON.parse(String(before.policy));
  return { ...before, policy: JSON.stringify({ ...policy, Statement: [...policy.Statement, statement] }) };
};
const allow = (Action: string, Resource: string) => broadened({ Effect: 'Allow', Action, Resource });

const trust = (Service: string) =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }] });
const letIn = (Service: string) =>
  broadened({ Effect: 'Allow', Principal: { Service }, Action: 'sns:Publish', Resource: 'x' });
const keyOf = (region: string) => `arn:aws:kms:${region}:000000000000:key/mine`;
const READS = ['GET', 'HEAD', 'OPTIONS'];
const told = [404, 414, 500, 501, 502, 503, 504].map((error_code) => ({ error_code, error_caching_min_ttl: 0 }));

/** A distribution that is as it should be, with other values. */
function withDistribution(values: Values): (stage: Planted) => Planted {
  const resource: EvaluatedResource = {
    stack: 'prod-edge',
    folder: '',
    name: 'rest',
    address: 'aws_cloudfront_distribution.rest',
    mode: 'managed',
    type: 'aws_cloudfront_distribution',
    region: secondaryRegion,
    configured: [],
    values: {
      aliases: ['events.two-region.localhost'],
      web_acl_id: 'arn:aws:wafv2:us-east-1:000000000000:global/webacl/edge/1',
      default_cache_behavior: { target_origin_id: 'region', allowed_methods: [...READS, 'POST'] },
      origin_group: [{ origin_id: 'either' }],
      custom_error_response: told,
      ...values,
    },
  };
  return (stage) => ({ ...stage, resources: [...stage.resources, resource] });
}
const behindGroup = (path_pattern: string, allowed_methods: readonly string[]) =>
  withDistribution({
    ordered_cache_behavior: [{ path_pattern, target_origin_id: 'either', allowed_methods: [...allowed_methods] }],
  });

const FAULTS: readonly (readonly [rule: string, plant: (stage: Planted) => Planted, found: RegExp])[] = [
  [
    'alias-permission',
    without('aws_lambda_permission', '/envB/GET/test'),
    /GET \/test may not invoke .*-test:envB in /,
  ],
  [
    'alias-permission',
    set('aws_lambda_permission', '/envA/GET/user/*', { qualifier: 'envB' }, 'envA-primary'),
    /GET \/user\/\{id\} may not invoke .*-user:envA/,
  ],
  [
    'alias-permission',
    without('aws_lambda_permission', '/envA/POST/events', 'envA-secondary'),
    new RegExp(`POST /events .+ in ${secondaryRegion}`),
  ],
  [
    'permission-without-route',
    set('aws_lambda_permission', '/envA/GET/test', {
      source_arn: 'arn:aws:execute-api:eu-central-1:000000000000:api/envA/GET/gone',
    }),
    /GET\/gone is no route that invokes .*-test\./,
  ],
  ['deployment-trigger', set('aws_api_gateway_deployment', 'envA', { triggers: {} }), /no trigger/],
  ['deployment-trigger', set('aws_apigatewayv2_deployment', 'envA', { triggers: null }), /no trigger/],
  ['cached-stage', set('aws_api_gateway_stage', 'envA', { cache_cluster_enabled: true }), /caches/],
  ['cached-stage', set('aws_api_gateway_method_settings', 'envA', { settings: { caching_enabled: true } }), /caches/],
  [
    'target-default',
    withStack('entry-primary', (json) => ({
      ...json,
      variable: { ...json.variable, target_env: { type: 'string', nullable: false, validation: [], default: 'envA' } },
    })),
    /has a default/,
  ],
  [
    'unchecked-record',
    change('aws_route53_record', '"SECONDARY"', ({ health_check_id: _, ...values }) => values, 'routing'),
    /SECONDARY has no health check/,
  ],
  [
    'check-of-other-region',
    set(
      'aws_route53_health_check',
      `"${primaryRegion}.api.`,
      { fqdn: `${secondaryRegion}.api.two-region.localhost` },
      'routing',
    ),
    new RegExp(`The check of ${primaryRegion} asks ${secondaryRegion}\\.api`),
  ],
  [
    'check-by-another-door',
    set(
      'aws_route53_health_check',
      `"${primaryRegion}.api.`,
      { fqdn: `abc.execute-api.${primaryRegion}.amazonaws.com` },
      'routing',
    ),
    /abc\.execute-api.+no custom domain/,
  ],
  [
    'iam-without-regional-name',
    (stage) => ({
      ...stage,
      resources: stage.resources.filter(
        ({ type, values }) =>
          type !== 'aws_apigatewayv2_api_mapping' || !String(values.domain_name).startsWith(`${primaryRegion}.`),
      ),
    }),
    new RegExp(`(GET|POST) /events wants a signature, and in ${primaryRegion}`),
  ],
  [
    'tokens-without-scopes',
    set('aws_apigatewayv2_route', 'GET /events"', { authorization_type: 'JWT', authorization_scopes: [] }),
    /GET \/events takes every token of the issuer/,
  ],
  [
    'get-that-writes',
    (stage) => ({
      ...stage,
      operations: stage.operations.map((each) =>
        each.id === 'get-user' ? { ...each, access: { USER_TABLE_NAME: ['dynamodb:UpdateItem'] } } : each,
      ),
    }),
    /GET \/user\/\{id\} may write: dynamodb:UpdateItem/,
  ],
  [
    'replica-protection',
    set('aws_dynamodb_table', 'prod-user', { point_in_time_recovery: { enabled: false } }, 'data'),
    /prod-user has no point-in-time recovery in /,
  ],
  [
    'replica-protection',
    set('aws_dynamodb_table', 'prod-user', { replica: [{ region_name: secondaryRegion }] }, 'data'),
    new RegExp(`recovery in ${secondaryRegion}`),
  ],
  [
    'replica-protection',
    set('aws_dynamodb_table', 'prod-user', { deletion_protection_enabled: false }, 'data'),
    /can be deleted, in the protected stage prod/,
  ],
  [
    'table-without-replica',
    set('aws_dynamodb_table', 'prod-user"', { replica: [] }, 'data'),
    new RegExp(`prod-user in ${secondaryRegion} uses two-region-api-prod-user`),
  ],
  [
    'unequal-regions',
    set('aws_api_gateway_usage_plan', 'two-region-api-prod"', { quota_settings: { limit: 1, period: 'DAY' } }),
    /usage plan two-region-api-prod differs/,
  ],
  ['unequal-regions', without('aws_api_gateway_api_key', 'preview', '-secondary'), /API key .*preview.* only/],
  [
    'unequal-regions',
    set('aws_cloudwatch_log_group', '/aws/lambda/two-region-api-prod-user', { retention_in_days: 1 }),
    /retention of .*prod-user differs/,
  ],
  ['unequal-regions', set('aws_lambda_function', 'prod-user', { memory_size: 3008 }), /function .*prod-user differs/],
  [
    'reads-other-region',
    withStack('envA-primary', (json) => ({
      ...json,
      data: {
        ...json.data,
        terraform_remote_state: { other: { config: { key: 'two-region-api/prod-api-secondary.tfstate' } } },
      },
    })),
    /prod-api-secondary\.tfstate, of the secondary region/,
  ],
  ['waf-coverage', without('aws_wafv2_web_acl_association', '/stages/envA'), /No web ACL/],
  [
    'open-route-limit',
    set('aws_api_gateway_method_settings', 'envA', {
      settings: { throttling_rate_limit: -1, throttling_burst_limit: -1 },
    }),
    /no limit/,
  ],
  [
    'open-route-limit',
    change('aws_apigatewayv2_stage', 'envA', ({ default_route_settings: _, ...values }) => values),
    /no limit/,
  ],
  ['log-retention', set('aws_cloudwatch_log_group', 'prod-user', { retention_in_days: 0 }), /for ever/],
  ['log-retention', without('aws_cloudwatch_log_group', '/aws/lambda/two-region-api-prod-user'), /has no log group/],
  ['alarm-action', set('aws_cloudwatch_composite_alarm', 'envA-sick', { alarm_actions: [] }), /tells nobody/],
  [
    'broad-policy',
    change('aws_iam_role_policy', 'prod-user', allow('dynamodb:*', 'arn:aws:dynamodb:::table/x')),
    /the action dynamodb:\*/,
  ],
  ['broad-policy', change('aws_iam_role_policy', 'prod-user', allow('dynamodb:GetItem', '*')), /every resource/],
  [
    'broad-policy',
    change('aws_iam_role_policy', 'lambda/two-region-api-prod-user', allow('s3:DeleteObject', 'arn:aws:s3:::x/*')),
    /s3:DeleteObject, which no operation declares/,
  ],
  [
    'unbound-service',
    set('aws_iam_role', 'prod-user', { assume_role_policy: trust('scheduler.amazonaws.com') }),
    /scheduler\.amazonaws\.com is let in in whoever's name/,
  ],
  [
    'unbound-service',
    change('aws_sns_topic_policy', 'prod-alarms', letIn('cloudwatch.amazonaws.com'), 'base-primary'),
    /cloudwatch\.amazonaws\.com is let in/,
  ],
  [
    'unbound-service',
    set('aws_lambda_permission', '/envA/GET/test', { source_arn: null }),
    /apigateway\.amazonaws\.com may invoke .+ in whoever's name/,
  ],
  [
    'key-of-other-region',
    set('aws_cloudwatch_log_group', 'prod-user', { kms_key_id: keyOf(secondaryRegion) }),
    new RegExp(`is encrypted with a key of ${secondaryRegion}|none in ${secondaryRegion}`),
  ],
  [
    'key-of-other-region',
    set(
      'aws_dynamodb_table',
      'prod-user"',
      {
        server_side_encryption: { enabled: true, kms_key_arn: keyOf(primaryRegion) },
        replica: [{ region_name: secondaryRegion, kms_key_arn: keyOf(primaryRegion), point_in_time_recovery: true }],
      },
      'data',
    ),
    new RegExp(`prod-user in ${secondaryRegion} is encrypted with a key of ${primaryRegion}`),
  ],
  [
    'key-of-other-region',
    set('aws_lambda_function', 'prod-user', { kms_key_arn: keyOf(primaryRegion) }),
    new RegExp(`prod-user has a key of your own in ${primaryRegion} and none in ${secondaryRegion}`),
  ],
  ['key-rotation', set('aws_kms_key', 'alarms', { enable_key_rotation: false }), /is never rotated/],
  [
    'edge-failover-of-writes',
    behindGroup('/user/*', [...READS, 'POST']),
    /The behavior for \/user\/\* has an origin group and takes POST/,
  ],
  [
    'edge-failover-of-writes',
    behindGroup('/test', READS),
    /for \/test has an origin group and has test, which may write/,
  ],
  ['edge-keeps-errors', withDistribution({ custom_error_response: told.slice(1) }), /keeps responses with 404\./],
  [
    'edge-keeps-errors',
    withDistribution({ custom_error_response: [...told, { error_code: 403 }] }),
    /keeps responses with 403\./,
  ],
  [
    'recovery-over-objective',
    (stage) => ({ ...stage, settings: { objectives: { rtoSeconds: 89 } } }),
    /after up to 30 s of failed checks and 60 s of kept answers; RTO_SECONDS is 89/,
  ],
  ['waf-coverage', withDistribution({ web_acl_id: '' }), /The distribution has no web ACL/],
];

describe('the rules of lint (B5)', () => {
  it.each(FAULTS)('%s: a planted fault is found, and nothing where it is not planted', (id, plant, found) => {
    const before = look(id, clean);
    const faults = look(id, plant(clean));
    const fresh = faults.filter(
      (fault) => !before.some(({ address, stack }) => address === fault.address && stack === fault.stack),
    );
    expect(fresh.length).toBeGreaterThan(0);
    for (const fault of fresh) expect(fault.found).toMatch(found);
    for (const fault of fresh) expect(fault.fix).toMatch(/\.$/);
  });

  it('find nothing in an edge that is as it should be, and tell an HTTP API that it alone covers', () => {
    const fine = behindGroup('/string/*', READS)(clean);
    for (const id of ['edge-failover-of-writes', 'edge-keeps-errors']) expect(look(id, fine)).toEqual([]);
    expect(look('recovery-over-objective', { ...clean, settings: { objectives: { rtoSeconds: 90 } } })).toEqual([]);
    const found = look('waf-coverage', fine).map((fault) => fault.found);
    expect(found).toHaveLength(2);
    for (const each of found)
      expect(each).toMatch(/has a firewall at the edge alone: who knows a region's name comes past/);
  });

  it('each have a planted fault', () => {
    expect(RULES.filter(({ id }) => !FAULTS.some(([rule]) => rule === id)).map(({ id }) => id)).toEqual([]);
  });

  it('find nothing in the kit itself but what the sample means', () => {
    const found = RULES.flatMap(({ id }) => look(id, clean).map(({ stack, address }) => `${id} ${stack} ${address}`));
    expect(found).toEqual([
      'get-that-writes contract test',
      expect.stringMatching(/^waf-coverage prod-api-primary aws_apigatewayv2_api\./),
      expect.stringMatching(/^waf-coverage prod-api-secondary aws_apigatewayv2_api\./),
    ]);
  });
});

it('what holds traffic after a failover is in the secondary region alone, on purpose (B24)', () => {
  const alone = (name: string) => {
    const like = clean.resources.find(
      ({ type, stack }) => type === 'aws_lambda_function' && stack.endsWith('-secondary'),
    );
    if (like === undefined) throw new Error('No function is in the secondary region.');
    const added = { ...like, values: { ...like.values, function_name: `two-region-api-prod-${name}` } };
    return look('unequal-regions', { ...clean, resources: [...clean.resources, added] });
  };
  expect(alone('route-latch')).toEqual([]);
  expect(alone('other')).toHaveLength(1);
});
