import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { strToU8, zipSync } from 'fflate';
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

  it('may be packed in a zip file that lies there, as an asset of CDKTF does, in a bucket or not', () => {
    writeFileSync(path.join(folder, 'assets/asset.zip'), zipSync({ 'index.js': strToU8('2') }));
    const zip = path.join(folder, 'assets/asset.zip');
    const found = functionsOf({
      aws_s3_object: { zip: { bucket: 'packages', key: 'a.zip', source: 'assets/asset.zip' } },
      aws_lambda_function: {
        test: { ...lambda, filename: 'assets/asset.zip', source_code_hash: 'of my own' },
        uploaded: { ...lambda, function_name: 'uploaded', s3_bucket: 'packages', s3_key: 'a.zip' },
      },
    });
    const codeSha256 = createHash('sha256').update(readFileSync(zip)).digest('base64');
    const expected = { source: zip, packed: { zip }, codeSha256 };
    expect(found).toMatchObject([expected, expected]);
  });

  it('may be packed of contents in the configuration, or of a folder without what is excluded', () => {
    const packed = path.join(folder, 'packed');
    for (const name of ['index.js', 'index.test.js', '.env', 'docs/a.md', 'docs/deep/b.md', 'lib/c.js', 'lib/c.map']) {
      mkdirSync(path.dirname(path.join(packed, name)), { recursive: true });
      writeFileSync(path.join(packed, name), name);
    }
    const archives = {
      inline: {
        source: [
          { content: 'exports.handler = 1', filename: 'index.js' },
          { content: '{}', filename: 'lib/data.json' },
        ],
      },
      single: { source_content: 'x', source_content_filename: 'single.js' },
      folder: { source_dir: 'packed', excludes: ['docs', '*.test.js', '**/*.map', '.env'] },
      whole: { source_dir: 'packed' },
    };
    const data = Object.fromEntries(
      Object.entries(archives).map(([name, more]) => [
        name,
        { type: 'zip', output_path: `packages/${name}.zip`, ...more },
      ]),
    );
    const functions = Object.keys(archives).map((name) => [
      name,
      { ...lambda, function_name: name, filename: ref(`data.archive_file.${name}.output_path`) },
    ]);
    const json = { data: { archive_file: data }, resource: { aws_lambda_function: Object.fromEntries(functions) } };
    const found = modelOfStacks(stack(json, 'dev-api', folder)).regions.primary.functions;
    expect(Object.fromEntries(found.map(({ name, packed: files }) => [name, files]))).toEqual({
      inline: {
        files: [
          { name: 'index.js', content: 'exports.handler = 1' },
          { name: 'lib/data.json', content: '{}' },
        ],
      },
      single: { files: [{ name: 'single.js', content: 'x' }] },
      folder: { files: ['index.js', 'lib/c.js'].map((name) => ({ name, copyOf: path.join(packed, name) })) },
      whole: undefined,
    });
    expect(new Set(found.map(({ codeSha256 }) => codeSha256)).size).toBe(4);
    expect(found.at(-1)?.source).toBe(packed);
  });

  it('whose package nobody packs, or which is an image, is listed and says so when it is invoked', () => {
    const model = modelOfStacks(
      stack(
        {
          resource: {
            aws_lambda_function: {
              filed: { ...lambda, filename: 'other.zip' },
              bucket: { ...lambda, s3_bucket: 'elsewhere', s3_key: 'key.zip' },
              image: { function_name: 'image', role: 'r', image_uri: 'repository/x:1', package_type: 'Image' },
              none: { function_name: 'none', handler: 'index.handler', role: 'r' },
            },
          },
        },
        'dev-api',
        folder,
      ),
    );
    expect(model.unserved).toContainEqual({
      type: 'aws_lambda_function without its package',
      addresses: ['filed', 'bucket', 'image', 'none'].map((name) => `dev-api: aws_lambda_function.${name}`),
    });
    expect(model.regions.primary.functions.map(({ packed }) => packed)).toEqual([
      { missing: `No package at ${folder}/other.zip: there is no such file, and no archive_file writes it` },
      { missing: 'No package at s3://elsewhere/key.zip: no stack uploads it' },
      { missing: 'No package at repository/x:1: container images are not served' },
      { missing: 'No package at nowhere: neither filename nor s3_bucket and s3_key are set' },
    ]);
  });

  it('whose role no stack makes is listed, and may do nothing', () => {
    const json = { resource: { aws_lambda_function: { test: { ...lambda, filename: 'x.zip' } } } };
    const { unserved, regions } = modelOfStacks(stack(json, 'dev-api', folder));
    expect(unserved).toContainEqual({
      type: 'aws_lambda_function with a role of elsewhere',
      addresses: ['dev-api: aws_lambda_function.test'],
    });
    expect(regions.primary.roles).toEqual([
      { name: 'test', arn: 'arn:aws:iam::000000000000:role/test', statements: [] },
    ]);
    expect(regions.secondary.roles).toEqual([]);
  });

  it('has what environments record of it in Parameter Store, and nothing of other parameters (B12)', () => {
    const tables = { user: { partitionKey: 'id', item: '{}' } };
    const record = JSON.stringify({ version: '1', tables, routes: [{ id: 'get-user' }] });
    const parameter = (name: string, insecure_value: string) => ({ name, type: 'String', insecure_value });
    const [found] = functionsOf({
      aws_lambda_function: { user: { ...lambda, function_name: 'app-dev-user', filename: 'x.zip' } },
      aws_ssm_parameter: {
        ours: parameter('/app/dev/releases/envA/user', record),
        other: parameter('/app/dev/releases/envA/test', record),
        none: parameter('/app/dev/releases/envB/user', 'no record'),
        word: parameter('/app/dev/word', record),
      },
    });
    expect(found?.records).toEqual({ envA: { tables, routes: [{ id: 'get-user' }] } });
  });
});
