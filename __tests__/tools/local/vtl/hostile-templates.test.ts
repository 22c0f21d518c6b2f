import { describe, expect, it } from 'vitest';
import { render } from './support.ts';

/** What `$input.params()` prints; `.__proto__` behind it is text, because a property begins with a letter. */
const PARAMETERS = '{path={}, querystring={}, header={}}';

describe('hostile mapping templates', () => {
  it.each([
    ['a loop of more than 1,000 rounds', '#foreach($i in [1..1001])x#end', /1000 at most/],
    ['an endless range', '#foreach($i in [1..99999999999])x#end', /1000 at most/],
    ['loops within loops', '#foreach($a in [1..999])#foreach($b in [1..999])x#end#end', /steps/],
    ['a macro that calls itself', '#macro(m)#m()#end#m()', /deep/],
    ['a text that doubles', `#set($x = "xxxxxxxxxxxxxxxx")${'#set($x = "$x$x")'.repeat(40)}`, /characters/],
    [
      'a text that doubles by a method',
      `#set($x = "xxxxxxxxxxxxxxxx")${'#set($x = $x.concat($x))'.repeat(40)}`,
      /characters/,
    ],
    ['a list that doubles', `#set($x = [1,2,3,4])${'$x.addAll($x)'.repeat(40)}`, /elements/],
    ['lists that hold each other', '#set($x = [])#set($y = [$x])$x.add($y)$x', /failed/],
    ['a document that holds itself', "#set($x = $input.path('$.list'))$x.add($x)$x", /nested too deeply/],
    ['a number that grows', `#set($x = 99999999999)${'#set($x = $x * $x)'.repeat(40)}`, /too large/],
    ['a text that evaluates itself', `#set($x = '#evaluate($x)')#evaluate($x)`, /100 deep/],
    ['evaluated texts', `#set($x = "${'x'.repeat(100_000)}")#foreach($i in [1..999])#evaluate($x)#end`, /evaluates/],
    [
      'a block within itself',
      '#define($x)$x$x$x#end#foreach($a in [1..999])#foreach($b in [1..999])$x#end#end',
      /steps/,
    ],
  ])('end with an error: %s', (_, source, message) => {
    expect(() => render(source, { body: '{"list":[]}' })).toThrow(message);
  });

  it('read many backslashes and quotes as fast as a few', () => {
    expect(render('\\'.repeat(200_000)).length).toBe(200_000);
    expect(render(`#set($x = "${'""'.repeat(100_000)}")$x`).length).toBe(100_000);
  });

  it.each([
    '$input.constructor',
    '$input.constructor.constructor("return process")',
    '$util.__proto__',
    '$util.toString.constructor',
    '$input.body.constructor',
    '$input.body.__proto__',
    '$input.body.length',
    '$context.constructor.name',
    '$input.params().constructor',
    '$input.params().__proto__.polluted',
    "$input.path('$').constructor",
    "$input.path('$.constructor')",
    "$input.path('$.list').constructor",
    "$input.path('$.list').map('x')",
    '$foreach.constructor',
    '$input.getClass()',
  ])('reach nothing of JavaScript: %s', (source) => {
    const output = render(source, { body: '{"list":[1]}' });
    expect(['', 'util.__proto__', '{"list":[1]}.__proto__', `${PARAMETERS}.__proto__.polluted`]).toContain(output);
    expect(output).not.toContain('function');
  });

  it('put a __proto__ entry into the map, not onto all objects', () => {
    const source =
      '#set($m = {})$!m.put("__proto__", {"polluted": 1})#set($m["__proto__"]["polluted"] = 2)#set($context["__proto__"]["polluted"] = 3)$m';
    expect(render(source)).toBe('{__proto__={polluted=2}}');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });
});
