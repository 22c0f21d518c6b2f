import { describe, expect, it } from 'vitest';
import { synthesizeStage } from '#tests/support/synthesized-stage.ts';

describe('the entry of a region', async () => {
  const stack = await synthesizeStage();
  const entry = stack('entry-secondary');

  it('maps both public names to target_env, which has no default and admits the environments only (S0.13)', () => {
    const led = (type: string, path: string) => entry.resources(type).filter((mapping) => mapping[path] === undefined);
    expect(led('aws_api_gateway_base_path_mapping', 'base_path')).toMatchObject([
      { stage_name: '${var.target_env}' },
      { stage_name: '${var.target_env}' },
    ]);
    expect(led('aws_apigatewayv2_api_mapping', 'api_mapping_key')).toMatchObject([
      { stage: '${var.target_env}' },
      { stage: '${var.target_env}' },
    ]);
    for (const name of ['entry-primary', 'entry-secondary']) {
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
        endpoint_configuration: { types: ['REGIONAL'], ip_address_type: 'dualstack' },
        regional_certificate_arn: expect.stringContaining('parameter-certificate_arn_secondary'),
      },
      {
        domain_name: 'eu-west-1.${nonsensitive(data.aws_ssm_parameter.parameter-domain_name.value)}',
        security_policy: 'TLS_1_2',
        endpoint_configuration: { types: ['REGIONAL'], ip_address_type: 'dualstack' },
        regional_certificate_arn: expect.stringContaining('regional-secondary-issued'),
      },
    ]);
  });

  it("waits for the certificate of the HTTP API's name to be issued (S2.5)", () => {
    const [domain] = entry.resources('aws_apigatewayv2_domain_name');
    expect(domain?.domain_name_configuration).toMatchObject({
      certificate_arn: expect.stringMatching(
        /^\$\{data\.terraform_remote_state\..+outputs\.cross-stack-output-aws_acm_certificate_validationevents-secondary-issuedcertificate_arn\}$/,
      ),
      ip_address_type: 'dualstack',
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
      { domain_name: 'eu-west-1.${nonsensitive(data.aws_ssm_parameter.parameter-domain_name.value)}' },
    ]);
    expect(entry.json).not.toContain('nonsensitive(data.aws_ssm_parameter.parameter-api_key');
  });
});

describe("a region's own names (B23)", async () => {
  const stage = await synthesizeStage();
  const entry = stage('entry-secondary');

  it('have a domain of each API, with one certificate of their own', () => {
    const [, rest] = entry.resources('aws_api_gateway_domain_name');
    const [, http] = entry.resources('aws_apigatewayv2_domain_name');
    expect([rest?.domain_name, http?.domain_name]).toEqual([
      'eu-west-1.${nonsensitive(data.aws_ssm_parameter.parameter-domain_name.value)}',
      'eu-west-1.${nonsensitive(data.aws_ssm_parameter.parameter-events_domain_name.value)}',
    ]);
    expect(http?.domain_name_configuration).toMatchObject({ certificate_arn: rest?.regional_certificate_arn });
  });

  it('lead to every environment by its name, so that none needs the execute-api host', () => {
    const paths = entry.resources('aws_api_gateway_base_path_mapping').flatMap((mapping) => mapping.base_path ?? []);
    const keys = entry.resources('aws_apigatewayv2_api_mapping').flatMap((mapping) => mapping.api_mapping_key ?? []);
    expect([paths, keys]).toEqual([
      ['envA', 'envB', 'preview'],
      ['envA', 'envB', 'preview'],
    ]);
  });

  it('have records that lead to their region whatever its health is', () => {
    const records = stage('routing')
      .resources('aws_route53_record')
      .filter((record) => record.set_identifier === undefined);
    expect(records.map(({ type }) => type).sort()).toEqual([...Array(4).fill('A'), ...Array(4).fill('AAAA')]);
    for (const record of records) {
      expect(record).not.toHaveProperty('health_check_id');
      expect(record).not.toHaveProperty('failover_routing_policy');
      expect(record.alias).toMatchObject({ evaluate_target_health: false });
    }
  });

  it('let the execute-api hosts be closed by a setting', async () => {
    const closed = (await synthesizeStage('dev', { executeApiEndpoint: 'closed' }))('api-primary');
    for (const type of ['aws_api_gateway_rest_api', 'aws_apigatewayv2_api']) {
      expect(stage('api-primary').resources(type)).toMatchObject([{ disable_execute_api_endpoint: false }]);
      expect(closed.resources(type)).toMatchObject([{ disable_execute_api_endpoint: true }]);
    }
  });
});

