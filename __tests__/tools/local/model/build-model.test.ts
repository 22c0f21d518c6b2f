import { describe, expect, it } from 'vitest';
import type { Json } from '#local/terraform/expression/value/value.ts';
import { stack } from '#tests/tools/local/terraform/stack-fixture.ts';
import { modelOf, modelOfStacks, ref } from './model-fixture.ts';

describe('tables', () => {
  it('with a replica stand in both regions, each with the ARN of its own (S0.8)', () => {
    const { primary, secondary } = modelOf({
      aws_dynamodb_table: {
        log: {
          name: 'log',
          hash_key: 'date',
          range_key: 'time',
          attribute: [
            { name: 'date', type: 'S' },
            { name: 'time', type: 'N' },
          ],
          replica: { region_name: 'eu-west-1' },
        },
        own: { name: 'own', hash_key: 'id', attribute: { name: 'id', type: 'S' } },
      },
    }).regions;
    const log = {
      name: 'log',
      hashKey: 'date',
      rangeKey: 'time',
      attributes: [
        { name: 'date', type: 'S' },
        { name: 'time', type: 'N' },
      ],
      global: true,
    };
    expect(primary.tables).toEqual([
      { ...log, arn: 'arn:aws:dynamodb:eu-central-1:000000000000:table/log', replicaRegions: ['eu-west-1'] },
      {
        name: 'own',
        arn: 'arn:aws:dynamodb:eu-central-1:000000000000:table/own',
        hashKey: 'id',
        attributes: [{ name: 'id', type: 'S' }],
        global: false,
      },
    ]);
    expect(secondary.tables).toEqual([
      { ...log, arn: 'arn:aws:dynamodb:eu-west-1:000000000000:table/log', replicaRegions: ['eu-central-1'] },
    ]);
  });
});

describe('buckets', () => {
  it('are versioned where their versioning says so, hold what Terraform puts there and show everybody what their policies do (S0.8, B6)', () => {
    const policy = (Effect: string, Action: string, Resource: string) =>
      JSON.stringify({ Statement: [{ Effect, Action, Resource, Principal: '*' }] });
    const versioning = (bucket: string, status: string) => ({ bucket, versioning_configuration: { status } });
    const { buckets } = modelOf({
      aws_s3_bucket: { a: { bucket: 'a' }, b: { bucket: 'b' }, c: { bucket: 'c', versioning: [{ enabled: true }] } },
      aws_s3_bucket_ownership_controls: { c: { bucket: 'c', rule: { object_ownership: 'ObjectWriter' } } },
      aws_s3_bucket_versioning: {
        a: versioning(ref('aws_s3_bucket.a.id'), 'Enabled'),
        b: versioning('b', 'Suspended'),
      },
      aws_s3_bucket_policy: {
        a: { bucket: 'a', policy: policy('Allow', 's3:GetObject', 'arn:aws:s3:::a/open.json') },
        b: { bucket: 'b', policy: policy('Deny', 's3:*', 'arn:aws:s3:::b/*') },
      },
      aws_s3_object: { open: { bucket: 'a', key: 'open.json', content: '{}' } },
    }).regions.primary;
    expect(buckets).toEqual([
      {
        name: 'a',
        versioned: true,
        publicObjects: ['arn:aws:s3:::a/open.json'],
        objects: { 'open.json': '{}' },
      },
      { name: 'b', versioned: false, suspended: true },
      { name: 'c', versioned: true, takesAcls: true },
    ]);
  });
});

describe('what S3 copies (B16)', () => {
  const destination = { bucket: 'arn:aws:s3:::b', replication_time: [{ status: 'Enabled', time: [{ minutes: 15 }] }] };
  const rule = { id: 'r', status: 'Enabled', priority: 1, filter: { prefix: '' }, destination: [destination] };
  const configured = (...rules: readonly Json[]) =>
    modelOf({
      aws_s3_bucket: { a: { bucket: 'a' } },
      aws_s3_bucket_replication_configuration: { a: { bucket: 'a', role: 'arn:aws:iam::1:role/r', rule: [...rules] } },
    });
  const replicationOf = (...rules: readonly Json[]) =>
    configured(...rules).regions.primary.buckets.map(({ replication }) => replication);

  it('stands at the bucket that it is copied from', () => {
    const copied = {
      role: 'arn:aws:iam::1:role/r',
      ruleId: 'r',
      priority: 1,
      prefix: '',
      destination: 'arn:aws:s3:::b',
      copiesDeleteMarkers: false,
      copiesReplicaModifications: false,
      minutes: 15,
    };
    expect(replicationOf(rule)).toEqual([copied]);
    const everything = {
      delete_marker_replication: [{ status: 'Enabled' }],
      source_selection_criteria: [{ replica_modifications: [{ status: 'Enabled' }] }],
    };
    expect(replicationOf({ ...rule, ...everything })).toEqual([
      { ...copied, copiesDeleteMarkers: true, copiesReplicaModifications: true },
    ]);
    expect(replicationOf({ ...rule, status: 'Disabled' })).toEqual([undefined]);
  });

  it.each([
    ['several rules', [rule, rule]],
    ['a rule of version 1', [{ id: 'r', status: 'Enabled', prefix: '', destination: [destination] }]],
    ['a rule for tags', [{ ...rule, filter: { tag: { key: 'k', value: 'v' } } }]],
  ])('is told to be not served: %s', (_, rules) => {
    expect(replicationOf(...rules)).toEqual([undefined]);
    expect(configured(...rules).unserved.map(({ type }) => type)).toContain('aws_s3_bucket_replication_configuration');
  });
});

