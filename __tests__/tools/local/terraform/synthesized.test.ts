import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DataArchiveFile } from '@cdktf/provider-archive/lib/data-archive-file';
import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider';
import { AcmCertificate } from '@cdktf/provider-aws/lib/acm-certificate';
import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import {
  App,
  AssetType,
  Fn,
  S3Backend,
  TerraformAsset,
  TerraformIterator,
  TerraformOutput,
  TerraformStack,
  TerraformVariable,
} from 'cdktf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateStacks } from '#local/terraform/evaluate.ts';
import type { Evaluation } from '#local/terraform/evaluation.ts';
import { readStacks } from '#local/terraform/read-stacks.ts';

const stageVariable = `$\${stageVariables.stage}`;

function createStack(app: App, name: string): TerraformStack {
  const stack = new TerraformStack(app, name);
  new AwsProvider(stack, 'aws', { region: 'eu-central-1' });
  new S3Backend(stack, { bucket: 'state', key: `dev/${name}.tfstate`, region: 'eu-central-1', dynamodbTable: 'locks' });
  return stack;
}

/** Two stacks that use what CDKTF makes of references, functions, iterators and assets. */
function synthesize(outdir: string, source: string): void {
  const app = new App({ outdir });
  const data = createStack(app, 'dev-data');
  const table = new DynamodbTable(data, 'table', {
    name: 'app-dev-users',
    hashKey: 'id',
    attribute: [{ name: 'id', type: 'S' }],
    replica: [{ regionName: 'eu-west-1' }],
  });

  const api = createStack(app, 'dev-api');
  new ArchiveProvider(api, 'archive');
  const env = new TerraformVariable(api, 'target_env', { type: 'string' });
  env.addValidation({ condition: Fn.contains(['envA', 'envB'], env.value), errorMessage: 'envA or envB' });
  const asset = new TerraformAsset(api, 'asset', { path: source, type: AssetType.DIRECTORY });
  const archive = new DataArchiveFile(api, 'archive-file', {
    type: 'zip',
    sourceDir: asset.path,
    outputPath: `\${path.module}/package.zip`,
  });
  const assumeRole = { Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole' }] };
  const role = new IamRole(api, 'role', { name: 'role', assumeRolePolicy: Fn.jsonencode(assumeRole) });
  const lambda = new LambdaFunction(api, 'function', {
    functionName: `app-${env.stringValue}`,
    role: role.arn,
    handler: 'index.handler',
    filename: archive.outputPath,
    sourceCodeHash: archive.outputBase64Sha256,
    environment: { variables: { TABLE: table.name, ESCAPED: `a "quoted" $\${x} %%{y}` } },
    publish: true,
  });
  const certificate = new AcmCertificate(api, 'certificate', {
    domainName: 'api.example.com',
    validationMethod: 'DNS',
  });
  const options = TerraformIterator.fromComplexList(certificate.domainValidationOptions, 'domain_name');
  new Route53Record(api, 'validation', {
    forEach: options,
    zoneId: 'Z1',
    name: options.getString('resource_record_name'),
    type: options.getString('resource_record_type'),
    records: [options.getString('resource_record_value')],
    ttl: 60,
  });
  new TerraformOutput(api, 'uri', { value: `${lambda.arn}:${stageVariable}/invocations` });
  new TerraformOutput(api, 'upper', { value: Fn.upper(Fn.join('-', Fn.split('_', table.hashKey))) });
  new TerraformOutput(api, 'replica', { value: table.replica.get(0).arn });
  app.synth();
}

describe('what CDKTF synthesizes', () => {
  let folder = '';
  let evaluation: Evaluation;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'synthesized-'));
    const source = path.join(folder, 'source');
    mkdirSync(source);
    writeFileSync(path.join(source, 'index.js'), 'exports.handler = () => 1');
    const outdir = path.join(folder, 'out');
    synthesize(outdir, source);
    evaluation = evaluateStacks(await readStacks(outdir), {
      variables: { target_env: 'envA' },
      parameter: () => undefined,
    });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const values = (type: string) =>
    evaluation.resources.filter((resource) => resource.type === type).map((one) => one.values);

  it('resolves references across the stacks', () => {
    expect(values('aws_lambda_function')).toEqual([
      expect.objectContaining({
        function_name: 'app-envA',
        role: 'arn:aws:iam::000000000000:role/role',
        version: '1',
        environment: { variables: { TABLE: 'app-dev-users', ESCAPED: `a "quoted" \${x} %{y}` } },
      }),
    ]);
    expect(evaluation.outputs['dev-api']).toEqual({
      uri: `arn:aws:lambda:eu-central-1:000000000000:function:app-envA:\${stageVariables.stage}/invocations`,
      upper: 'ID',
      replica: 'arn:aws:dynamodb:eu-west-1:000000000000:table/app-dev-users',
    });
  });

  it('takes functions that CDKTF leaves to Terraform', () => {
    const [role] = values('aws_iam_role');
    expect(role?.assume_role_policy).toBe('{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow"}]}');
  });

  it('finds packages in the folder of their stack, with a hash of their content (S2.3)', () => {
    const [archive] = values('archive_file');
    const stackFolder = path.join(folder, 'out/stacks/dev-api');
    expect(archive?.output_path).toBe(path.join(stackFolder, 'package.zip'));
    expect(archive?.source_dir).toMatch(/^assets\//);
    expect(archive?.output_base64sha256).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    expect(values('aws_lambda_function')[0]?.source_code_hash).toBe(archive?.output_base64sha256);
  });

  it('validates certificates by records that an iterator makes (S2.5)', () => {
    const [record] = evaluation.resources.filter(({ type }) => type === 'aws_route53_record');
    expect(record?.address).toBe('aws_route53_record.validation["api.example.com"]');
    expect(record?.values).toMatchObject({ type: 'CNAME', ttl: 60, zone_id: 'Z1' });
    expect(record?.values.name).toMatch(/^_[a-z0-9]{32}\.api\.example\.com\.$/);
  });
});
