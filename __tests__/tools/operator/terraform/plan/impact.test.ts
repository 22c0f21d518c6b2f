import { describe, expect, it } from 'vitest';
import { impactOf } from '#operator/terraform/plan/impact.ts';
import type { ChangeAction } from '#operator/terraform/plan/planned-change.ts';

const impact = (
  kind: string,
  type: string,
  action: ChangeAction,
  attributes = ['x'],
  live: string | undefined = 'envA',
) => impactOf({ address: `${type}.r`, type, action, attributes }, { kind }, live);

describe('the impact of a change', () => {
  it.each([
    ['entry', 'aws_api_gateway_base_path_mapping', 'change'],
    ['routing', 'aws_route53_health_check', 'change'],
    ['routing', 'aws_route53_record', 'destroy'],
    ['envA', 'aws_lambda_alias', 'change'],
    ['envA', 'aws_api_gateway_deployment', 'replace'],
    ['envA', 'aws_apigatewayv2_stage', 'replace'],
    ['api', 'aws_lambda_function', 'replace'],
    ['api', 'aws_api_gateway_rest_api', 'destroy'],
    ['api', 'aws_apigatewayv2_api', 'change'],
    ['api', 'aws_iam_role', 'change'],
    ['entry', 'aws_api_gateway_usage_plan', 'change'],
  ] as const)('of %s: %s %s is on live traffic', (kind, type, action) => {
    expect(impact(kind, type, action)).toBe('live');
  });

  it.each([
    ['envB', 'aws_lambda_alias', 'change'],
    ['preview', 'aws_api_gateway_usage_plan', 'change'],
    ['api', 'aws_lambda_function', 'change'],
    // The guard of the stack lets only those go that no environment's record names (B12).
    ['api', 'aws_lambda_function', 'destroy'],
    ['api', 'aws_iam_role', 'destroy'],
    ['api', 'aws_api_gateway_method', 'replace'],
    ['envA', 'aws_lambda_permission', 'add'],
  ] as const)('of %s: %s %s is none', (kind, type, action) => {
    expect(impact(kind, type, action)).toBeUndefined();
  });

  it('is data where a key goes, but for one that was never made whole', () => {
    expect(impact('base', 'aws_kms_key', 'replace')).toBe('data');
    const replaced = { address: 'aws_kms_key.k', type: 'aws_kms_key', action: 'replace', attributes: [] } as const;
    expect(impactOf({ ...replaced, isTainted: true }, { kind: 'base' }, 'envA')).toBeUndefined();
  });

  it('is none when only tags differ, or nothing is live yet', () => {
    expect(impact('entry', 'aws_api_gateway_domain_name', 'change', ['tags', 'tags_all'])).toBeUndefined();
    expect(
      impactOf(
        { address: '', type: 'aws_lambda_alias', action: 'change', attributes: [] },
        { kind: 'envA' },
        undefined,
      ),
    ).toBeUndefined();
  });

  it('is the loss of data where a table or a bucket goes, whatever is live', () => {
    expect(impact('data', 'aws_dynamodb_table', 'replace')).toBe('data');
    expect(impact('base', 'aws_s3_bucket', 'destroy', [], undefined)).toBe('data');
    expect(impact('data', 'aws_dynamodb_table', 'change')).toBeUndefined();
  });

  it('is the loss of data where a key goes that it is encrypted with, or a copy in the other region', () => {
    expect(impact('base', 'aws_kms_key', 'destroy', [], undefined)).toBe('data');
    expect(impact('base', 'aws_kms_key', 'change', ['policy'])).toBeUndefined();
    expect(impact('data', 'aws_dynamodb_table', 'change', ['replica', 'server_side_encryption'])).toBe('data');
    expect(impact('data', 'aws_dynamodb_table', 'change', ['server_side_encryption'])).toBeUndefined();
  });
});