describe('usage plans', () => {
  const plan = { name: 'plan', api_stages: [{ api_id: 'api', stage: 'envA' }] };

  it('have their keys, throttle and quota (S0.16, S3.4)', () => {
    const { usagePlans } = modelOf({
      aws_api_gateway_api_key: {
        own: { name: 'own', value: 'secret-secret-secret' },
        made: { name: 'made', enabled: false },
        other: { name: 'other' },
      },
      aws_api_gateway_usage_plan: {
        plan: {
          ...plan,
          throttle_settings: { rate_limit: 0.5, burst_limit: 10 },
          quota_settings: [{ limit: 100, period: 'DAY' }],
        },
        bare: { name: 'bare' },
      },
      aws_api_gateway_usage_plan_key: Object.fromEntries(
        ['own', 'made'].map((name) => [
          name,
          {
            key_id: ref(`aws_api_gateway_api_key.${name}.id`),
            key_type: 'API_KEY',
            usage_plan_id: ref('aws_api_gateway_usage_plan.plan.id'),
          },
        ]),
      ),
    }).regions.primary;
    expect(usagePlans).toEqual([
      {
        id: expect.any(String),
        name: 'plan',
        apiStages: [{ apiId: 'api', stage: 'envA' }],
        throttle: { rateLimit: 0.5, burstLimit: 10 },
        quota: { limit: 100, offset: 0, period: 'DAY' },
        keys: [
          { id: expect.any(String), name: 'own', value: 'secret-secret-secret', enabled: true },
          { id: expect.any(String), name: 'made', value: expect.stringMatching(/^[a-z0-9]{40}$/), enabled: false },
        ],
      },
      { id: expect.any(String), name: 'bare', apiStages: [], keys: [] },
    ]);
  });

  it('with a key that nobody made are an error', () => {
    const key = { key_id: 'absent', key_type: 'API_KEY', usage_plan_id: 'p' };
    expect(() => modelOf({ aws_api_gateway_usage_plan_key: { lost: key } })).toThrow(
      'dev-api: aws_api_gateway_usage_plan_key.lost: key_id: no aws_api_gateway_api_key has the id absent',
    );
  });
});

describe('domains', () => {
  it('have the mappings of their region (S0.17)', () => {
    const entry = (region: string) =>
      stack(
        {
          provider: { aws: [{ region }] },
          resource: {
            aws_api_gateway_domain_name: { name: { domain_name: 'api.example.com' } },
            aws_api_gateway_base_path_mapping: {
              mapping: {
                api_id: `api-${region}`,
                stage_name: 'envB',
                domain_name: ref('aws_api_gateway_domain_name.name.domain_name'),
              },
            },
          },
        },
        `dev-entry-${region}`,
      );
    const { primary, secondary } = modelOfStacks(entry('eu-central-1'), entry('eu-west-1')).regions;
    expect(primary.domains).toEqual([
      {
        domainName: 'api.example.com',
        regionalDomainName: expect.stringMatching(/^d-.{10}\.execute-api\.eu-central-1\./),
        mappings: [{ basePath: '', apiId: 'api-eu-central-1', stage: 'envB' }],
      },
    ]);
    expect(secondary.domains[0]?.mappings).toEqual([{ basePath: '', apiId: 'api-eu-west-1', stage: 'envB' }]);
  });
});

