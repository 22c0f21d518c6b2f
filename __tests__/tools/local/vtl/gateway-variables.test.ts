import { describe, expect, it } from 'vitest';
import { compileMappingTemplate } from '#local/vtl/compile-template.ts';
import { TemplateInputError } from '#local/vtl/limits.ts';
import { render, templateContext } from './support.ts';

const params = {
  path: { id: 'from-path' },
  querystring: { id: 'from-query', q: 'query' },
  header: { id: 'from-header', q: 'header', 'X-Trace': 'abc' },
};

describe('$input', () => {
  it('finds a parameter in the path, then the query string, then the headers', () => {
    expect(
      render("$input.params('id') $input.params('q') $input.params('X-Trace') $input.params('x-trace')", { params }),
    ).toBe('from-path query abc abc');
  });

  it('gives an absent parameter as an empty text', () => {
    expect(render("[$input.params('none')]#if($input.params('none') == '')empty#end", { params })).toBe('[]empty');
  });

  it('gives parameters as maps', () => {
    expect(
      render("$input.params().path.id $input.params().querystring.get('q') $input.params().header.keySet().size()", {
        params,
      }),
    ).toBe('from-path query 3');
  });

  const body = JSON.stringify({
    name: 'Ann',
    tags: ['a', 'b'],
    nested: { n: 1.5, none: null },
    items: [
      { b: 'c', v: 1 },
      { b: 'd', v: 2 },
    ],
  });

  it.each([
    ["$input.path('$.name')", 'Ann'],
    ["$input.path('$').name", 'Ann'],
    ["$input.path('$.tags')", '["a","b"]'],
    ["$input.path('$.tags[1]')", 'b'],
    ["$input.path('$.tags').size()", '2'],
    ["$input.path(\"$['nested']['n']\")", '1.5'],
    ["[$input.path('$.missing.deeper')]", '[]'],
    ["[$input.path('$.nested.none')]", '[]'],
    ["$input.json('$.name')", '"Ann"'],
    ["$input.json('$.tags')", '["a","b"]'],
    ["$input.json('$.nested')", '{"n":1.5,"none":null}'],
    ["$input.json('$.missing')", '""'],
    ['$input.json(\'$.items[?(@.b=="d")].v\')', '[2]'],
    ["$input.json('$.items[*].v')", '[1,2]'],
    ["$input.json('$..b')", '["c","d"]'],
  ])('%s is %s', (source, expected) => {
    expect(render(source, { body })).toBe(expected);
  });

  it('gives the body as it came, and an empty one as {} to JSONPath', () => {
    expect(render('$input.body', { body: ' {"a" : 1} ' })).toBe(' {"a" : 1} ');
    expect(render("$input.json('$')", { body: '' })).toBe('{}');
  });

  it('blames the client for a body that is not JSON or nested too deeply', () => {
    expect(() => render("$input.json('$')", { body: '{' })).toThrow(TemplateInputError);
    expect(() => render("$input.path('$.a')", { body: 'x' })).toThrow(/Could not parse request body into json/);
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(() => render("$input.json('$')", { body: deep })).toThrow(TemplateInputError);
  });

  it('keeps a __proto__ key as data', () => {
    expect(render("$input.json('$') $input.path('$.__proto__.a')", { body: '{"__proto__":{"a":1}}' })).toBe(
      '{"__proto__":{"a":1}} 1',
    );
  });
});

describe('$util', () => {
  it.each([
    ['$util.escapeJavaScript($v)', 'a\'b"c\\d/e\n\t\u0001é😀', 'a\\\'b\\"c\\\\d\\/e\\n\\t\\u0001\\u00E9\\uD83D\\uDE00'],
    ['$util.urlEncode($v)', "a b&c=é~'*\ud800", 'a+b%26c%3D%C3%A9%7E%27*%3F'],
    ['$util.urlDecode($v)', 'a+b%26%C3%A9', 'a b&é'],
    ['$util.base64Encode($v)', 'é$', 'w6kk'],
    ['$util.base64Decode($v)', 'w6kk', 'é$'],
    ['$util.parseJson($v).a[0].b', '{"a":[{"b":"x"}]}', 'x'],
  ])('%s of %j', (source, value, expected) => {
    const given = { params: { ...params, querystring: { v: value } } };
    expect(render(`#set($v = $input.params('v'))${source}`, given)).toBe(expected);
  });

  it('blames the client for what it can not decode', () => {
    const given = { params: { ...params, querystring: { v: '%zz' } } };
    expect(() => render("$util.urlDecode($input.params('v'))", given)).toThrow(TemplateInputError);
    expect(() => render("$util.parseJson($input.params('v'))", given)).toThrow(TemplateInputError);
  });
});

describe('$context and $stageVariables', () => {
  const given = { context: { stage: 'envA', identity: { sourceIp: '127.0.0.1' } }, stageVariables: { stage: 'envA' } };

  it('are read by name, and empty where a request has no such value', () => {
    expect(render('$context.stage $context.identity.sourceIp $stageVariables.stage', given)).toBe(
      'envA 127.0.0.1 envA',
    );
    expect(render('[$context.identity.caller][$context.authorizer.claims.x][$stageVariables.none]', given)).toBe(
      '[][][]',
    );
  });

  it('can not be changed for the next request', () => {
    const source = '$stageVariables.stage$context.stage#set($stageVariables.stage = "x")#set($context.stage = "y")';
    expect([render(source, given), render(source, given)]).toEqual(['envAenvA', 'envAenvA']);
  });

  it('take a response override from the template', () => {
    const render = compileMappingTemplate(
      'x#set($context.responseOverride.status = 418)#set($context.responseOverride.header.X-A = "1")',
    );
    expect(render(templateContext())).toEqual({ text: 'x', responseOverride: { status: 418, header: { 'X-A': '1' } } });
  });
});
