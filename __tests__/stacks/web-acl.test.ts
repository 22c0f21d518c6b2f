import { describe, expect, it } from 'vitest';
import { loadSettings } from '#stacks/settings/index.ts';
import { synthesizeStage } from '#tests/support/synthesized-stage.ts';

describe('the web ACL of a region (S3.8)', async () => {
  const stack = await synthesizeStage();
  const rulesOf = (acl: Readonly<Record<string, unknown>> | undefined) =>
    acl?.rule as readonly { readonly name: string; readonly statement: Readonly<Record<string, unknown>> }[];

  const not = (search_string: string) => ({
    not_statement: {
      statement: {
        byte_match_statement: { positional_constraint: 'EXACTLY', search_string, field_to_match: { uri_path: {} } },
      },
    },
  });

  it.each(['base-primary', 'base-secondary'])('%s limits a rate, and takes lists of AWS, in this order', (name) => {
    const [acl] = stack(name).resources('aws_wafv2_web_acl');
    expect(acl).toMatchObject({ scope: 'REGIONAL', default_action: { allow: {} } });
    const rules = rulesOf(acl);
    expect(rules.map((rule) => rule.name)).toEqual(['rate', 'reputation', 'common']);
    expect(rules[0]).toMatchObject({
      priority: 0,
      action: { block: { custom_response: { response_code: 429 } } },
      statement: { rate_based_statement: { limit: 1000, evaluation_window_sec: 300, aggregate_key_type: 'IP' } },
    });
    expect(rules[2]).toMatchObject({
      override_action: { none: {} },
      statement: {
        managed_rule_group_statement: {
          name: 'AWSManagedRulesCommonRuleSet',
          rule_action_override: [{ name: 'SizeRestrictions_BODY', action_to_use: { count: {} } }],
        },
      },
    });
    for (const rule of rules) {
      expect(rule).toMatchObject({
        visibility_config: { cloudwatch_metrics_enabled: true, sampled_requests_enabled: true, metric_name: rule.name },
      });
    }
    // AWS WAF API Reference, CreateWebACL, Description.
    expect(String(acl?.description)).toMatch(/^[\w+=:#@/\-,.][\w+=:#@/\-,.\s]+[\w+=:#@/\-,.]$/);
  });

  it("does not count health checkers' paths, each as a whole, as an id at a path's end is its client's own (F23)", () => {
    const [acl] = stack('base-primary').resources('aws_wafv2_web_acl');
    expect(rulesOf(acl)[0]?.statement).toMatchObject({
      rate_based_statement: {
        scope_down_statement: {
          and_statement: {
            // The provider takes statements three deep.
            statement: ['/healthcheck', '/envA/healthcheck', '/envB/healthcheck', '/preview/healthcheck'].map(not),
          },
        },
      },
    });
  });

  it('logs what it blocks where WAF may write, without keys and signatures', () => {
    const [logging] = stack('base-primary').resources('aws_wafv2_web_acl_logging_configuration');
    expect(logging).toMatchObject({
      redacted_fields: [{ single_header: { name: 'authorization' } }, { single_header: { name: 'x-api-key' } }],
      logging_filter: {
        default_behavior: 'DROP',
        filter: [{ behavior: 'KEEP', condition: [{ action_condition: { action: 'BLOCK' } }] }],
      },
    });
    expect(stack('base-primary').resources('aws_cloudwatch_log_group')).toMatchObject([
      { name: 'aws-waf-logs-two-region-api-dev', retention_in_days: 30 },
    ]);
  });

  it('stands before every REST stage of its region', () => {
    for (const name of ['envA', 'envB', 'preview']) {
      const [association] = stack(`${name}-secondary`).resources('aws_wafv2_web_acl_association');
      expect(association?.resource_arn).toMatch(/^\$\{aws_api_gateway_stage\..+\.arn\}$/);
      expect(association?.web_acl_arn).toContain('dev-base-secondary');
    }
  });

  it('takes limits and exceptions from the settings, as routes and the health check do', async () => {
    const changes = {
      wafRateLimit: 10,
      wafCountedRules: [],
      routeThrottle: { rateLimit: 5, burstLimit: 7 },
      healthcheckConcurrency: 0,
    };
    const other = await synthesizeStage('dev', changes);
    const [acl] = other('base-primary').resources('aws_wafv2_web_acl');
    expect(rulesOf(acl)[0]).toMatchObject({ statement: { rate_based_statement: { limit: 10 } } });
    expect(rulesOf(acl)[2]?.statement).toMatchObject({ managed_rule_group_statement: { rule_action_override: [] } });
    const limits = { throttling_rate_limit: 5, throttling_burst_limit: 7 };
    expect(other('preview-primary').resources('aws_api_gateway_method_settings')).toMatchObject([{ settings: limits }]);
    expect(other('envA-primary').resources('aws_apigatewayv2_stage')).toMatchObject([
      { default_route_settings: limits },
    ]);
    const reserved = (of: typeof stack) =>
      of('api-primary')
        .resources('aws_lambda_function')
        .filter(({ reserved_concurrent_executions }) => reserved_concurrent_executions !== undefined)
        .map(({ function_name, reserved_concurrent_executions }) => [function_name, reserved_concurrent_executions]);
    expect(reserved(other)).toEqual([]);
    expect(reserved(stack)).toEqual([
      ['two-region-api-dev-healthcheck', loadSettings('settings.conf').healthcheckConcurrency],
    ]);
  });
});
