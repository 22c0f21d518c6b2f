import { describe, expect, it } from 'vitest';
import { toJson } from '#local/terraform/expression/value/json.ts';
import { Placeholder } from '#local/terraform/expression/value/value.ts';
import { evaluated, render, resultOf, scopeOfBlocks } from './scope-fixture.ts';

describe('names and what is accessed on them', () => {
  it('reads attributes, indexes and splats', () => {
    const names = { api: { stages: [{ name: 'envA' }, { name: 'envB' }], 'log-group': 'x' } };
    expect(resultOf('api.stages[1].name', names)).toBe('envB');
    expect(resultOf('api.stages.0.name', names)).toBe('envA');
    expect(resultOf('[api["log-group"], api.log-group]', names)).toEqual(['x', 'x']);
    expect(resultOf('api.stages[*].name', names)).toEqual(['envA', 'envB']);
    expect(resultOf('api.stages.*.name', names)).toEqual(['envA', 'envB']);
  });

  it('makes a list of what a splat finds no list at', () => {
    expect(resultOf('x[*].name', { x: { name: 'one' } })).toEqual(['one']);
    expect(resultOf('x[*].name', { x: null })).toEqual([]);
  });

  it('takes a block that stands once for a list of one', () => {
    const scope = scopeOfBlocks({ x: { block: { name: 'one' } } });
    expect(toJson(evaluated(`\${x.block[0].name}`, scope))).toBe('one');
    expect(() => evaluated(`\${x.block[1].name}`, scope)).toThrow('no attribute "1"');
  });

  it('takes no other object for a list', () => {
    expect(() => resultOf('x[0].name', { x: { name: 'one' } })).toThrow('no attribute "0"');
  });

  it('lets the variables of a for-expression hide outer names', () => {
    expect(resultOf('[for x in x : [for x in x : x * 2]]', { x: [[1], [2]] })).toEqual([[2], [4]]);
  });

  it('minds no failure of the side of a conditional that is not chosen, but a name that nothing declares', () => {
    expect(resultOf('true ? 1 : x.absent', { x: {} })).toBe(1);
    expect(resultOf('false ? upper([]) : 1')).toBe(1);
    expect(() => resultOf('true ? 1 : absent.name')).toThrow('refers to absent');
    expect(() => resultOf('try(absent, 1)')).toThrow('refers to absent');
    expect(() => resultOf('can(absent)')).toThrow('refers to absent');
  });

  it('names where a placeholder comes from, and lets it be accessed further', () => {
    const key = new Placeholder('dev-api: aws_kms_key.key');
    expect(resultOf('key.arn', { key })).toBe('(dev-api: aws_kms_key.key.arn: known after apply)');
    expect(resultOf('upper(key.policies[0].name)', { key })).toContain('AWS_KMS_KEY.KEY.POLICIES[0].NAME');
  });
});

describe('what cannot be evaluated', () => {
  it.each([
    ['shout("x")', 'there is no function named shout()'],
    ['constructor("x")', 'there is no function named constructor()'],
    ['upper()', 'upper() got 0 arguments; it takes 1'],
    ['upper("a", "b")', 'upper() got 2 arguments; it takes 1'],
    ['upper(["a"])', 'upper(): got tuple, a string is needed'],
    ['format("%s")', 'format(): %s has no argument: there are 0'],
    ['format("%y", 1)', 'got %y; allowed are %b %d'],
    ['regex("b", "a")', '"a" doesn\'t match the pattern b'],
    ['regex("(", "a")', 'got the pattern ('],
    ['jsondecode("{")', 'got text that is no JSON'],
    ['lookup({a = 1}, "b")', 'the object has no key "b"'],
    ['{a = 1}.b', 'no attribute "b"; there are a'],
    ['[1][3]', 'no element 3 in a list of 1'],
    ['"a".b', 'got string, which has no attribute "b"'],
    ['{a = 1}.__proto__', 'no attribute "__proto__"'],
    ['1 + "x"', 'got "x", a number is needed'],
    ['0 / 0', "zero can't be divided by zero"],
    ['jsonencode(1 / 0)', 'got an infinite number'],
    ['!"x"', 'got "x", a bool is needed'],
    ['length([1]) ? 1 : 2', 'got number, a bool is needed'],
    ['{for x in ["a", "a"] : x => 1}', 'two items of a for-expression have the key "a"'],
    ['true ? 1 : {for x in ["a", "a"] : x => 1}', 'no common type: number and object'],
    ['cidrsubnet("10.1.2.3/8", 8, -256)', 'no subnet numbered -256'],
    ['true ? 1 : ["a"][*].x', 'no common type: number and tuple'],
    ['true ? 1 : tolist(["a"])[*].x', 'no common type: number and list of dynamic'],
    ['try(lower(), upper())', 'try(): every argument fails: lower() got 0'],
    ['file("absent.txt")', 'file(): cannot read /app/absent.txt'],
    ['a b', 'got "b", expected "}" at character 5'],
    ['a.', 'got "}", expected a name after "."'],
    ['f(1 2)', 'got "2", expected ","'],
    ['{a 1}', 'got "1", expected "="'],
    ['[for in x : 1]', 'got "x", expected "in"'],
    ['"a', 'a quoted string is not closed'],
    ['"a\nb"', 'a quoted string goes over a line break'],
    ['"\\x"', 'got the escape \\x; allowed are'],
    ['a § b', 'got "§", which no expression holds at character 5'],
  ])('%s is refused with a reason', (expression, message) => {
    expect(() => resultOf(expression)).toThrow(message);
  });

  it.each([
    [`a \${[1]}`, 'got tuple, a string is needed'],
    [`a \${null}`, 'got null, which a text cannot include'],
    [`\${`, 'got the end, expected an expression at character 3'],
    [`\${a`, 'got the end, expected "}" at character 4'],
    ['%{ if true }y', 'a template ends before its %{ endif }'],
    ['%{ endfor }', 'got %{ endfor } without its beginning'],
    ['%{ shout }', 'got "shout", expected one of the directives if, else, endif, for, endfor'],
  ])('the template %s is refused with a reason', (template, message) => {
    expect(() => render(template)).toThrow(message);
  });

  it('shows the surroundings of a mistake in a long text', () => {
    const template = `${'a'.repeat(200)}\${b c}${'d'.repeat(200)}`;
    expect(() => render(template)).toThrow(/at character 205 of "…a{36}\$\{b c\}d{38}…"$/);
  });
});

describe('can and try', () => {
  it('take a failing argument for what it is', () => {
    expect(resultOf('can(x.b)', { x: { a: 1 } })).toBe(false);
    expect(resultOf('can(x.a)', { x: { a: 1 } })).toBe(true);
    expect(resultOf('try(x.b, x.a)', { x: { a: 1 } })).toBe(1);
  });
});
