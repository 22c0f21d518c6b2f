import { describe, expect, it } from 'vitest';
import type { Json } from '#local/terraform/expression/value/value.ts';
import { evaluate, resultOf, stack, valuesBy } from './stack-fixture.ts';

const ref = (expression: string) => `\${${expression}}`;

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
    expect(() => typed('map(string)', ['a'])).toThrow('dev-api: var.x: got tuple, a map of string is needed');
  });

  it('are converted at every depth, with the defaults of optional attributes', () => {
    const of = (type: string, value: Json) =>
      resultOf(ref('jsonencode(var.x)'), { variable: { x: { type } } }, { variables: { x: value } });
    expect(of('list(string)', [1, true])).toBe('["1","true"]');
    expect(of('map(number)', { a: '1' })).toBe('{"a":1}');
    expect(
      of('list(object({ name = string, size = optional(number, 3), note = optional(string) }))', [{ name: 1 }]),
    ).toBe('[{"name":"1","note":null,"size":3}]');
    expect(of('object({ inner = optional(object({ a = optional(bool, true) }), {}) })', {})).toBe(
      '{"inner":{"a":true}}',
    );
    expect(of('tuple([string, number])', [1, '2'])).toBe('["1",2]');
    expect(() => of('list(shout)', [])).toThrow('got the type shout, which Terraform does not have');
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
