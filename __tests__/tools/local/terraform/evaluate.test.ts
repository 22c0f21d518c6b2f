import { describe, expect, it } from 'vitest';
import { evaluate, outputsOf, resultOf, stack, valuesBy } from './stack-fixture.ts';

const ref = (expression: string) => `\${${expression}}`;
const dynamodbTable = (name: string) => ({ name, hash_key: 'id' });

describe('references within a stack', () => {
  it('reach variables, locals, resources, data sources, path and workspace', () => {
    expect(
      outputsOf(
        {
          variable: { env: { type: 'string' } },
          locals: { prefix: `app-${ref('var.env')}` },
          data: { aws_caller_identity: { me: {} } },
          resource: { aws_dynamodb_table: { users: dynamodbTable(`${ref('local.prefix')}-users`) } },
          output: {
            table: { value: ref('aws_dynamodb_table.users.arn') },
            account: { value: ref('data.aws_caller_identity.me.account_id') },
            place: { value: `${ref('path.module')} ${ref('terraform.workspace')}` },
            whole: { value: { list: [ref('local.prefix')], plain: 1 } },
          },
        },
        { variables: { env: 'envA' } },
      ),
    ).toEqual({
      table: 'arn:aws:dynamodb:eu-central-1:000000000000:table/app-envA-users',
      account: '000000000000',
      place: '/app/dev-api default',
      whole: { list: ['app-envA'], plain: 1 },
    });
  });

  it('leave meta-arguments out of the values and keep every other argument', () => {
    const { resources } = evaluate([
      stack({
        resource: {
          aws_dynamodb_table: {
            users: {
              ...dynamodbTable('users'),
              '//': {},
              depends_on: ['x'],
              lifecycle: {},
              provider: 'aws',
              tags: { a: 'b' },
            },
          },
        },
      }),
    ]);
    expect(Object.keys(resources[0]?.values ?? {}).sort()).toEqual([
      'arn',
      'hash_key',
      'id',
      'name',
      'stream_arn',
      'stream_label',
      'tags',
    ]);
  });

  it('are resolved in maps whose keys hold templates', () => {
    expect(resultOf(ref('local.byName.x'), { locals: { name: 'x', byName: { [ref('local.name')]: 1 } } })).toBe(1);
  });

  it('that mean nothing are errors with stack and address', () => {
    const table = (name: string) => ({ resource: { aws_dynamodb_table: { users: dynamodbTable(name) } } });
    const failure = (name: string) => () => evaluate([stack(table(ref(name)))]);
    const at = 'dev-api: aws_dynamodb_table.users: name: ';
    expect(failure('var.absent')).toThrow(`${at}refers to absent, which the stack doesn't declare`);
    expect(failure('aws_s3_bucket.absent.arn')).toThrow(`${at}refers to aws_s3_bucket.absent`);
    expect(failure('data.aws_region.absent.name')).toThrow(`${at}refers to data.aws_region.absent`);
    expect(failure('each.value')).toThrow(`${at}refers to each.value`);
    expect(failure('var')).toThrow(`${at}"var" must be followed by a name`);
    expect(failure('shout("x")')).toThrow(`${at}there is no function named shout()`);
  });
});

