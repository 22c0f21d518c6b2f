import { describe, expect, it } from 'vitest';
import { evaluate, resultOf, stack } from './stack-fixture.ts';

const ref = (expression: string) => `\${${expression}}`;
const dynamodbTable = (name: string) => ({ name, hash_key: 'id' });

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
      unknownFunctions: [],
      outputs: { routing: { own: 'envA', entry: 'envA' } },
    });
    expect(() => evaluate([broken, entry, routing], { variables: { target_env: 'envA' } })).toThrow(
      'refers to missing',
    );
  });

  it('takes variables of its own before those of all', () => {
    const options = { variables: { target_env: 'envA' }, stackVariables: { routing: { target_env: 'envB' } } };
    expect(evaluate([entry, routing], options).outputs).toEqual({
      entry: { target: 'envA' },
      routing: { own: 'envB', entry: 'envA' },
    });
  });
});
