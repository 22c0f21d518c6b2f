import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stack } from '#tests/tools/local/terraform/stack-fixture.ts';
import { modelOfStacks, type Resources, ref } from './model-fixture.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'functions-'));
  mkdirSync(path.join(folder, 'assets'));
  writeFileSync(path.join(folder, 'assets/index.js'), '1');
});
afterAll(() => rmSync(folder, { recursive: true }));

const archive = {
  archive_file: { zip: { type: 'zip', source_file: 'assets/index.js', output_path: 'packages/test.zip' } },
};
const lambda = {
  function_name: 'test',
  handler: 'index.handler',
  role: 'arn:aws:iam::000000000000:role/test',
  publish: true,
};
const functionsOf = (resource: Resources) =>
  modelOfStacks(stack({ data: archive, resource }, 'dev-api', folder)).regions.primary.functions;

describe('a Lambda function', () => {
  it('is found from its package in the bucket back to what was packed (S3.9)', () => {
    const [found] = functionsOf({
      aws_s3_object: { zip: { bucket: 'packages', key: 'test.zip', source: ref('data.archive_file.zip.output_path') } },
      aws_lambda_function: {
        test: {
          ...lambda,
          s3_bucket: ref('aws_s3_object.zip.bucket'),
          s3_key: ref('aws_s3_object.zip.key'),
          source_code_hash: ref('data.archive_file.zip.output_base64sha256'),
          memory_size: 256,
          timeout: 10,
          environment: [{ variables: { STAGE: 'dev', LIMIT: 5 } }],
        },
      },
    });
    expect(found).toEqual({
      name: 'test',
      arn: 'arn:aws:lambda:eu-central-1:000000000000:function:test',
      handler: 'index.handler',
      source: path.join(folder, 'assets/index.js'),
      codeSha256: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      version: '1',
      memoryMb: 256,
      timeoutSeconds: 10,
      environment: { STAGE: 'dev', LIMIT: '5' },
      roleArn: 'arn:aws:iam::000000000000:role/test',
      logGroup: '/aws/lambda/test',
      aliases: [],
      permissions: [],
    });
  });

  it('may be packed in a file, with the defaults of AWS', () => {
    const [found] = functionsOf({
      aws_lambda_function: {
        test: { ...lambda, filename: './packages/test.zip', logging_config: { log_format: 'JSON', log_group: '/own' } },
      },
    });
    expect(found).toMatchObject({ memoryMb: 128, timeoutSeconds: 3, environment: {}, logGroup: '/own' });
    expect(found?.codeSha256).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  });

  it('gets the aliases and permissions that other stacks add, in its region alone (S0.10, S1.7)', () => {
    const environment = (name: string, region: string, functionName: string) =>
      stack(
        {
          provider: { aws: [{ region }] },
          resource: {
            aws_lambda_alias: { alias: { name, function_name: functionName, function_version: '1' } },
            aws_lambda_permission: {
              permission: {
                action: 'lambda:InvokeFunction',
                function_name: functionName,
                principal: 'apigateway.amazonaws.com',
                qualifier: ref('aws_lambda_alias.alias.name'),
                source_arn: `arn:aws:execute-api:${region}:000000000000:api/${name}/GET/test`,
              },
            },
          },
        },
        `dev-${name}-${region}`,
      );
    const api = stack(
      { data: archive, resource: { aws_lambda_function: { test: { ...lambda, filename: 'packages/test.zip' } } } },
      'dev-api',
      folder,
    );
    const arn = 'arn:aws:lambda:eu-central-1:000000000000:function:test';
    const { primary } = modelOfStacks(
      api,
      environment('envA', 'eu-central-1', 'test'),
      environment('envB', 'eu-central-1', arn),
      environment('envC', 'eu-west-1', 'test'),
      environment('envD', 'eu-central-1', 'another'),
    ).regions;
    expect(primary.functions[0]?.aliases).toEqual([
      { name: 'envA', functionVersion: '1' },
      { name: 'envB', functionVersion: '1' },
    ]);
    expect(primary.functions[0]?.permissions.map(({ qualifier, sourceArn }) => [qualifier, sourceArn])).toEqual([
      ['envA', 'arn:aws:execute-api:eu-central-1:000000000000:api/envA/GET/test'],
      ['envB', 'arn:aws:execute-api:eu-central-1:000000000000:api/envB/GET/test'],
    ]);
  });

  it('whose package nobody packs, or which is an image, is an error with its address', () => {
    const broken = {
      filed: { ...lambda, filename: 'other.zip' },
      image: { function_name: 'image', role: 'r', image_uri: 'x' },
    };
    expect(() => functionsOf({ aws_lambda_function: broken })).toThrow(
      /dev-api: aws_lambda_function\.image: handler: is needed; packages of container images are not served\n.*dev-api: aws_lambda_function\.filed: no archive_file writes its package/,
    );
  });
});
