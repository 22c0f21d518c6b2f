import { describe, expect, it } from 'vitest';
import { operations } from '#contract/index.ts';
import { synthesizeStage } from '#tests/support/synthesized-stage.ts';

const functionNames = [...new Set(operations.map((operation) => operation.function))].sort();

interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

describe('the api stack of a region', async () => {
  const api = (await synthesizeStage())('api-secondary');

  it('publishes versions of every function, on arm64 and Node.js 22 (S3.2)', () => {
    const functions = api.resources('aws_lambda_function');
    expect(functions.map((lambda) => lambda.function_name).sort()).toEqual(
      functionNames.map((name) => `two-region-api-dev-${name}`),
    );
    for (const lambda of functions) {
      expect(lambda).toMatchObject({
        publish: true,
        architectures: ['arm64'],
        runtime: 'nodejs22.x',
        handler: 'index.handler',
      });
    }
  });

  it("takes a function's code from a version of an object in the package bucket, zipped by the archive provider (S2.3)", () => {
    for (const lambda of api.resources('aws_lambda_function')) {
      expect(lambda.s3_object_version).toMatch(/^\$\{aws_s3_object\..+_package_object_\w+\.version_id\}$/);
      expect(lambda.source_code_hash).toMatch(/^\$\{data\.archive_file\..+\.output_base64sha256\}$/);
    }
    for (const archive of api.dataSources('archive_file')) {
      expect(archive).toMatchObject({ type: 'zip', output_file_mode: '0644' });
      expect(archive.source_file).toMatch(/^assets\/.+\/index\.js$/);
    }
  });

  it('makes log group and permissions before the function', () => {
    for (const lambda of api.resources('aws_lambda_function')) {
      expect(lambda.depends_on).toMatchObject([expect.stringMatching(/^aws_iam_role_policy\./)]);
    }
    expect(
      api
        .resources('aws_cloudwatch_log_group')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(functionNames.map((name) => `/aws/lambda/two-region-api-dev-${name}`));
  });

  it("gives each function's role what its operations declare, on its own region's resources, and no more", () => {
    const document = (name: string) => {
      const found = Object.entries(JSON.parse(api.json).data.aws_iam_policy_document).find(([id]) =>
        id.startsWith(`${name}_permissions`),
      );
      if (found === undefined) throw new Error(`${name} has no policy document.`);
      const { statement } = found[1] as { readonly statement: readonly Statement[] };
      return statement.map(({ actions, resources }) => [actions, resources.length]);
    };
    expect(document('test')).toEqual([
      [['logs:CreateLogStream', 'logs:PutLogEvents'], 1],
      [['s3:PutObject'], 1],
      [['dynamodb:PutItem'], 1],
      [['dynamodb:PutItem'], 1],
    ]);
    expect(document('healthcheck')).toEqual([
      [['logs:CreateLogStream', 'logs:PutLogEvents'], 1],
      [['s3:ListBucket'], 1],
      [['dynamodb:GetItem'], 1],
      [['dynamodb:GetItem'], 1],
    ]);
    const all = JSON.stringify(api.dataSources('aws_iam_policy_document'));
    expect(all).toContain('arn:aws:dynamodb:eu-west-1:');
    expect(all).not.toContain('arn:aws:dynamodb:eu-central-1:');
    for (const { statement } of api.dataSources('aws_iam_policy_document')) {
      for (const { resources = [] } of statement as readonly Partial<Statement>[]) expect(resources).not.toContain('*');
    }
  });

  it('declares a route of the REST API for every operation, key where the contract asks for one', () => {
    const methods = Object.fromEntries(
      api.resources('aws_api_gateway_method').map((method) => [method.operation_name, method.api_key_required]),
    );
    const expected = operations
      .filter((operation) => operation.api === 'rest')
      .map((operation) => [operation.id, operation.auth === 'apiKey']);
    expect(methods).toEqual(Object.fromEntries(expected));
  });

  it('invokes the alias that the stage variable names (S1.3)', () => {
    const uris = api
      .resources('aws_api_gateway_integration')
      .flatMap(({ type, uri }) => (type === 'MOCK' ? [] : [uri]));
    expect(uris.length).toBeGreaterThan(0);
    for (const uri of uris) {
      expect(uri).toMatch(
        /^\$\{trimsuffix\(aws_lambda_function\..+\.invoke_arn, "\/invocations"\)\}:\$\$\{stageVariables\.stage\}\/invocations$/,
      );
    }
  });

  it('answers unknown routes with 404 and every refusal in one shape (S3.5)', () => {
    const responses = api.resources('aws_api_gateway_gateway_response');
    const status = Object.fromEntries(responses.map((response) => [response.response_type, response.status_code]));
    expect(status).toMatchObject({
      MISSING_AUTHENTICATION_TOKEN: '404',
      BAD_REQUEST_BODY: '400',
      INVALID_API_KEY: '403',
      THROTTLED: '429',
      UNSUPPORTED_MEDIA_TYPE: '415',
      REQUEST_TOO_LARGE: '413',
    });
    for (const response of responses) {
      const template = (response.response_templates as Readonly<Record<string, string>>)['application/json'];
      expect(template).toMatch(/^\{"error":.+,"requestId":"\$context\.requestId"\}$/);
    }
  });

  it('lets browsers ask at each path without a key, and shows pages what it refuses (S2.2)', () => {
    const options = api.resources('aws_api_gateway_method').filter(({ http_method: method }) => method === 'OPTIONS');
    const paths = new Set(operations.flatMap((operation) => (operation.api === 'rest' ? [operation.path] : [])));
    expect(options).toHaveLength(paths.size);
    for (const method of options) {
      expect(method).toMatchObject({ authorization: 'NONE' });
      expect(method).not.toHaveProperty('api_key_required');
    }
    const mocks = api.resources('aws_api_gateway_integration').filter(({ type }) => type === 'MOCK');
    expect(mocks.map((mock) => mock.resource_id).sort()).toEqual(options.map((method) => method.resource_id).sort());
    for (const response of api.resources('aws_api_gateway_gateway_response')) {
      expect(response.response_parameters).toMatchObject({
        'gatewayresponse.header.Access-Control-Allow-Origin': "'*'",
      });
    }
    for (const { response_parameters: parameters } of api.resources('aws_api_gateway_integration_response')) {
      expect(parameters).toMatchObject({ 'method.response.header.Access-Control-Allow-Origin': "'*'" });
    }
  });

  it('tells the functions whose responses the REST API hands through what pages may read, and no others (S2.2)', () => {
    const told = api.resources('aws_lambda_function').flatMap((lambda) => {
      const { variables } = lambda.environment as { readonly variables: Readonly<Record<string, string>> };
      return variables.CORS === undefined ? [] : [[lambda.function_name, JSON.parse(variables.CORS)]];
    });
    const cors = { origins: ['*'], expose: ['apigw-requestid', 'x-amzn-requestid'], credentials: false };
    const through = operations.filter((each) => each.api === 'rest' && each.integration === 'proxy');
    expect(Object.fromEntries(told)).toEqual(
      Object.fromEntries(through.map((operation) => [`two-region-api-dev-${operation.function}`, cors])),
    );
  });

  it('documents in the order of names, which neither keeping nor sorting of the text changes (B29)', () => {
    const parts = api.resources('aws_api_gateway_documentation_part').map(({ properties }) => String(properties));
    expect(parts.length).toBeGreaterThan(operations.length);
    for (const text of parts) expect(Object.keys(JSON.parse(text))).toEqual(Object.keys(JSON.parse(text)).sort());
  });
});

describe('callers with IAM credentials (B23)', async () => {
  const stage = await synthesizeStage();

  it("may invoke the routes of both regions with either region's role", () => {
    const policies = stage('callers').resources('aws_iam_role_policy');
    expect(policies.map(({ role }) => String(role))).toEqual([
      expect.stringContaining('dev-api-primary'),
      expect.stringContaining('dev-api-secondary'),
    ]);
    const documents = stage('callers').dataSources('aws_iam_policy_document');
    const elsewhere = documents.map(({ statement }) => JSON.stringify(statement));
    expect(elsewhere.map((text) => text.includes('dev-api-secondary'))).toEqual([true, false]);
    for (const region of ['primary', 'secondary'] as const) {
      const own = stage(`api-${region}`)
        .dataSources('aws_iam_policy_document')
        .flatMap(({ statement }) => (Array.isArray(statement) ? statement : []))
        .find(({ actions }) => String(actions) === 'execute-api:Invoke');
      const other = elsewhere[region === 'primary' ? 1 : 0] ?? '';
      expect(own?.resources).toHaveLength(6);
      for (const arn of own?.resources ?? []) expect(other).toContain(String(arn).replace(/^\$\{[^}]+\}/, ''));
    }
  });
});