describe('DNS', () => {
  it('has the health checks of endpoints and the failover records (S0.17)', () => {
    const { dns, unserved } = modelOf({
      aws_route53_health_check: {
        primary: {
          type: 'HTTPS',
          fqdn: 'api.example.com',
          resource_path: '/envA/healthcheck',
          request_interval: '10',
          failure_threshold: 3,
          tags: { Name: 'primary' },
        },
        plain: { type: 'HTTP', ip_address: '192.0.2.1', reference_name: 'plain', invert_healthcheck: true },
        text: { type: 'HTTPS_STR_MATCH', fqdn: 'b.s3.eu-west-1.amazonaws.com', search_string: 'away' },
        both: {
          type: 'CALCULATED',
          child_healthchecks: [ref('aws_route53_health_check.primary.id'), ref('aws_route53_health_check.plain.id')],
          child_health_threshold: 2,
        },
        alarm: { type: 'CLOUDWATCH_METRIC' },
      },
      aws_route53_record: {
        primary: {
          zone_id: 'Z1',
          name: 'api.example.com.',
          type: 'A',
          alias: { name: 'd-1.execute-api.eu-central-1.amazonaws.com.', zone_id: 'Z2', evaluate_target_health: false },
          failover_routing_policy: [{ type: 'PRIMARY' }],
          set_identifier: 'primary',
          health_check_id: ref('aws_route53_health_check.primary.id'),
        },
        weighted: {
          zone_id: 'Z1',
          name: 'w.example.com',
          type: 'A',
          alias: { name: 'd-1.execute-api.eu-central-1.amazonaws.com', zone_id: 'Z2', evaluate_target_health: false },
          weighted_routing_policy: [{ weight: 70 }],
          set_identifier: 'primary',
        },
        nearest: {
          zone_id: 'Z1',
          name: 'l.example.com',
          type: 'A',
          alias: { name: 'd-1.execute-api.eu-central-1.amazonaws.com', zone_id: 'Z2', evaluate_target_health: false },
          latency_routing_policy: [{ region: 'eu-central-1' }],
          set_identifier: 'primary',
        },
        text: { zone_id: 'Z1', name: 'x.example.com', type: 'TXT', ttl: 300, records: ['a'] },
      },
    });
    expect(dns.healthChecks).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        name: 'primary',
        fqdn: 'api.example.com',
        port: 443,
        resourcePath: '/envA/healthcheck',
        requestIntervalSeconds: 10,
        failureThreshold: 3,
        inverted: false,
      },
      {
        id: expect.any(String),
        name: 'plain',
        fqdn: '192.0.2.1',
        port: 80,
        resourcePath: '/',
        requestIntervalSeconds: 30,
        failureThreshold: 3,
        inverted: true,
      },
      expect.objectContaining({ name: 'text', port: 443, searchString: 'away' }),
    ]);
    const [first, second] = dns.healthChecks.map(({ id }) => id);
    expect(dns.calculatedChecks).toEqual([
      { id: expect.any(String), name: 'both', children: [first, second], threshold: 2, inverted: false },
    ]);
    expect(dns.records).toEqual([
      {
        name: 'api.example.com',
        type: 'A',
        setIdentifier: 'primary',
        failover: 'PRIMARY',
        healthCheckId: dns.healthChecks[0]?.id,
        aliasTarget: 'd-1.execute-api.eu-central-1.amazonaws.com',
        ttlSeconds: 60,
      },
      expect.objectContaining({ name: 'w.example.com', weight: 70 }),
      expect.objectContaining({ name: 'l.example.com', latencyRegion: 'eu-central-1' }),
      { name: 'x.example.com', type: 'TXT', ttlSeconds: 300 },
    ]);
    expect(unserved).toEqual([
      { type: 'aws_route53_health_check', addresses: ['dev-api: aws_route53_health_check.alarm'] },
      { type: 'aws_route53_record.records', addresses: ['dev-api: aws_route53_record.text'] },
    ]);
  });
});

describe('what is not served', () => {
  it('is listed by type with every address', () => {
    const json = {
      data: { aws_vpc: { default: {} }, aws_region: { current: {} } },
      resource: {
        aws_s3_bucket: { a: { bucket: 'a' } },
        aws_s3_bucket_policy: { a: { bucket: 'a' } },
        aws_kms_key: { one: { count: 2 } },
        aws_cloudwatch_log_group: { log: { name: 'x' } },
      },
    };
    expect(modelOfStacks(stack(json)).unserved).toEqual([
      { type: 'aws_kms_key', addresses: ['dev-api: aws_kms_key.one[0]', 'dev-api: aws_kms_key.one[1]'] },
      { type: 'aws_s3_bucket_policy', addresses: ['dev-api: aws_s3_bucket_policy.a'] },
      { type: 'data.aws_vpc', addresses: ['dev-api: data.aws_vpc.default'] },
    ]);
  });
});

describe('roles', () => {
  it('are in the region of their stack', () => {
    const model = modelOf({ aws_iam_role: { role: { name: 'role' } } });
    expect(model.regions.primary.roles.map(({ name }) => name)).toEqual(['role']);
    expect(model.regions.secondary.roles).toEqual([]);
    expect(model).toMatchObject({
      stage: 'dev',
      regions: { primary: { region: 'eu-central-1' }, secondary: { region: 'eu-west-1' } },
    });
  });
});
