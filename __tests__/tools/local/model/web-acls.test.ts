import { describe, expect, it } from 'vitest';
import { buildModel } from '#local/model/build-model.ts';
import type { Json } from '#local/terraform/expression/value/value.ts';
import { evaluate, stack } from '#tests/tools/local/terraform/stack-fixture.ts';

const regions = { stage: 'dev', primaryRegion: 'eu-central-1', secondaryRegion: 'eu-west-1' };
const visibility = { metric_name: 'rate', cloudwatch_metrics_enabled: true, sampled_requests_enabled: false };
const healthcheck = {
  positional_constraint: 'ENDS_WITH',
  search_string: '/healthcheck',
  field_to_match: { uri_path: {} },
  text_transformation: [{ priority: 0, type: 'NONE' }],
};

/** The first region's model, and what is listed, of a web ACL with these rules. */
function modelOf(rules: readonly Json[], more: Readonly<Record<string, Json>> = {}) {
  const acl = { name: 'app', scope: 'REGIONAL', default_action: { allow: {} }, rule: rules, ...more };
  const json = {
    provider: { aws: [{ region: 'eu-central-1' }] },
    resource: { aws_wafv2_web_acl: { acl: { ...acl, visibility_config: { ...visibility, metric_name: 'all' } } } },
  };
  const model = buildModel(evaluate([stack(json)]), regions);
  return { acls: model.regions.primary.webAcls, listed: model.unserved.map(({ type }) => type) };
}

const rate = (statement: Readonly<Record<string, Json>>, more: Readonly<Record<string, Json>> = {}): Json => ({
  name: 'rate',
  priority: 1,
  action: { block: { custom_response: { response_code: 429 } } },
  statement: { rate_based_statement: { limit: 1000, ...statement } },
  visibility_config: visibility,
  ...more,
});

describe("a web ACL's rules (S3.8)", () => {
  it('are read by priority, with window, key and scope', () => {
    const scope_down_statement = { not_statement: [{ statement: { byte_match_statement: healthcheck } }] };
    const forwarded = {
      aggregate_key_type: 'FORWARDED_IP',
      forwarded_ip_config: { header_name: 'X-Forwarded-For', fallback_behavior: 'NO_MATCH' },
      evaluation_window_sec: 60,
    };
    const { acls, listed } = modelOf([
      rate({ scope_down_statement }, { priority: 7 }),
      rate(forwarded, { name: 'edge' }),
    ]);
    expect(listed).toEqual([]);
    expect(acls).toMatchObject([
      {
        name: 'app',
        metricName: 'all',
        defaultAction: { kind: 'allow' },
        rules: [
          {
            name: 'edge',
            statement: { windowSeconds: 60, key: { header: 'x-forwarded-for', fallback: 'NO_MATCH' } },
          },
          {
            name: 'rate',
            metricName: 'rate',
            action: { kind: 'block', response: { status: 429, headers: [] } },
            statement: {
              limit: 1000,
              windowSeconds: 300,
              key: 'IP',
              scope: { kind: 'not', statement: { text: '/healthcheck', field: 'uri_path', constraint: 'ENDS_WITH' } },
            },
          },
        ],
      },
    ]);
  });

  it.each<[string, Readonly<Record<string, Json>>, string]>([
    [
      'groups of AWS',
      { managed_rule_group_statement: { vendor_name: 'AWS', name: 'AWSManagedRulesCommonRuleSet' } },
      'managed_rule_group_statement AWSManagedRulesCommonRuleSet',
    ],
    ['countries', { geo_match_statement: { country_codes: ['DE'] } }, 'geo_match_statement'],
    [
      'bodies',
      { byte_match_statement: { ...healthcheck, field_to_match: { body: {} } } },
      'with a part of byte_match_statement',
    ],
    [
      'what a statement within another one asks',
      { not_statement: { statement: { ip_set_reference_statement: { arn: 'x' } } } },
      'with a part of not_statement',
    ],
    [
      'rates by other keys',
      { rate_based_statement: { limit: 10, aggregate_key_type: 'CUSTOM_KEYS' } },
      'with a part of rate_based_statement',
    ],
  ])('that ask for %s are listed, and left out', (_, statement, listed) => {
    const group = 'managed_rule_group_statement' in statement;
    const found = modelOf([
      {
        name: 'x',
        priority: 0,
        statement,
        visibility_config: visibility,
        ...(group ? { override_action: { none: {} } } : { action: { block: {} } }),
      },
    ]);
    expect(found.acls?.[0]?.rules).toEqual([]);
    expect(found.listed).toEqual([`aws_wafv2_web_acl.rule ${listed}`]);
  });

  it('of the scope CLOUDFRONT stand before no stage', () => {
    const { acls, listed } = modelOf([], { scope: 'CLOUDFRONT' });
    expect([acls, listed]).toEqual([[], ['aws_wafv2_web_acl of the scope CLOUDFRONT']]);
  });
});
