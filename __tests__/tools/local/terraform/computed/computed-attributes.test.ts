import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Json } from '#local/terraform/expression/value/value.ts';
import { evaluate, stack } from '#tests/tools/local/terraform/stack-fixture.ts';

type Values = Readonly<Record<string, Json>>;

function valuesOf(mode: 'data' | 'resource', type: string, values: Values, folder = '/app/dev-api'): Values {
  const { resources } = evaluate([stack({ [mode]: { [type]: { it: values } } }, 'dev-api', folder)]);
  return resources[0]?.values ?? {};
}

describe('computed attributes', () => {
  it.each<[string, Values, Values]>([
    [
      'aws_lambda_function',
      { function_name: 'test' },
      {
        arn: 'arn:aws:lambda:eu-central-1:000000000000:function:test',
        version: '$LATEST',
        qualified_arn: 'arn:aws:lambda:eu-central-1:000000000000:function:test:$LATEST',
        invoke_arn:
          'arn:aws:apigateway:eu-central-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-central-1:000000000000:function:test/invocations',
      },
    ],
    [
      'aws_lambda_alias',
      { function_name: 'arn:aws:lambda:eu-central-1:000000000000:function:test', name: 'envA' },
      { arn: 'arn:aws:lambda:eu-central-1:000000000000:function:test:envA' },
    ],
    [
      'aws_api_gateway_stage',
      { rest_api_id: 'abc', stage_name: 'envA' },
      {
        arn: 'arn:aws:apigateway:eu-central-1::/restapis/abc/stages/envA',
        execution_arn: 'arn:aws:execute-api:eu-central-1:000000000000:abc/envA',
        invoke_url: 'https://abc.execute-api.eu-central-1.amazonaws.com/envA',
      },
    ],
    [
      'aws_apigatewayv2_stage',
      { api_id: 'abc', name: '$default' },
      { invoke_url: 'https://abc.execute-api.eu-central-1.amazonaws.com/' },
    ],
    ['aws_iam_role', { name: 'r', path: '/app/' }, { id: 'r', arn: 'arn:aws:iam::000000000000:role/app/r' }],
    ['aws_iam_policy', { name: 'p' }, { id: 'arn:aws:iam::000000000000:policy/p' }],
    ['aws_s3_bucket', { bucket: 'b' }, { id: 'b', bucket_regional_domain_name: 'b.s3.eu-central-1.amazonaws.com' }],
    ['aws_cloudwatch_log_group', { name: '/x' }, { arn: 'arn:aws:logs:eu-central-1:000000000000:log-group:/x' }],
    [
      'aws_cloudwatch_composite_alarm',
      { alarm_name: 'envA-sick', alarm_rule: 'ALARM("a")' },
      { id: 'envA-sick', arn: 'arn:aws:cloudwatch:eu-central-1:000000000000:alarm:envA-sick' },
    ],
    [
      'aws_cloudwatch_dashboard',
      { dashboard_name: 'd', dashboard_body: '{}' },
      { dashboard_arn: 'arn:aws:cloudwatch::000000000000:dashboard/d' },
    ],
    [
      'aws_kms_alias',
      { name: 'alias/k', target_key_id: '1' },
      { arn: 'arn:aws:kms:eu-central-1:000000000000:alias/k' },
    ],
    ['aws_kms_key', {}, { arn: expect.stringMatching(/^arn:aws:kms:eu-central-1:000000000000:key\/[0-9a-f-]{36}$/) }],
    ['aws_ssm_parameter', { name: '/a/b', value: 'v' }, { arn: 'arn:aws:ssm:eu-central-1:000000000000:parameter/a/b' }],
    [
      'aws_route53_record',
      { zone_id: 'Z1', name: 'api.example.com', type: 'A', set_identifier: 'primary' },
      { fqdn: 'api.example.com', id: 'Z1_api.example.com_A_primary' },
    ],
  ])('of %s are those that AWS would give', (type, values, expected) => {
    expect(valuesOf('resource', type, values)).toMatchObject(expected);
  });

  it('of data sources tell region, account and partition', () => {
    expect(valuesOf('data', 'aws_region', {})).toMatchObject({ name: 'eu-central-1', region: 'eu-central-1' });
    expect(valuesOf('data', 'aws_partition', {})).toMatchObject({ partition: 'aws', dns_suffix: 'amazonaws.com' });
  });

  it('are the same again, and differ between resources and stacks', () => {
    const ids = (name: string) =>
      evaluate([
        stack({ resource: { aws_api_gateway_rest_api: { a: { name: 'x' }, b: { name: 'x' } } } }, name),
      ]).resources.flatMap(({ values }) => [values.id, values.root_resource_id]);
    const all = [...ids('one'), ...ids('two')];
    expect(ids('one')).toEqual(all.slice(0, 4));
    expect(new Set(all).size).toBe(8);
    for (const id of all) expect(id).toMatch(/^[a-z0-9]{10}$/);
  });

  it('give custom domains a regional name and one zone per region', () => {
    const rest = valuesOf('resource', 'aws_api_gateway_domain_name', { domain_name: 'a.example.com' });
    const http = valuesOf('resource', 'aws_apigatewayv2_domain_name', {
      domain_name: 'b.example.com',
      domain_name_configuration: { endpoint_type: 'REGIONAL' },
    });
    expect(rest.regional_domain_name).toMatch(/^d-[a-z0-9]{10}\.execute-api\.eu-central-1\.amazonaws\.com$/);
    expect(http.domain_name_configuration).toEqual([
      {
        endpoint_type: 'REGIONAL',
        target_domain_name: expect.stringMatching(/^d-[a-z0-9]{10}\.execute-api\.eu-central-1\.amazonaws\.com$/),
        hosted_zone_id: rest.regional_zone_id,
      },
    ]);
  });

  it('need the arguments that they are made of', () => {
    expect(() => valuesOf('resource', 'aws_lambda_function', {})).toThrow(
      'dev-api: aws_lambda_function.it: needs the argument function_name, a text that is not empty',
    );
  });

  it('name what has no name', () => {
    expect(valuesOf('resource', 'aws_iam_role', { name_prefix: 'app-' }).name).toMatch(/^app-[a-z0-9]{26}$/);
    expect(valuesOf('resource', 'aws_iam_role', {}).name).toMatch(/^terraform-[a-z0-9]{26}$/);
  });

  it('give an object another version when its content changes (S3.9)', () => {
    const version = (hash: string) =>
      valuesOf('resource', 'aws_s3_object', { bucket: 'b', key: 'k', source_hash: hash }).version_id;
    expect(version('a')).toBe(version('a'));
    expect(version('a')).not.toBe(version('b'));
  });
});

describe('archive_file', () => {
  const hashOf = (files: Readonly<Record<string, string>>) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'archive-'));
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, 'assets', name)), { recursive: true });
      writeFileSync(path.join(folder, 'assets', name), content);
    }
    const values = { type: 'zip', source_dir: 'assets', output_path: 'x.zip' };
    const { output_base64sha256: hash } = valuesOf('data', 'archive_file', values, folder);
    rmSync(folder, { recursive: true });
    return hash;
  };

  it('has a hash that depends on names and contents, not on the place', () => {
    expect(hashOf({ 'index.js': '1' })).toBe(hashOf({ 'index.js': '1' }));
    expect(hashOf({ 'index.js': '1' })).not.toBe(hashOf({ 'index.js': '2' }));
    expect(hashOf({ 'index.js': '1' })).not.toBe(hashOf({ 'sub/index.js': '1' }));
  });

  it('of something that is not there is an error', () => {
    const values = { type: 'zip', source_file: 'assets/absent.js', output_path: 'x.zip' };
    expect(() => valuesOf('data', 'archive_file', values)).toThrow(
      /dev-api: data\.archive_file\.it: cannot read what is to be packed, \/app\/dev-api\/assets\/absent\.js: .* Synthesize again\./,
    );
  });
});