describe('what fails', () => {
  it('is told all at once, each cause once however many depend on it', () => {
    const json = {
      variable: { a: {} },
      locals: { broken: ref('upper()'), user: ref('local.broken') },
      resource: {
        aws_dynamodb_table: { users: dynamodbTable(ref('local.broken')), logs: dynamodbTable(ref('var.a')) },
      },
      output: { users: { value: ref('aws_dynamodb_table.users.arn') } },
    };
    expect(() => evaluate([stack(json)])).toThrow(
      [
        'The synthesized Terraform cannot be evaluated:',
        '  dev-api: var.a: the variable has no value and no default; give one: variables.a',
        '  dev-api: local.broken: upper() got 0 arguments; it takes 1',
      ].join('\n'),
    );
  });

  it('as a cycle shows the way round', () => {
    const json = {
      resource: {
        aws_dynamodb_table: {
          a: dynamodbTable(ref('aws_dynamodb_table.b.name')),
          b: dynamodbTable(ref('local.c')),
          d: dynamodbTable(ref('aws_dynamodb_table.a.name')),
        },
      },
      locals: { c: ref('aws_dynamodb_table.a.arn') },
    };
    expect(() => evaluate([stack(json)])).toThrow(
      /: the references form a cycle: (dev-api: \S+) → dev-api: \S+ → dev-api: \S+ → \1$/,
    );
  });

  it('in a for-each leaves the other errors visible', () => {
    const json = {
      locals: { broken: ref('upper()') },
      resource: {
        aws_dynamodb_table: {
          users: { ...dynamodbTable('x'), for_each: ref('tonumber("x")') },
          logs: { ...dynamodbTable('x'), count: -1 },
        },
      },
    };
    expect(() => evaluate([stack(json)])).toThrow(
      /local\.broken.*for_each: tonumber.*count: got -1; allowed are whole/s,
    );
  });
});

describe('providers', () => {
  it('decide the region of each resource', () => {
    const { resources } = evaluate([
      stack({
        provider: { aws: [{ region: 'eu-central-1' }, { alias: 'west', region: ref('local.west') }], archive: [{}] },
        locals: { west: 'eu-west-1' },
        resource: {
          aws_sns_topic: {
            here: { name: 'x' },
            there: { name: 'x', provider: 'aws.west' },
            argument: { name: 'x', region: 'us-east-1' },
          },
        },
      }),
    ]);
    expect(valuesBy(resources, 'arn')).toEqual({
      'aws_sns_topic.here': 'arn:aws:sns:eu-central-1:000000000000:x',
      'aws_sns_topic.there': 'arn:aws:sns:eu-west-1:000000000000:x',
      'aws_sns_topic.argument': 'arn:aws:sns:us-east-1:000000000000:x',
    });
  });

  it('without a region are an error', () => {
    const json = { provider: { aws: [{}] }, resource: { aws_sns_topic: { x: { name: 'x' } } } };
    expect(() => evaluate([stack(json)])).toThrow('dev-api: aws_sns_topic.x: the provider "aws" names no region');
  });
});

describe('arguments that are not set', () => {
  const fn = { function_name: 'f', handler: 'index.handler', role: 'r', description: `\${var.none}` };
  const json = { resource: { aws_lambda_function: { f: fn } }, variable: { none: { default: null } } };

  it('have their default, or are null', () => {
    expect(resultOf(ref('[aws_lambda_function.f.memory_size, aws_lambda_function.f.timeout]'), json)).toEqual([128, 3]);
    expect(resultOf(ref('[aws_lambda_function.f.description, aws_lambda_function.f.layers]'), json)).toEqual([
      null,
      null,
    ]);
  });

  it('are those that an expression makes null, too', () => {
    const { resources } = evaluate([stack({ ...json })]);
    expect(resources[0]?.values).not.toHaveProperty('description');
  });

  it('are placeholders where AWS tells them', () => {
    expect(resultOf(ref('aws_lambda_function.f.signing_job_arn'), json)).toContain(
      'signing_job_arn: known after apply',
    );
  });
});