describe('the certificates that the stacks make (B29, B23)', async () => {
  const certificates = (await synthesizeStage())('certificates');

  it('are two of the HTTP API and one for the names of each region, each of its region', () => {
    expect(certificates.resources('aws_acm_certificate')).toMatchObject([
      { provider: 'aws.primary', validation_method: 'DNS' },
      { provider: 'aws', validation_method: 'DNS' },
      {
        provider: 'aws.primary',
        subject_alternative_names: [
          'eu-central-1.${nonsensitive(data.aws_ssm_parameter.parameter-domain_name.value)}',
          'eu-central-1.${nonsensitive(data.aws_ssm_parameter.parameter-events_domain_name.value)}',
        ],
      },
      { provider: 'aws', subject_alternative_names: [expect.stringMatching(/^eu-west-1\./), expect.anything()] },
    ]);
    expect(certificates.parsed.provider).toMatchObject({
      aws: [{ region: 'eu-west-1' }, { alias: 'primary', region: 'eu-central-1' }],
    });
    expect(certificates.resources('aws_acm_certificate_validation')).toHaveLength(4);
  });

  it('begin with a name that ACM takes there, as a region makes each name longer than it may be', () => {
    const first = certificates.resources('aws_acm_certificate').map((certificate) => certificate.domain_name);
    expect(new Set(first)).toEqual(
      new Set(['${nonsensitive(data.aws_ssm_parameter.parameter-events_domain_name.value)}']),
    );
  });

  it('are proved by records that no other stack has, each name by one', () => {
    const records = certificates.resources('aws_route53_record');
    expect(records).toHaveLength(5);
    for (const record of records) expect(record).toMatchObject({ allow_overwrite: true });
    const [validation] = certificates.resources('aws_acm_certificate_validation').slice(-1);
    expect(validation?.validation_record_fqdns).toHaveLength(3);
  });
});

describe('routing (S0.17)', async () => {
  const routing = (await synthesizeStage())('routing');

  it("asks each region's own names for the health of their API over HTTPS, 10 s × 3 (B23)", () => {
    const checks = routing.resources('aws_route53_health_check').filter(({ type }) => type === 'HTTPS');
    expect(checks.map(({ fqdn, resource_path }) => [fqdn, resource_path])).toEqual(
      [
        ['eu-central-1', 'primary', 'events_domain_name', '/events/healthcheck?shallow=true'],
        ['eu-west-1', 'secondary', 'events_domain_name', '/events/healthcheck?shallow=true'],
        ['eu-central-1', 'primary', 'domain_name', '/healthcheck?shallow=true'],
        ['eu-west-1', 'secondary', 'domain_name', '/healthcheck?shallow=true'],
      ].map(([region, type, name, path]) => [
        expect.stringMatching(`^${region}\\..+entry-${type}.+parameter-${name}`),
        path,
      ]),
    );
    for (const check of checks) {
      expect(check).toMatchObject({
        type: 'HTTPS',
        port: 443,
        enable_sni: true,
        request_interval: 10,
        failure_threshold: 3,
      });
    }
  });

  it('asks for data too where the settings say so', async () => {
    const deep = (await synthesizeStage('dev', { dnsHealthCheck: 'deep' }))('routing');
    const paths = deep
      .resources('aws_route53_health_check')
      .filter(({ type }) => type === 'HTTPS')
      .map((check) => check.resource_path);
    expect(paths).toEqual(['/events/healthcheck', '/events/healthcheck', '/healthcheck', '/healthcheck']);
  });

  it('does not know the target, so that a switch leaves health checks alone (B25)', () => {
    expect(routing.parsed.variable).toBeUndefined();
  });

  it("fails both names over from PRIMARY to SECONDARY, each record with the check of its region's API", () => {
    const all = routing.resources('aws_route53_record').filter((record) => record.set_identifier !== undefined);
    const records = all.filter(({ type }) => type === 'A');
    // For IPv6 the same: a client that prefers it is moved by the same checks.
    const withoutType = (type: string) =>
      all.filter((record) => record.type === type).map((record) => ({ ...record, type: '' }));
    expect(withoutType('AAAA')).toEqual(withoutType('A'));
    expect(records.map((record) => [record.set_identifier, record.failover_routing_policy])).toEqual([
      ['primary', { type: 'PRIMARY' }],
      ['secondary', { type: 'SECONDARY' }],
      ['primary', { type: 'PRIMARY' }],
      ['secondary', { type: 'SECONDARY' }],
    ]);
    const checks = records.map(
      ({ health_check_id }) => /health_check\.([\w-]+-region)_/.exec(String(health_check_id))?.[1],
    );
    expect(checks).toEqual(['events-primary-region', 'events-secondary-region', 'primary-region', 'secondary-region']);
    for (const record of records) {
      // Route 53 asks it of failover aliases; false is said of none that has a check of its own.
      expect(record.alias).toMatchObject({ evaluate_target_health: true });
    }
  });

  it('can be planned while the primary region is down', () => {
    expect(routing.parsed.provider).toMatchObject({ aws: [{ region: 'eu-west-1' }] });
    expect(routing.dataSources('aws_ssm_parameter')).toEqual([]);
  });
});

