import { describe, expect, it } from 'vitest';
import { render, renderData } from './support.ts';

describe('Java methods in mapping templates', () => {
  it.each([
    ['length()', '$s.length()', '11'],
    ['substring', '$s.substring(6) $s.substring(0, 5)', 'World Hello'],
    ['replace takes no regular expression', '$s.replace(".", "x").replace("o", "0")', 'Hell0 W0rld'],
    ['replaceAll takes one, with groups', '$s.replaceAll("(\\w+) (\\w+)", "$2 $1")', 'World Hello'],
    ['replaceFirst', "$s.replaceFirst('o', '\\$')", 'Hell$ World'],
    ['split drops empty strings at the end', '#set($p = "a,b,,c,,".split(","))$p.size() $p', '4 [a, b, , c]'],
    ['split with a limit', '#set($p = "a,b,c".split(",", 2))$p', '[a, b,c]'],
    ['contains, startsWith, endsWith', '$s.contains("lo W") $s.startsWith("He") $s.endsWith("x")', 'true true false'],
    ['equals, equalsIgnoreCase', '$s.equals("hello world") $s.equalsIgnoreCase("hello world")', 'false true'],
    [
      'toUpperCase, toLowerCase, trim',
      '$s.toUpperCase() $s.toLowerCase() "  x ".trim()',
      'HELLO WORLD hello world "  x ".trim()',
    ],
    ['isEmpty, as a method and as a property', '$s.isEmpty() $s.empty', 'false false'],
    ['indexOf, lastIndexOf', '$s.indexOf("o") $s.indexOf("o", 5) $s.lastIndexOf("o") $s.indexOf("?")', '4 7 7 -1'],
    ['matches, of the whole text', '$s.matches("Hello") $s.matches("(?i)hello.*")', 'false true'],
    ['charAt, concat, compareTo', '$s.charAt(4)$s.concat("!") $s.compareTo("Hellp")', 'oHello World! -1'],
    ['quoted regular expressions and POSIX classes', '$s.replaceAll("\\Q o\\E|\\p{Upper}", "_")', '_ello _orld'],
  ])('strings: %s', (_, source, expected) => {
    const set = source.startsWith('#set')
      ? source.replace(/^#set\(\$p = "([^"]*)"/, '#set($t = "$1")#set($p = $t')
      : source;
    expect(render(`#set($s = "Hello World")${set}`)).toBe(expected);
  });

  it.each([
    ['size, get, index', '$data.size() $data.get(0) $data[1]', '2 a b'],
    [
      'contains, indexOf, isEmpty',
      '$data.contains("b") $data.indexOf("z") $data.isEmpty() $data.empty',
      'true -1 false false',
    ],
    ['add prints true, as in Velocity', '$data.add("c")$data', 'true["a","b","c"]'],
    ['set, remove, subList', '$data.set(0, "x") $data.remove(1) $data $data.subList(0, 1)', 'a b ["x"] [x]'],
  ])('lists: %s', (_, source, expected) => {
    expect(renderData(source, ['a', 'b'])).toBe(expected);
  });

  it.each([
    ['keySet, values, size', '$data.keySet() $data.values() $data.size()', '[a, b] [1, x] 2'],
    [
      'get, containsKey, containsValue',
      '$data.get("a") $data.containsKey("z") $data.containsValue("x")',
      '1 false true',
    ],
    ['entrySet', '#foreach($e in $data.entrySet())$e.key=$e.value;$e.getKey()=$e.getValue() #end', 'a=1;a=1 b=x;b=x '],
    ['put, remove', '#set($before = $data.put("a", 2))$before$!data.put("c", 3)$data.remove("b")$data', '1x{a=2, c=3}'],
    ['a null renders as nothing', '[$data.get("z")][$!data.get("z")]', '[][]'],
  ])('maps: %s', (_, source, expected) => {
    expect(renderData(source, { a: 1, b: 'x' })).toBe(expected);
  });

  it.each([
    ['$data.substring(5)', /out of range/],
    ['$data.substring(2, 1)', /out of range/],
    ['$data.replaceAll("(", "")', /Not a regular expression/],
    ['$data.replaceAll("b", "$1")', /group/],
    ['$data.trim(1)', /takes no such arguments/],
    ['$data.split(",").get(1)', /out of bounds/],
  ])('%s of "abc" fails with a cause', (source, message) => {
    expect(() => renderData(source, 'abc')).toThrow(message);
  });
});