describe('what one resource tells another', () => {
  it('is the path of a resource, the value of a key, the address of a deployment', () => {
    const api = ref('aws_api_gateway_rest_api.api.id');
    const json = {
      resource: {
        aws_api_gateway_rest_api: { api: { name: 'api' } },
        aws_api_gateway_resource: {
          item: { rest_api_id: api, parent_id: ref('aws_api_gateway_resource.items.id'), path_part: '{id}' },
          items: {
            rest_api_id: api,
            parent_id: ref('aws_api_gateway_rest_api.api.root_resource_id'),
            path_part: 'items',
          },
        },
        aws_api_gateway_api_key: { key: { name: 'key', value: 'x'.repeat(20) } },
        aws_api_gateway_usage_plan_key: {
          of: { key_id: ref('aws_api_gateway_api_key.key.id'), key_type: 'API_KEY', usage_plan_id: 'p' },
        },
        aws_api_gateway_deployment: { now: { rest_api_id: api } },
      },
    };
    expect(resultOf(ref('aws_api_gateway_resource.item.path'), json)).toBe('/items/{id}');
    expect(resultOf(ref('aws_api_gateway_usage_plan_key.of.value'), json)).toBe('x'.repeat(20));
    expect(resultOf(ref('aws_api_gateway_deployment.now.invoke_url'), json)).toMatch(
      /^https:\/\/\w+\.execute-api\.eu-central-1\.amazonaws\.com\/$/,
    );
  });
});

describe('a function of a provider', () => {
  it('that the stack names gives a value that nobody knows; of another provider it is refused', () => {
    expect(resultOf(ref('provider::aws::arn_parse("x").account_id'))).toContain(
      'provider::aws::arn_parse().account_id: known',
    );
    expect(() => resultOf(ref('provider::other::f("x")'))).toThrow('there is no function named provider::other::f()');
  });
});

describe('dynamic blocks', () => {
  it('stand within blocks, over lists and beside blocks that are written as they are', () => {
    const inner = {
      dynamic: {
        attribute: {
          for_each: ref('local.names'),
          content: { name: ref('attribute.value.n'), at: ref('attribute.key') },
        },
      },
    };
    const { resources } = evaluate([
      stack({
        locals: { names: [{ n: 'x' }, { n: 'y' }] },
        resource: {
          aws_dynamodb_table: {
            users: { ...dynamodbTable('users'), index: [inner], attribute: [{ name: 'id' }], ...inner },
          },
        },
      }),
    ]);
    const written = [
      { name: 'x', at: 0 },
      { name: 'y', at: 1 },
    ];
    expect(resources[0]?.values.index).toEqual([{ attribute: written }]);
    expect(resources[0]?.values.attribute).toEqual([{ name: 'id' }, ...written]);
  });
});

describe('attributes that nobody knows', () => {
  it('are an error for a type that the runtime knows', () => {
    const json = { resource: { aws_sns_topic: { x: { name: 'x' } } }, locals: { y: ref('aws_sns_topic.x.colour') } };
    expect(() => evaluate([stack(json)])).toThrow(
      "dev-api: local.y: the local runtime can't tell aws_sns_topic.x.colour; it knows arn, id, name, owner",
    );
  });

  it('are placeholders for a type that it knows nothing of, so that the rest resolves', () => {
    const json = {
      resource: { aws_kms_replica_key: { key: { description: 'x', block: { a: 1 } } } },
      output: {
        description: { value: ref('aws_kms_replica_key.key.description') },
        arn: { value: `key ${ref('aws_kms_replica_key.key.arn')}` },
        deep: { value: ref('aws_kms_replica_key.key.rotations[0].date') },
        block: { value: [ref('aws_kms_replica_key.key.block[0].a'), ref('aws_kms_replica_key.key.block[0].b')] },
        instances: { value: ref('[for item in aws_kms_replica_key.key.replicas[*] : item.arn]') },
      },
    };
    expect(outputsOf(json)).toEqual({
      description: 'x',
      arn: 'key (dev-api: aws_kms_replica_key.key.arn: known after apply)',
      deep: '(dev-api: aws_kms_replica_key.key.rotations[0].date: known after apply)',
      block: [1, '(dev-api: aws_kms_replica_key.key.block.b: known after apply)'],
      instances: ['(dev-api: aws_kms_replica_key.key.replicas.arn: known after apply)'],
    });
  });
});
