import { describe, expect, it } from 'vitest';
import { operations } from '#contract/index.ts';
import { synthesizeStage } from '#tests/support/synthesized-stage.ts';

describe('the stack of an environment (S0.10)', async () => {
  const stack = await synthesizeStage();
  const envA = stack('envA-primary');
  const preview = stack('preview-primary');

  it('points each alias at the newest published version unless a variable names another, and marks what is pinned (S1.6)', () => {
    const aliases = envA.resources('aws_lambda_alias');
    expect(aliases.length).toBeGreaterThan(1);
    for (const alias of aliases) {
      expect(alias.name).toBe('envA');
      expect(alias.function_version).toMatch(
        /^\$\{lookup\(var\.pinned_versions, ("[a-z-]+"), lookup\(var\.function_versions, \1, data\.terraform_remote_state\..+version\)\)\}$/,
      );
      expect(alias.description).toMatch(
        /^\$\{contains\(keys\(var\.pinned_versions\), "[a-z-]+"\) \? "pinned" : null\}$/,
      );
    }
    for (const name of ['function_versions', 'pinned_versions']) {
      expect(envA.parsed.variable?.[name]).toMatchObject({ type: 'map(string)', default: {} });
    }
  });

  it('lets preview follow $LATEST (S1.4)', () => {
    const versions = preview.resources('aws_lambda_alias').map((alias) => alias.function_version);
    expect(new Set(versions)).toEqual(new Set(['$LATEST']));
    expect(preview.parsed.variable).toBeUndefined();
  });

  it('gives preview a key and a usage plan of its own', () => {
    expect(preview.resources('aws_api_gateway_usage_plan')).toHaveLength(1);
    expect(preview.resources('aws_api_gateway_api_key')).toMatchObject([
      { name: 'two-region-api-dev-preview-${each.value}', value: expect.stringContaining('parameter-preview_api_key') },
    ]);
    expect(envA.resources('aws_api_gateway_api_key')).toEqual([]);
  });

  it('permits each operation, on its own stage, method and path, to invoke its alias (S1.7)', () => {
    const permissions = envA.resources('aws_lambda_permission');
    expect(permissions).toHaveLength(operations.length);
    for (const operation of operations) {
      const path = operation.path.replaceAll(/\{[^}]+\}/g, '*');
      const permission = permissions.find(({ statement_id }) => statement_id === `envA-${operation.id}`);
      expect(permission).toMatchObject({ principal: 'apigateway.amazonaws.com', action: 'lambda:InvokeFunction' });
      expect(permission?.source_arn).toMatch(/execution_arn\}/);
      expect(String(permission?.source_arn).endsWith(`/envA/${operation.method}${path}`)).toBe(true);
      expect(permission?.qualifier).toBe(`\${aws_lambda_alias.alias-${operation.function}.name}`);
    }
  });

  it('serves a new operation only when its permission stands (B29)', () => {
    const names = Object.keys(JSON.parse(envA.json).resource.aws_lambda_permission);
    expect(names).toHaveLength(operations.length);
    for (const type of ['aws_api_gateway_deployment', 'aws_apigatewayv2_deployment']) {
      const [deployment] = envA.resources(type);
      expect(deployment?.depends_on).toEqual(
        expect.arrayContaining(names.map((name) => `aws_lambda_permission.${name}`)),
      );
    }
  });

  it("keeps the HTTP API's access log where one statement of the account's log policy covers every group (B29)", () => {
    expect(envA.resources('aws_cloudwatch_log_group').map(({ name }) => name)).toEqual([
      '/aws/vendedlogs/apigateway/two-region-api-dev-envA-http',
      '/aws/apigateway/two-region-api-dev-envA-rest',
      expect.stringMatching(/^API-Gateway-Execution-Logs_/),
    ]);
  });

  it("makes the new deployment before it destroys the old one, when the API's content changes", () => {
    for (const type of ['aws_api_gateway_deployment', 'aws_apigatewayv2_deployment']) {
      expect(envA.resources(type)).toMatchObject([
        { triggers: { content: expect.stringMatching(/^[0-9a-f]{64}$/) }, lifecycle: { create_before_destroy: true } },
      ]);
    }
  });

  it('has the same content hash in every environment and both regions', () => {
    const hashes = ['envA-primary', 'envB-primary', 'preview-primary', 'envA-secondary'].map((name) => {
      const [deployment] = stack(name).resources('aws_api_gateway_deployment');
      return deployment?.triggers;
    });
    expect(new Set(hashes.map((hash) => JSON.stringify(hash))).size).toBe(1);
  });

  it('hands the environment to the functions as stage variable and writes an access log as JSON (S1.3, S2.4)', () => {
    expect(envA.resources('aws_api_gateway_stage')).toMatchObject([
      { stage_name: 'envA', variables: { stage: 'envA' } },
    ]);
    const [stage] = envA.resources('aws_apigatewayv2_stage');
    expect(stage).toMatchObject({ name: 'envA', auto_deploy: false, stage_variables: { stage: 'envA' } });
    const { format } = { ...stage }.access_log_settings as { readonly format: string };
    expect(Object.keys(JSON.parse(format))).toEqual([
      'requestId',
      'ip',
      'requestTime',
      'httpMethod',
      'routeKey',
      'status',
      'protocol',
      'responseLength',
      'errorMessage',
      'errorResponseType',
      'authorizerError',
      'integrationErrorMessage',
      // Of S3.7.
      'responseLatency',
      'integrationStatus',
      'integrationLatency',
      'integrationRequestId',
      'callerArn',
    ]);
    for (const group of envA.resources('aws_cloudwatch_log_group')) expect(group.retention_in_days).toBe(30);
  });
});
