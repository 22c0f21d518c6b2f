import { describe, expect, it } from 'vitest';
import { RESOURCE_RIGHTS } from '#stacks/permissions/resource-rights.ts';
import { synthesizeStage } from '#tests/support/synthesized-stage.ts';

const REGIONS = ['primary', 'secondary'] as const;
const XRAY = ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'];

describe('X-Ray (S3.7)', async () => {
  const off = await synthesizeStage();
  const active = await synthesizeStage('dev', { tracing: { isActive: true, perSecond: 2, percent: 10 } });
  type Stacks = typeof off;
  const rolesOf = (stacks: Stacks) =>
    stacks('api-primary')
      .resources('aws_iam_role')
      .map(({ name }) => String(name))
      .toSorted();
  const statementsWith = (stacks: Stacks) =>
    JSON.stringify(stacks('api-primary').dataSources('aws_iam_policy_document')).split('xray:PutTraceSegments').length -
    1;

  it('is told nothing by default, which functions say outright, and no role may tell it', () => {
    for (const region of REGIONS) {
      const functions = off(`api-${region}`).resources('aws_lambda_function');
      expect(new Set(functions.map(({ tracing_config: config }) => JSON.stringify(config)))).toEqual(
        new Set([JSON.stringify({ mode: 'PassThrough' })]),
      );
      const [stage] = off(`envA-${region}`).resources('aws_api_gateway_stage');
      expect(stage).not.toHaveProperty('xray_tracing_enabled');
      expect(off(`api-${region}`).resources('aws_xray_sampling_rule')).toEqual([]);
    }
    expect(statementsWith(off)).toBe(0);
  });

  it.each(REGIONS)(
    'active: is told of every function behind the APIs and every REST stage of the %s region',
    (region) => {
      const functions = active(`api-${region}`).resources('aws_lambda_function');
      expect(functions.length).toBeGreaterThan(4);
      for (const each of functions) expect(each.tracing_config).toEqual({ mode: 'Active' });
      for (const name of ['envA', 'envB', 'preview']) {
        expect(active(`${name}-${region}`).resources('aws_api_gateway_stage')).toMatchObject([
          { xray_tracing_enabled: true },
        ]);
      }
    },
  );

  it('gives each function two rights and a role of its own, as versions that are live keep theirs', () => {
    const functions = active('api-primary').resources('aws_lambda_function').length;
    expect(statementsWith(active)).toBe(functions);
    const statements = active('api-primary')
      .dataSources('aws_iam_policy_document')
      .flatMap(({ statement }) => statement);
    expect(statements).toContainEqual({ actions: XRAY, resources: ['*'] });
    expect(rolesOf(active)).toHaveLength(rolesOf(off).length);
    const changed = rolesOf(active).filter((name) => !rolesOf(off).includes(name));
    expect(changed).toHaveLength(functions);
  });

  it("keeps what the settings say of the REST API's requests, and none of health checks'", () => {
    expect(active('api-secondary').resources('aws_xray_sampling_rule')).toMatchObject([
      {
        rule_name: 'two-region-api-dev-health',
        priority: 1000,
        service_name: 'two-region-api-dev/*',
        url_path: '*/healthcheck',
        reservoir_size: 0,
        fixed_rate: 0,
      },
      { rule_name: 'two-region-api-dev-requests', priority: 1001, url_path: '*', reservoir_size: 2, fixed_rate: 0.1 },
    ]);
  });

  it('cuts a name that is too long for X-Ray, and says what a deployer needs', async () => {
    const long = await synthesizeStage('dev', {
      appName: 'an-application-with-a-longer-name',
      tracing: { isActive: true, perSecond: 1, percent: 5 },
    });
    const names = long('api-primary')
      .resources('aws_xray_sampling_rule')
      .map(({ rule_name: name }) => String(name));
    expect(names).toEqual([
      expect.stringMatching(/^an-applicati.*-[0-9a-f]{6}-health$/),
      expect.stringMatching(/^an-applicati.*-[0-9a-f]{6}-requests$/),
    ]);
    for (const name of names) expect(name.length).toBeLessThanOrEqual(32);
    expect(RESOURCE_RIGHTS.aws_xray_sampling_rule?.samplingRule).toContain('xray:CreateSamplingRule');
  });
});
