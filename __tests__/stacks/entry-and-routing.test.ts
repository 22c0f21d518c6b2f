import { describe, expect, it } from 'vitest';
import { synthesizeStage } from '#tests/support/synthesized-stage.ts';

describe('the entry of a region', async () => {
  const stack = await synthesizeStage();
  const entry = stack('entry-secondary');

  it('maps both public names to target_env, which has no default and admits the environments only (S0.13)', () => {
    expect(entry.resources('aws_api_gateway_base_path_mapping')).toMatchObject([{ stage_name: '${var.target_env}' }]);
    expect(entry.resources('aws_apigatewayv2_api_mapping')).toMatchObject([{ stage: '${var.target_env}' }]);
    for (const name of ['entry-primary', 'entry-secondary', 'routing']) {
      const variable = stack(name).parsed.variable?.target_env;
      expect(variable).not.toHaveProperty('default');
      expect(variable).toMatchObject({
        nullable: false,
        validation: [{ condition: '${contains(["envA", "envB"], var.target_env)}' }],
      });
    }
  });

  it('is a regional domain with TLS 1.2 and the certificate of its own region (S0.17)', () => {
    expect(entry.resources('aws_api_gateway_domain_name')).toMatchObject([
      {
        security_policy: 'TLS_1_2',
        endpoint_configuration: { types: ['REGIONAL'] },
        regional_certificate_arn: expect.stringContaining('parameter-certificate_arn_secondary'),
      },
    ]);
  });

  it("waits for the certificate of the HTTP API's name to be issued (S2.5)", () => {
    const [domain] = entry.resources('aws_apigatewayv2_domain_name');
    expect(domain?.domain_name_configuration).toMatchObject({
      certificate_arn: expect.stringMatching(
        /^\$\{data\.terraform_remote_state\..+outputs\.cross-stack-output-aws_acm_certificate_validationevents-secondary-issuedcertificate_arn\}$/,
      ),
      security_policy: 'TLS_1_2',
    });
  });

  it('admits what one parameter holds, named by fingerprint, the same in both regions, to every environment (S0.16, S4.3)', () => {
    const values = 'split(",", data.aws_ssm_parameter.parameter-api_key.value)';
    const fingerprints = `[ for key, val in toset(${values}): substr(sha256(val), 0, 8)]`;
    for (const name of ['entry-primary', 'entry-secondary']) {
      const [key] = stack(name).resources('aws_api_gateway_api_key');
      expect(key).toMatchObject({
        for_each: `\${toset(nonsensitive(${fingerprints}))}`,
        name: 'two-region-api-dev-${each.value}',
        value: `\${zipmap(${fingerprints}, [ for key, val in toset(${values}): val])[each.value]}`,
      });
      const [plan] = stack(name).resources('aws_api_gateway_usage_plan');
      expect(plan).toMatchObject({ throttle_settings: { rate_limit: 50, burst_limit: 100 } });
      expect(plan?.api_stages).toHaveLength(2);
    }
  });

  it('keeps secrets sensitive and shows the rest', () => {
    expect(entry.resources('aws_api_gateway_domain_name')).toMatchObject([
      { domain_name: '${nonsensitive(data.aws_ssm_parameter.parameter-domain_name.value)}' },
    ]);
    expect(entry.json).not.toContain('nonsensitive(data.aws_ssm_parameter.parameter-api_key');
  });
});

describe("the certificates of the HTTP API's name (B29)", async () => {
  const certificates = (await synthesizeStage())('certificates');

  it('are two, each of its region, proved by one record that no other stack has', () => {
    expect(certificates.resources('aws_acm_certificate')).toMatchObject([
      { provider: 'aws.primary', validation_method: 'DNS' },
      { provider: 'aws', validation_method: 'DNS' },
    ]);
    expect(certificates.parsed.provider).toMatchObject({
      aws: [{ region: 'eu-west-1' }, { alias: 'primary', region: 'eu-central-1' }],
    });
    expect(certificates.resources('aws_acm_certificate_validation')).toHaveLength(2);
    expect(certificates.resources('aws_route53_record')).toMatchObject([{ allow_overwrite: true }]);
  });
});

describe('routing (S0.17)', async () => {
  const routing = (await synthesizeStage())('routing');

  it("asks each region's execute-api host for the target's health over HTTPS, 10 s × 3", () => {
    const checks = routing.resources('aws_route53_health_check').filter(({ type }) => type === 'HTTPS');
    expect(checks).toHaveLength(2);
    for (const check of checks) {
      expect(check).toMatchObject({
        type: 'HTTPS',
        port: 443,
        enable_sni: true,
        request_interval: 10,
        failure_threshold: 3,
        resource_path: '/${var.target_env}/healthcheck?shallow=true',
      });
    }
    const hosts = checks.map((check) => String(check.fqdn));
    expect(hosts.some((host) => host.endsWith('.execute-api.eu-central-1.amazonaws.com'))).toBe(true);
    expect(hosts.some((host) => host.endsWith('.execute-api.eu-west-1.amazonaws.com'))).toBe(true);
  });

  it('asks for data too where the settings say so', async () => {
    const deep = (await synthesizeStage('dev', { dnsHealthCheck: 'deep' }))('routing');
    const asked = deep.resources('aws_route53_health_check').filter(({ type }) => type === 'HTTPS');
    expect(asked.map((check) => check.resource_path)).toEqual([
      '/${var.target_env}/healthcheck',
      '/${var.target_env}/healthcheck',
    ]);
  });

  it("fails both names over from PRIMARY to SECONDARY, each record with its region's check", () => {
    const records = routing.resources('aws_route53_record');
    expect(records.map((record) => [record.set_identifier, record.failover_routing_policy])).toEqual([
      ['primary', { type: 'PRIMARY' }],
      ['secondary', { type: 'SECONDARY' }],
      ['primary', { type: 'PRIMARY' }],
      ['secondary', { type: 'SECONDARY' }],
    ]);
    for (const record of records) {
      // Route 53 asks it of failover aliases; false is said of none that has a check of its own.
      expect(record.alias).toMatchObject({ evaluate_target_health: true });
      expect(record.health_check_id).toContain(`aws_route53_health_check.${record.set_identifier}-region`);
    }
  });

  it('can be planned while the primary region is down', () => {
    expect(routing.parsed.provider).toMatchObject({ aws: [{ region: 'eu-west-1' }] });
    expect(routing.dataSources('aws_ssm_parameter')).toEqual([]);
  });
});
