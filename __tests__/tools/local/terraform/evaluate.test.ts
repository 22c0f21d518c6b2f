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
    expect(failure('shout("x")')).toThrow(`${at}the local runtime doesn't know the function shout()`);
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

describe('variables', () => {
  const declared = {
    variable: {
      target_env: {
        type: 'string',
        nullable: false,
        validation: [
          { condition: ref('contains(["envA", "envB"], var.target_env)'), error_message: 'must be envA or envB.' },
        ],
      },
    },
  };

  it('without a value and a default are an error even if nothing refers to them', () => {
    expect(() => evaluate([stack(declared)])).toThrow(
      'dev-api: var.target_env: the variable has no value and no default; give one: variables.target_env',
    );
  });

  it('are validated', () => {
    expect(() => evaluate([stack(declared)], { variables: { target_env: 'envC' } })).toThrow(
      'dev-api: var.target_env: got "envC": must be envA or envB.',
    );
    expect(resultOf(ref('var.target_env'), declared, { variables: { target_env: 'envB' } })).toBe('envB');
  });

  it('may be validated against another variable', () => {
    const json = {
      variable: {
        min: { default: 1 },
        max: {
          default: 0,
          validation: [{ condition: ref('var.max >= var.min'), error_message: `below ${ref('var.min')}` }],
        },
      },
    };
    expect(() => evaluate([stack(json)])).toThrow('dev-api: var.max: got 0: below 1');
  });

  it('have the declared type', () => {
    const typed = (type: string, value: string | number | string[]) =>
      resultOf(ref('var.x'), { variable: { x: { type } } }, { variables: { x: value } });
    expect(typed('string', 1)).toBe('1');
    expect(typed('number', '2')).toBe(2);
    expect(typed('bool', 'true')).toBe(true);
    expect(typed('set(string)', ['b', 'a', 'b'])).toEqual(['a', 'b']);
    expect(() => typed('map(string)', ['a'])).toThrow('dev-api: var.x: got list, an object is needed');
  });

  it('take their default, null included', () => {
    expect(resultOf(ref('var.x == null'), { variable: { x: { default: null } } })).toBe(true);
    expect(
      resultOf(ref('lookup(var.x, "test", "newest")'), { variable: { x: { type: 'map(string)', default: {} } } }),
    ).toBe('newest');
  });
});

