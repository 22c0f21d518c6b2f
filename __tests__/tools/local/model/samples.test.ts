import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stack } from '#tests/tools/local/terraform/stack-fixture.ts';
import { modelOfStacks } from './model-fixture.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'samples-'));
  mkdirSync(path.join(folder, 'assets/hello/0123'), { recursive: true });
  writeFileSync(path.join(folder, 'assets/hello/0123/archive.zip'), zipSync({ 'index.js': strToU8('1') }));
});
afterAll(() => rmSync(folder, { recursive: true }));

type Json = Parameters<typeof stack>[0];
const regions = (json: Json) => modelOfStacks(stack(json, 'dev-sample', folder));
const ref = (expression: string) => `$\{${expression}}`;

/** What one meets in public configurations, each kind once: how they are written, and what comes of it. */
describe('a configuration as people write them', () => {
  it('with an HTTP API over a function whose code stands in an archive_file, and outputs of both', () => {
    const json: Json = {
      terraform: { required_providers: { aws: { source: 'hashicorp/aws' }, archive: { source: 'hashicorp/archive' } } },
      variable: { region: { type: 'string', default: null }, name: { default: 'hello' } },
      provider: { aws: [{ region: 'eu-central-1' }] },
      data: {
        archive_file: {
          code: {
            type: 'zip',
            output_path: `${ref('path.module')}/out/code.zip`,
            source: [{ content: 'exports.handler = async () => "hi"', filename: 'index.js' }],
          },
        },
      },
      resource: {
        aws_iam_role: { role: { name_prefix: ref('var.name'), assume_role_policy: '{}' } },
        aws_lambda_function: {
          hello: {
            function_name: ref('var.name'),
            filename: ref('data.archive_file.code.output_path'),
            source_code_hash: ref('data.archive_file.code.output_base64sha256'),
            handler: 'index.handler',
            runtime: 'nodejs20.x',
            role: ref('aws_iam_role.role.arn'),
            timeout: null,
            environment: { variables: { REGION: ref('coalesce(var.region, "none")'), MEMORY: 'x' } },
          },
        },
        aws_apigatewayv2_api: { api: { name: 'api', protocol_type: 'HTTP' } },
        aws_apigatewayv2_stage: {
          live: { api_id: ref('aws_apigatewayv2_api.api.id'), name: '$default', auto_deploy: true },
        },
        aws_apigatewayv2_integration: {
          hello: {
            api_id: ref('aws_apigatewayv2_api.api.id'),
            integration_type: 'AWS_PROXY',
            integration_uri: ref('aws_lambda_function.hello.invoke_arn'),
          },
        },
        aws_apigatewayv2_route: {
          hello: {
            api_id: ref('aws_apigatewayv2_api.api.id'),
            route_key: 'GET /hello',
            target: `integrations/${ref('aws_apigatewayv2_integration.hello.id')}`,
          },
        },
        aws_lambda_permission: {
          api: {
            action: 'lambda:InvokeFunction',
            function_name: ref('aws_lambda_function.hello.function_name'),
            principal: 'apigateway.amazonaws.com',
            source_arn: `${ref('aws_apigatewayv2_api.api.execution_arn')}/*/*`,
          },
        },
      },
      output: {
        url: { value: ref('aws_apigatewayv2_stage.live.invoke_url') },
        memory: { value: ref('aws_lambda_function.hello.memory_size') },
      },
    };
    const model = regions(json);
    const { functions, httpApis = [] } = model.regions.primary;
    expect(functions).toMatchObject([
      {
        name: 'hello',
        timeoutSeconds: 3,
        environment: { REGION: 'none', MEMORY: 'x' },
        packed: { files: [{ name: 'index.js', content: 'exports.handler = async () => "hi"' }] },
      },
    ]);
    expect(httpApis).toMatchObject([
      {
        routes: [{ routeKey: 'GET /hello', integration: { payloadFormatVersion: '1.0' } }],
        stages: [{ name: '$default' }],
      },
    ]);
    expect(model.unserved).toEqual([]);
  });

  it('with one function and route for each entry of a typed variable, some of it optional', () => {
    const json: Json = {
      variable: {
        functions: {
          type: 'map(object({ handler = string, memory = optional(number, 256), env = optional(map(string), {}) }))',
          default: { list: { handler: 'list.handler' }, get: { handler: 'get.handler', memory: '512', env: { A: 1 } } },
        },
        tables: {
          type: 'list(object({ name = string, range = optional(string) }))',
          default: [{ name: 'a' }, { name: 'b', range: 'at' }],
        },
      },
      locals: { prefix: ref('join("-", ["app", terraform.workspace])') },
      resource: {
        aws_lambda_function: {
          each: {
            for_each: ref('var.functions'),
            function_name: `${ref('local.prefix')}-${ref('each.key')}`,
            handler: ref('each.value.handler'),
            memory_size: ref('each.value.memory'),
            filename: 'assets/hello/0123/archive.zip',
            role: 'arn:aws:iam::000000000000:role/other',
            dynamic: {
              environment: {
                for_each: ref('length(each.value.env) > 0 ? [each.value.env] : []'),
                content: { variables: ref('environment.value') },
              },
              vpc_config: { for_each: [], content: { subnet_ids: [], security_group_ids: [] } },
            },
          },
        },
        aws_dynamodb_table: {
          each: {
            count: ref('length(var.tables)'),
            name: ref('var.tables[count.index].name'),
            hash_key: 'id',
            range_key: ref('var.tables[count.index].range'),
            billing_mode: 'PAY_PER_REQUEST',
            dynamic: {
              attribute: {
                for_each: ref('concat(["id"], compact([var.tables[count.index].range]))'),
                iterator: 'key',
                content: { name: ref('key.value'), type: ref('key.key == 0 ? "S" : "N"') },
              },
            },
          },
        },
      },
    };
    const { functions, tables } = regions(json).regions.primary;
    expect(functions).toMatchObject([
      { name: 'app-default-get', handler: 'get.handler', memoryMb: 512, environment: { A: '1' } },
      { name: 'app-default-list', handler: 'list.handler', memoryMb: 256, environment: {} },
    ]);
    expect(functions.map(({ packed }) => packed)).toEqual(functions.map(({ source: zip }) => ({ zip })));
    expect(tables).toMatchObject([
      { name: 'a', hashKey: 'id', attributes: [{ name: 'id', type: 'S' }] },
      {
        name: 'b',
        rangeKey: 'at',
        attributes: [
          { name: 'id', type: 'S' },
          { name: 'at', type: 'N' },
        ],
      },
    ]);
    expect(tables[0]).not.toHaveProperty('rangeKey');
  });

  it('with data sources, functions of providers and types that nobody here knows: they stop only what needs them', () => {
    const json: Json = {
      terraform: { required_providers: { time: { source: 'hashicorp/time' } } },
      provider: { aws: [{ region: 'eu-central-1' }], random: [{}] },
      data: {
        aws_vpc: { main: { tags: { Name: 'main' } } },
        aws_availability_zones: { all: {} },
        http: { ip: { url: 'https://example.com' } },
      },
      resource: {
        random_pet: { name: { length: 2 } },
        aws_kms_key: { key: {} },
        aws_cognito_user_pool: { users: { name: 'users' } },
        aws_lambda_function: {
          known: {
            function_name: 'known',
            handler: 'index.handler',
            role: 'arn:aws:iam::000000000000:role/other',
            filename: 'assets/hello/0123/archive.zip',
            kms_key_arn: ref('aws_kms_key.key.arn'),
            layers: ['arn:aws:lambda:eu-central-1:123456789012:layer:shared:1'],
            vpc_config: {
              subnet_ids: ref('data.aws_vpc.main.cidr_block_associations[*].cidr_block'),
              security_group_ids: [],
            },
            environment: {
              variables: {
                POOL: ref('aws_cognito_user_pool.users.id'),
                NAME: `app-${ref('random_pet.name.id')}`,
                IP: ref('chomp(data.http.ip.response_body)'),
                ACCOUNT: ref('provider::aws::arn_parse("arn:aws:s3:::x").account_id'),
                YEAR: ref('provider::time::rfc3339_parse("2026-01-01T00:00:00Z").year'),
                ZONE: ref('data.aws_availability_zones.all.names[0]'),
              },
            },
          },
        },
      },
    };
    const model = regions(json);
    const [{ environment = {} } = {}] = model.regions.primary.functions;
    expect(environment).toEqual({
      POOL: '(dev-sample: aws_cognito_user_pool.users.id: known after apply)',
      NAME: expect.stringContaining('random_pet.name.id: known after apply'),
      IP: expect.stringContaining('data.http.ip.response_body: known after apply'),
      ACCOUNT: expect.stringContaining('provider::aws::arn_parse()'),
      YEAR: expect.stringContaining('provider::time::rfc3339_parse()'),
      ZONE: expect.stringContaining('data.aws_availability_zones.all.names[0]: known after apply'),
    });
    expect(model.unserved.map(({ type }) => type)).toEqual([
      'aws_cognito_user_pool',
      'aws_kms_key',
      'aws_lambda_function with a role of elsewhere',
      'aws_lambda_function.layers',
      'aws_lambda_function.vpc_config',
      'data.aws_availability_zones',
      'data.aws_vpc',
      'data.http',
      'random_pet',
      'the function provider::aws::arn_parse()',
      'the function provider::time::rfc3339_parse()',
    ]);
  });
});
