import { describe, expect, it } from 'vitest';
import { render, renderData } from './support.ts';

/** A reference in its formal notation. */
const FORMAL = '$' + '{x}';

describe('Velocity 1.7 syntax in mapping templates', () => {
  it.each([
    ['a reference', `#set($x = "v")$x ${FORMAL}y $!x $!{x}`, 'v vy v v'],
    ['an undefined reference, printed as nothing', `[$x][${FORMAL}][$x.y][$x.y("a")][$x[0]]`, '[][][][][]'],
    ['an undefined quiet reference, printed as nothing', '[$!x][$!{x}][$!x.y()]', '[][][]'],
    ['dollar signs that are not references', '$$ $ $1 $5.00 $$$ 100%$.', '$$ $ $1 $5.00 $$$ 100%$.'],
    ['hash signs that are not directives', '# #1 http://x/#top #unknown', '# #1 http://x/#top #unknown'],
    ['escaped references and directives', '\\$input \\#if \\\\ \\n \\"', '$input #if \\\\ \\n \\"'],
    ['an escaped directive in a block that no macro takes', '#@box("q")\\#if \\#x#end', '#@box("q")#if \\#x#end'],
    ['comments', 'a## $x\nb#* $y\n *#c', 'ab' + 'c'],
    ['unparsed content', '#[[ $x #if ]]#', ' $x #if '],
    ['a dot after a reference', '#set($x = 1)$x. $x.5', '1. 1.5'],
    ['#if with #elseif and #else', '#foreach($i in [1..3])#if($i == 1)a#elseif($i == 2)b#{else}c#end#end', 'abc'],
    ['line breaks after directives, dropped', '#set($x = 1)\n#if($x)\n  y\n#end\nz', '  y\nz'],
    ['arithmetic with whole numbers', '#set($x = 7 / 2)$x;#set($x = 7 % 4)$x;#set($x = 1 + 2 * 3 - 4)$x', '3;3;3'],
    ['division by zero, which assigns nothing', '#set($x = 1 / 0)[$x]', '[]'],
    ['concatenation', '#set($x = "a" + 1 + "b")$x', 'a1b'],
    ['interpolation in double quotes only', '#set($a = 1)#set($x = "<$a>")#set($y = \'<$a>\')$x$y', '<1><$a>'],
    ['null, which is not assigned', '#set($x = 1)#set($x = $missing)$x', '1'],
    [
      'truth of references: all but null and false; of literals: only true',
      '#set($e = "")#set($z = 0)#if($e)a#end#if($z)b#end#if($none)c#end#if(false)d#end#if("x")e#end#if(1)f#end#if(true)g#end',
      'abg',
    ],
    ['logic', '#if(!$none && (true || $none.x()) and not false)y#end', 'y'],
    ['comparison of different classes by text', '#if("1" == 1)a#end#if("1" != 2)b#end#if("a" < 1)c#end', 'ab'],
    [
      'maps and lists',
      '#set($m = {"a": [1, "x", true], "b": {}})$m $m.a[1] $m["a"].size()',
      '{a=[1, x, true], b={}} x 3',
    ],
    ['#set of a member', '#set($m = {})#set($m.a = 1)#set($m["b c"] = 2)$m', '{a=1, b c=2}'],
    ['macros, before their declaration, too', '#hi("x")#macro(hi $name)Hi $name!#end#hi("y")', 'Hi x!Hi y!'],
    ['ranges in both directions', '#foreach($i in [1..3])$i#end#foreach($i in [3..1])$i#end', '123321'],
  ])('renders %s', (_, source, expected) => {
    expect(render(source)).toBe(expected);
  });

  it('gives loops $foreach and $velocityCount, ends them at #break and puts the variable back', () => {
    const source =
      '#set($i = "before")#foreach($i in [5..9])$foreach.index/$foreach.count/$velocityCount:$i#if($foreach.hasNext),#end#if($i == 7)#break#end#end $i';
    expect(render(source)).toBe('0/1/1:5,1/2/2:6,2/3/3:7, before');
  });

  it('loops over the values that a map has when their turn comes', () => {
    expect(render('#set($m = {"a": 1, "b": 2})#foreach($v in $m)$v#set($m["b"] = 9)#end')).toBe('19');
  });

  it('nests loops, each with its own $foreach and its parent', () => {
    expect(render('#foreach($a in [1,2])#foreach($b in [1,2])$foreach.parent.count$foreach.count #end#end')).toBe(
      '11 12 21 22 ',
    );
  });

  it("loops over a map's values and over nothing where there is nothing", () => {
    expect(renderData('#foreach($v in $data)$v#end#foreach($v in $none)x#end', { a: 1, b: 2 })).toBe('12');
  });

  it.each([
    ['an #if that is not closed', '#if($x) a', /no #end/],
    ['an #if in an #if that is not closed', '#if($x) #if($y) #end', /no #end/],
    ['an #end too many', 'a #end b', /#end has no #if/],
    ['a reference that is not closed', '$' + '{x', /ends too early/],
    ['#evaluate of a number', '#evaluate(1)', /#evaluate takes one argument/],
    ['#parse', '#parse("file")', /no #parse/],
    ['#else without #if', 'a #else b', /#else where/],
  ])('refuses %s when it is compiled', (_, source, message) => {
    expect(() => render(source)).toThrow(message);
  });
});