describe('count and for_each', () => {
  it('make an instance each, with addresses as Terraform writes them', () => {
    const { resources, outputs } = evaluate([
      stack({
        resource: {
          aws_s3_bucket: {
            logs: { for_each: ref('toset(["b", "a"])'), bucket: `logs-${ref('each.value')}` },
            parts: { count: 2, bucket: `part-${ref('count.index')}` },
          },
        },
        output: {
          arns: { value: ref('[for key, bucket in aws_s3_bucket.logs : format("%s=%s", key, bucket.arn)]') },
          parts: { value: ref('aws_s3_bucket.parts[*].id') },
          one: { value: ref('aws_s3_bucket.logs["a"].bucket') },
        },
      }),
    ]);
    expect(valuesBy(resources, 'bucket')).toEqual({
      'aws_s3_bucket.logs["a"]': 'logs-a',
      'aws_s3_bucket.logs["b"]': 'logs-b',
      'aws_s3_bucket.parts[0]': 'part-0',
      'aws_s3_bucket.parts[1]': 'part-1',
    });
    expect(outputs['dev-api']).toEqual({
      arns: ['a=arn:aws:s3:::logs-a', 'b=arn:aws:s3:::logs-b'],
      parts: ['part-0', 'part-1'],
      one: 'logs-a',
    });
  });

  it('write dynamic blocks out', () => {
    const attribute = { for_each: ref('local.names'), content: { name: ref('attribute.value'), type: 'S' } };
    const { resources } = evaluate([
      stack({
        locals: { names: ['id', 'time'] },
        resource: { aws_dynamodb_table: { log: { name: 'log', hash_key: 'id', dynamic: { attribute } } } },
      }),
    ]);
    expect(valuesBy(resources, 'attribute')).toEqual({
      'aws_dynamodb_table.log': [
        { name: 'id', type: 'S' },
        { name: 'time', type: 'S' },
      ],
    });
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

describe('attributes that nobody knows', () => {
  it('are an error for a type that the runtime knows', () => {
    const json = { resource: { aws_sns_topic: { x: { name: 'x' } } }, locals: { y: ref('aws_sns_topic.x.colour') } };
    expect(() => evaluate([stack(json)])).toThrow(
      "dev-api: local.y: the local runtime can't tell aws_sns_topic.x.colour; it knows arn, id, name, owner",
    );
  });

  it('are placeholders for a type that it knows nothing of, so that the rest resolves', () => {
    const json = {
      resource: { aws_kms_key: { key: { description: 'x', block: { a: 1 } } } },
      output: {
        description: { value: ref('aws_kms_key.key.description') },
        arn: { value: `key ${ref('aws_kms_key.key.arn')}` },
        deep: { value: ref('aws_kms_key.key.rotations[0].date') },
        block: { value: [ref('aws_kms_key.key.block[0].a'), ref('aws_kms_key.key.block[0].b')] },
        instances: { value: ref('[for item in aws_kms_key.key.replicas[*] : item.arn]') },
      },
    };
    expect(outputsOf(json)).toEqual({
      description: 'x',
      arn: 'key (dev-api: aws_kms_key.key.arn: known after apply)',
      deep: '(dev-api: aws_kms_key.key.rotations[0].date: known after apply)',
      block: [1, '(dev-api: aws_kms_key.key.block.b: known after apply)'],
      instances: ['(dev-api: aws_kms_key.key.replicas.arn: known after apply)'],
    });
  });
});

describe('references across stacks', () => {
  const remoteState = (key: string) => ({
    terraform_remote_state: {
      data: {
        backend: 's3',
        config: { bucket: 'state', key, region: 'eu-central-1', dynamodb_table: 'locks' },
        workspace: ref('terraform.workspace'),
      },
    },
  });
  const data = stack(
    {
      resource: { aws_dynamodb_table: { users: dynamodbTable('users') } },
      output: { name: { value: ref('aws_dynamodb_table.users.name') } },
    },
    'dev-data',
  );
  const api = (key: string, output = 'name') =>
    stack({
      data: remoteState(key),
      output: { table: { value: ref(`data.terraform_remote_state.data.outputs.${output}`) } },
    });

  it('go through the remote state, whatever the order of the stacks', () => {
    const found = { 'dev-api': { table: 'users' }, 'dev-data': { name: 'users' } };
    expect(evaluate([data, api('dev/dev-data.tfstate')]).outputs).toEqual(found);
    expect(evaluate([api('dev/dev-data.tfstate'), data]).outputs).toEqual(found);
  });

  it('to a state that no stack keeps are an error that names the known ones', () => {
    expect(() => evaluate([data, api('dev/other.tfstate')])).toThrow(
      /dev-api: data\.terraform_remote_state\.data: no synthesized stack keeps its state in s3 .*dev\/other\.tfstate.*dev\/dev-data\.tfstate/,
    );
  });

  it('to an output that the stack does not have are an error', () => {
    expect(() => evaluate([data, api('dev/dev-data.tfstate', 'absent')])).toThrow(
      'dev-api: output.table: the stack dev-data has no output "absent"; synthesize all stacks again',
    );
  });

  it('that come back to where they started are a cycle', () => {
    const first = stack(
      {
        data: remoteState('dev/b.tfstate'),
        output: { x: { value: ref('data.terraform_remote_state.data.outputs.x') } },
      },
      'a',
    );
    const second = stack(
      {
        data: remoteState('dev/a.tfstate'),
        output: { x: { value: ref('data.terraform_remote_state.data.outputs.x') } },
      },
      'b',
    );
    expect(() => evaluate([first, second])).toThrow(
      'the references form a cycle: a: output.x → b: output.x → a: output.x',
    );
  });
});

describe('SSM parameters', () => {
  const json = { data: { aws_ssm_parameter: { key: { name: '/app/dev/api_key' } } } };

  it('are read in the region of the stack (S0.16)', () => {
    const parameter = (region: string, name: string) => `${region} ${name}`;
    expect(resultOf(ref('data.aws_ssm_parameter.key.value'), json, { parameter })).toBe(
      'eu-central-1 /app/dev/api_key',
    );
  });

  it('that do not exist are an error with name and region', () => {
    expect(() => evaluate([stack(json)])).toThrow(
      'dev-api: data.aws_ssm_parameter.key: there is no parameter /app/dev/api_key in eu-central-1',
    );
  });
});

describe('S0.12: a part of the stacks', () => {
  const variable = { target_env: { type: 'string' } };
  const entry = stack({ variable, output: { target: { value: ref('var.target_env') } } }, 'entry');
  const config = { bucket: 'state', key: 'dev/entry.tfstate', region: 'eu-central-1' };
  const routing = stack(
    {
      variable,
      data: { terraform_remote_state: { entry: { backend: 's3', config } } },
      output: {
        own: { value: ref('var.target_env') },
        entry: { value: ref('data.terraform_remote_state.entry.outputs.target') },
      },
    },
    'routing',
  );
  const broken = stack({ output: { x: { value: ref('var.missing') } } }, 'data');

  it('is evaluated with what it refers to, whatever is wrong with the others, and alone is given back', () => {
    const options = { variables: { target_env: 'envA' }, only: ['routing'] };
    expect(evaluate([broken, entry, routing], options)).toEqual({
      resources: [],
      outputs: { routing: { own: 'envA', entry: 'envA' } },
    });
    expect(() => evaluate([broken, entry, routing], { variables: { target_env: 'envA' } })).toThrow('refers to missing');
  });

  it('takes variables of its own before those of all', () => {
    const options = { variables: { target_env: 'envA' }, stackVariables: { routing: { target_env: 'envB' } } };
    expect(evaluate([entry, routing], options).outputs).toEqual({
      entry: { target: 'envA' },
      routing: { own: 'envB', entry: 'envA' },
    });
  });
});