describe('ACTIVE_REGION and ROUTING_POLICY (S4.2)', async () => {
  const stages = {
    default: await synthesizeStage(),
    secondary: await synthesizeStage('dev', { activeRegion: 'secondary' }),
    weighted: await synthesizeStage('dev', {
      routingPolicy: 'weighted',
      routingWeights: { primary: 70, secondary: 30 },
    }),
    latency: await synthesizeStage('dev', { routingPolicy: 'latency' }),
  };
  const publicRecords = (stage: keyof typeof stages) =>
    stages[stage]('routing')
      .resources('aws_route53_record')
      .filter((record) => record.set_identifier !== undefined)
      .map((record) => ({
        id: record.set_identifier,
        type: record.type,
        leadsTo: /entry-(primary|secondary)/.exec(JSON.stringify(record.alias))?.[1],
        check: /health_check\.([\w-]+)-region_/.exec(String(record.health_check_id))?.[1]?.replace('events-', ''),
        policy: record.failover_routing_policy ?? record.weighted_routing_policy ?? record.latency_routing_policy,
      }));
  const four = (...pair: readonly [object, object]) =>
    expect.arrayContaining(
      ['A', 'AAAA'].flatMap((type) => [0, 1].flatMap(() => pair.map((each) => ({ ...each, type })))),
    );

  it('the records of the active region are PRIMARY, with its check, and keep their names: Route 53 takes neither role twice', () => {
    expect(publicRecords('secondary')).toHaveLength(8);
    expect(publicRecords('secondary')).toEqual(
      four(
        { id: 'primary', leadsTo: 'secondary', check: 'secondary', policy: { type: 'PRIMARY' } },
        { id: 'secondary', leadsTo: 'primary', check: 'primary', policy: { type: 'SECONDARY' } },
      ),
    );
    const addresses = (stage: keyof typeof stages) =>
      Object.keys(Object(Object(stages[stage]('routing').parsed).resource).aws_route53_record).sort();
    for (const stage of ['secondary', 'weighted', 'latency'] as const) {
      expect(addresses(stage)).toEqual(addresses('default'));
    }
  });

  it('weighted and latency records lead to the region that they are named by, with the same checks', () => {
    const own = (regionType: string, policy: object) => ({
      id: regionType,
      leadsTo: regionType,
      check: regionType,
      policy,
    });
    expect(publicRecords('weighted')).toHaveLength(8);
    expect(publicRecords('weighted')).toEqual(four(own('primary', { weight: 70 }), own('secondary', { weight: 30 })));
    expect(publicRecords('latency')).toEqual(
      four(own('primary', { region: 'eu-central-1' }), own('secondary', { region: 'eu-west-1' })),
    );
    const checks = (stage: keyof typeof stages) => stages[stage]('routing').resources('aws_route53_health_check');
    for (const stage of ['secondary', 'weighted', 'latency'] as const) expect(checks(stage)).toEqual(checks('default'));
  });

  it('what holds and watches traffic is in the region that stands by; with both active each watches the other', async () => {
    const functionsOf = async (changes: Parameters<typeof synthesizeStage>[1]) => {
      const stage = await synthesizeStage('dev', { failback: 'manual', routeAway: 'watch', ...changes });
      return ['base-primary', 'base-secondary'].map((name) =>
        stage(name)
          .resources('aws_lambda_function')
          .map((each) => String(each.function_name).replace('two-region-api-dev-', ''))
          .filter((each) => each !== 'heartbeat')
          .sort(),
      );
    };
    const both = ['region-watch', 'route-latch'];
    expect(await functionsOf({})).toEqual([[], both]);
    expect(await functionsOf({ activeRegion: 'secondary' })).toEqual([both, []]);
    expect(await functionsOf({ routingPolicy: 'latency', failback: 'automatic' })).toEqual([
      ['region-watch'],
      ['region-watch'],
    ]);
  });

  it('alarms say where traffic goes from each region', () => {
    const said = (stage: keyof typeof stages) =>
      stages[stage]('observability')
        .resources('aws_cloudwatch_metric_alarm')
        .filter(({ metric_name }) => metric_name === 'HealthCheckStatus')
        .map(({ alarm_description }) => String(alarm_description))
        .filter((text) => !text.includes('events-'));
    expect(said('default')).toEqual([
      'Route 53 takes primary for unhealthy: traffic goes to the secondary region.',
      'Route 53 takes secondary for unhealthy: there is nowhere to fail over to.',
    ]);
    expect(said('secondary')).toEqual([
      'Route 53 takes primary for unhealthy: there is nowhere to fail over to.',
      'Route 53 takes secondary for unhealthy: traffic goes to the primary region.',
    ]);
    expect(said('weighted')).toEqual([
      'Route 53 takes primary for unhealthy: all traffic goes to the secondary region.',
      'Route 53 takes secondary for unhealthy: all traffic goes to the primary region.',
    ]);
  });
});
