import { describe, expect, it } from 'vitest';
import { loadSettings } from '#stacks/settings/index.ts';
import { synthesizeStage } from '#tests/support/synthesized-stage.ts';

const edge = { priceClass: 'PriceClass_100', bypass: 'open' } as const;
const EVENTS = 'dataaws_ssm_parameterparameter-events_domain_name';

describe('the edge (S4.1)', async () => {
  const active = await synthesizeStage('dev', { edge: { ...edge, state: 'active' } });
  const distributions = active('edge').resources('aws_cloudfront_distribution');

  it('is not there unless settings have it, and what is there then knows nothing of it', async () => {
    const none = await synthesizeStage();
    expect(() => none('edge')).toThrow('No stack dev-edge');
    for (const name of ['routing', 'base-primary', 'base-secondary']) {
      expect(none(name).json).not.toMatch(/origin\.|x-origin-verify|edge/);
    }
  });

  it('stands before both public names, each of which is what the origin sees, over TLS 1.2', () => {
    expect(distributions).toHaveLength(2);
    for (const distribution of distributions) {
      expect(distribution).toMatchObject({
        aliases: [expect.stringContaining('domain_name')],
        http_version: 'http2and3',
        is_ipv6_enabled: true,
        price_class: 'PriceClass_100',
        // Records lead to it only when every place of the edge knows the name.
        wait_for_deployment: true,
        viewer_certificate: {
          acm_certificate_arn: expect.stringContaining('parameter-certificate_arn_edge'),
          minimum_protocol_version: 'TLSv1.2_2021',
        },
        origin: [
          {
            domain_name: expect.stringMatching(/^origin\.\$\{/),
            connection_attempts: 2,
            connection_timeout: 3,
            custom_header: [{ name: 'x-origin-verify', value: expect.stringContaining('parameter-edge_secret') }],
            custom_origin_config: { origin_protocol_policy: 'https-only', origin_ssl_protocols: ['TLSv1.2'] },
          },
        ],
        default_cache_behavior: {
          // CachingDisabled and AllViewer, which hands the Host on.
          cache_policy_id: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
          origin_request_policy_id: '216adef6-5c7f-47e4-b989-5493eafa07d3',
          allowed_methods: expect.arrayContaining(['POST', 'DELETE']),
        },
      });
      expect(distribution).not.toHaveProperty('origin_group');
      expect(distribution.origin).not.toEqual([expect.objectContaining({ origin_path: expect.anything() })]);
    }
  });

  it('keeps no error of any kind', () => {
    const kept = distributions[0]?.custom_error_response as readonly Readonly<Record<string, number>>[];
    expect(kept.map(({ error_code: status }) => status)).toEqual([
      400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504,
    ]);
    expect(kept.every(({ error_caching_min_ttl: seconds }) => seconds === 0)).toBe(true);
  });

  it('has its web ACL and its logs in us-east-1, and counts clients there', () => {
    expect(active('edge').parsed.provider.aws).toMatchObject([
      { region: 'eu-west-1' },
      { alias: 'edge', region: 'us-east-1' },
    ]);
    expect(active('edge').resources('aws_wafv2_web_acl')).toMatchObject([
      { provider: 'aws.edge', scope: 'CLOUDFRONT', name: 'two-region-api-dev-edge' },
    ]);
    for (const type of [
      'aws_cloudwatch_log_group',
      'aws_cloudwatch_log_delivery',
      'aws_cloudwatch_log_delivery_source',
    ]) {
      for (const found of active('edge').resources(type)) expect(found).toMatchObject({ provider: 'aws.edge' });
    }
    expect(active('edge').resources('aws_cloudwatch_log_delivery')).toHaveLength(2);
  });

  it('is followed by the public names while it is active; its origins follow health, writes with them', () => {
    const records = active('routing').resources('aws_route53_record');
    const named = (start: RegExp) => records.filter(({ name, set_identifier: id }) => id && start.test(String(name)));
    const [origins, names] = [named(/^origin\./), named(/^\$\{/)];
    expect([origins.length, names.length]).toEqual([8, 8]);
    for (const record of origins) {
      expect(record).toMatchObject({
        health_check_id: expect.anything(),
        failover_routing_policy: { type: expect.stringMatching(/^(PRIMARY|SECONDARY)$/) },
        alias: { name: expect.stringMatching(/regional_domain_name|target_domain_name/), evaluate_target_health: true },
      });
    }
    for (const record of names) {
      const isOfEvents = String(record.name).includes(EVENTS);
      expect(record).toMatchObject({
        alias: {
          name: expect.stringMatching(isOfEvents ? /distributionevents-edge/ : /distributionrest-edge/),
          // Route 53 refuses to be asked for a distribution's health.
          evaluate_target_health: false,
        },
        depends_on: expect.arrayContaining([expect.stringContaining('origin-record')]),
      });
    }
  });

  it('moves the names by a change of their records in place: same ids, names, policies (no gap)', async () => {
    const standby = await synthesizeStage('dev', { edge: { ...edge, state: 'standby' } });
    const none = await synthesizeStage();
    const placesOf = (stack: typeof none) =>
      Object.entries(
        JSON.parse(stack('routing').json).resource.aws_route53_record as Record<string, Record<string, unknown>>,
      )
        .filter(([id]) => !id.includes('origin'))
        .map(([id, { set_identifier, failover_routing_policy, health_check_id, type }]) => [
          id,
          { set_identifier, failover_routing_policy, health_check_id, type },
        ]);
    expect(placesOf(standby)).toEqual(placesOf(none));
    expect(placesOf(active)).toEqual(placesOf(none));
    // Beside it the edge is whole before anybody is led to it.
    expect(JSON.parse(standby('edge').json).resource).toEqual(JSON.parse(active('edge').json).resource);
    expect(standby('routing').json).not.toContain('cloudfront');
  });

  it('is known to the regions: what comes through it was counted there, and all else counts', () => {
    const [acl] = active('base-primary').resources('aws_wafv2_web_acl');
    const text = JSON.stringify(acl);
    expect(text.match(/x-origin-verify/g)).toHaveLength(2);
    expect(text).not.toContain('"bypass"');
    // Statements three deep are all that the provider takes.
    expect(acl).toMatchObject({
      rule: [
        {
          statement: {
            rate_based_statement: { scope_down_statement: { and_statement: { statement: [{}, {}, {}, {}, {}, {}] } } },
          },
        },
        {},
        {},
      ],
    });
  });

  it('counts each client but for the health routes of either API, each as a whole', () => {
    const [acl] = active('edge').resources('aws_wafv2_web_acl');
    expect(acl).toMatchObject({
      rule: [
        {
          statement: {
            rate_based_statement: {
              scope_down_statement: {
                and_statement: {
                  statement: ['/healthcheck', '/events/healthcheck'].map((search_string) => ({
                    not_statement: {
                      statement: { byte_match_statement: { positional_constraint: 'EXACTLY', search_string } },
                    },
                  })),
                },
              },
            },
          },
        },
        {},
        {},
      ],
    });
  });

  it('can be the only way in: the regions block what lacks either value of its secret, but health checks', async () => {
    const closed = await synthesizeStage('dev', { edge: { ...edge, state: 'active', bypass: 'closed' } });
    const [acl] = closed('base-secondary').resources('aws_wafv2_web_acl');
    expect(acl?.rule).toMatchObject([
      {},
      {},
      {},
      {
        name: 'bypass',
        action: { block: {} },
        statement: {
          and_statement: {
            statement: [
              ...['/healthcheck', '/envA/healthcheck', '/envB/healthcheck', '/preview/healthcheck'].map(
                (search_string) => ({
                  not_statement: {
                    statement: { byte_match_statement: { positional_constraint: 'EXACTLY', search_string } },
                  },
                }),
              ),
              {
                not_statement: {
                  statement: {
                    byte_match_statement: { search_string: expect.stringMatching(/^\$\{element\(split\(/) },
                  },
                },
              },
              {
                not_statement: {
                  statement: {
                    byte_match_statement: { search_string: expect.stringMatching(/^\$\{element\(reverse\(/) },
                  },
                },
              },
            ],
          },
        },
      },
    ]);
    const [logging] = closed('base-secondary').resources('aws_wafv2_web_acl_logging_configuration');
    expect(JSON.stringify(logging?.redacted_fields)).toContain('x-origin-verify');
  });

  it('keeps its secret out of every output and description', () => {
    for (const name of ['edge', 'base-primary', 'base-secondary', 'routing']) {
      const { output = {} } = JSON.parse(active(name).json);
      expect(JSON.stringify(output)).not.toContain('edge_secret');
    }
    expect(active('edge').json).not.toContain('nonsensitive(data.aws_ssm_parameter.parameter-edge_secret');
  });

  it('has the same content as shipped in settings.conf: off', () => {
    expect(loadSettings('settings.conf').edge).toEqual({ state: 'none', priceClass: 'PriceClass_100', bypass: 'open' });
  });
});
