/** Numbers from 0 to below 1 that a seed decides (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Values of all kinds for templates to work on; `$none` and its like have no value. */
const DATA = `#set($t='Hello, World')#set($e='')#set($n=42)#set($z=0)#set($neg=-7)#set($big=3000000000)#set($huge=99999999999999999999)#set($d=9.5)#set($one=1.0)#set($yes=true)#set($no=false)#set($l=[3,1,'two',2.5,true])#set($m={'a':1,'b':'two','c':[1,2],'d':{'e':5}})#set($empty=[])#set($nothing={})`;

const NAMES = [
  't',
  'e',
  'n',
  'z',
  'neg',
  'big',
  'huge',
  'd',
  'one',
  'yes',
  'no',
  'l',
  'm',
  'empty',
  'nothing',
  'none',
  'x',
  'y',
  'i',
];
const NUMBERS = ['n', 'z', 'neg', 'big', 'd', 'one'];
const METHODS: Readonly<Record<string, readonly string[]>> = {
  t: [
    'length()',
    'toUpperCase()',
    'toLowerCase()',
    'trim()',
    'isEmpty()',
    'substring(2)',
    'substring(1, 4)',
    'substring(20)',
    'charAt(1)',
    'indexOf("o")',
    'indexOf("o", 5)',
    'lastIndexOf("o")',
    'contains("lo")',
    'startsWith("He")',
    'endsWith("d")',
    'equals("x")',
    'equalsIgnoreCase("HELLO, world")',
    'compareTo("Hellp")',
    'concat("!")',
    'replace("l", "L")',
    "replaceAll('[aeiou]', '<$0>')",
    'replaceFirst("o", "0")',
    'matches("H.*")',
    'split(",").size()',
    'split(", ")[1]',
    'split("o", 2)[1]',
    'hashCode()',
    'toString()',
    'class.name',
    'empty',
    'bytes.size()',
    'repeat(2)',
    'isBlank()',
    'strip()',
    'format("%s|%5d|%-4s|%05.1f|%x", "a", 7, "b", 2.25, 255)',
    'valueOf(1.5)',
    'join("-", [1, 2])',
    "join('-', ['a', 'b'])",
    'substring("1")',
    'nosuch()',
    'length(1)',
    'toCharArray().size()',
    'indexOf(111)',
  ],
  n: [
    'toString()',
    'intValue()',
    'longValue()',
    'doubleValue()',
    'floatValue()',
    'hashCode()',
    'equals(42)',
    'compareTo(41)',
    'parseInt("12")',
    'parseInt("x")',
    'valueOf("7")',
    'toHexString(255)',
    'toBinaryString(5)',
    'max(3, 4)',
    'toString(255, 16)',
    'class',
    'byteValue()',
    'shortValue()',
  ],
  d: [
    'toString()',
    'intValue()',
    'longValue()',
    'doubleValue()',
    'floatValue()',
    'isNaN()',
    'compareTo(9.5)',
    'equals(9.5)',
    'parseDouble("1e3")',
    'hashCode()',
    'max(1.5, 2.5)',
  ],
  l: [
    'size()',
    'isEmpty()',
    'empty',
    'get(0)',
    'get(9)',
    'contains(1)',
    'contains("two")',
    'indexOf(2.5)',
    'add(7)',
    'add(0, "q")',
    'remove(0)',
    'remove("two")',
    'set(1, "s")',
    'subList(1, 3)',
    'addAll([8, 9])',
    'clear()',
    'toString()',
    'hashCode()',
    'equals([1])',
    'iterator().next()',
    'toArray().size()',
    'lastIndexOf(1)',
    'containsAll([1])',
  ],
  m: [
    'a',
    'b',
    'c',
    'd',
    'd.e',
    'zz',
    'get("a")',
    'get("c").get(1)',
    'size()',
    'isEmpty()',
    'empty',
    'keySet()',
    'values()',
    'entrySet()',
    'containsKey("a")',
    'containsValue(1)',
    'put("n", 5)',
    'remove("a")',
    'putAll({"p":1})',
    'toString()',
    'class',
    'getOrDefault("q", 3)',
    'equals({})',
    'hashCode()',
    'keySet().size()',
    'clear()',
    'c[0]',
    'c[-1]',
    'putIfAbsent("w", 1)',
  ],
  yes: ['toString()', 'booleanValue()', 'equals(true)', 'parseBoolean("TRUE")', 'hashCode()', 'compareTo(false)'],
};
const TEXTS = [
  'a',
  ' ',
  '\n',
  '  ',
  '\t',
  '\r\n',
  '{',
  '}',
  '"',
  ',',
  '.',
  ':',
  '-',
  '(',
  ')',
  '[',
  ']',
  '$',
  '#',
  '\\',
  '\\\\',
  '$ ',
  '# ',
  '#1',
  '$5',
  '5.5',
  "'",
  '!',
  '|',
  '*',
  '## c\n',
  '#* c *#',
  '#** c *#',
  '#[[ $n #if ]]#',
  '#fff',
  '\\#if',
  '\\#foo',
  '\\$n',
  '\\\\$n',
  '\\$none',
  '$!',
  '${n}',
  '$!{none}',
  'é€😀',
  '.x',
  '$n.',
  '$n..',
  '$$n',
  '#{n}',
  '#@x',
  '\\#',
];
const BLANKS = ['', '', '', ' ', '  ', '\n', '\t'];

/** Templates of every kind of syntax; the same for the same seed. */
export function generateTemplates(seed: number, count: number): string[] {
  const generator = new Generator(createRandom(seed));
  return Array.from({ length: count }, () => DATA + generator.block(3));
}

/** Templates with a part left out, doubled or put elsewhere: most are no longer what they were meant to be. */
export function breakTemplates(seed: number, templates: readonly string[], count: number): string[] {
  const random = createRandom(seed);
  const pick = (below: number) => Math.floor(random() * below);
  const broken = (): string => {
    const template = templates[pick(templates.length)] ?? '';
    const [from, length, to] = [pick(template.length + 1), 1 + pick(4), pick(template.length + 1)];
    const part = template.slice(from, from + length);
    const rest = template.slice(0, from) + template.slice(from + length);
    switch (pick(4)) {
      case 0:
        return rest;
      case 1:
        return template.slice(0, to) + part + template.slice(to);
      case 2:
        return rest.slice(0, to) + part + rest.slice(to);
      default:
        return template.slice(0, from) + (TEXTS[pick(TEXTS.length)] ?? '') + template.slice(from);
    }
  };
  // A pair that is broken apart could not be sent to Java as UTF-8.
  return Array.from({ length: count }, () => Buffer.from(broken()).toString());
}

class Generator {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  block(depth: number): string {
    return Array.from({ length: 1 + this.#below(5) }, () => this.#statement(depth)).join('');
  }

  #statement(depth: number): string {
    const kinds = depth > 0 ? 12 : 5;
    switch (this.#below(kinds)) {
      case 0:
      case 1:
        return this.#pick(TEXTS);
      case 2:
      case 3:
        return this.#reference(depth) + this.#pick(['', ' ', '|', '.', '\n', '\\']);
      case 4:
        return `${this.#pick(['', '  ', '\n', '\n  '])}#set(${this.#blank()}$${this.#pick(['x', 'y', 'm.k', 'l[0]', 'm["q"]', '{x}', '!x'])} = ${this.#expression(depth)})${this.#blank()}`;
      case 5:
      case 6:
        return this.#condition(depth);
      case 7:
      case 8:
        return this.#loop(depth);
      case 9:
        return this.#macro(depth);
      case 10:
        return `#define($b)${this.block(depth - 1)}#end[$b]`;
      default:
        return this.#pick([
          '#stop',
          '#break',
          '#evaluate("$n#set($y=1)")',
          `#evaluate($t)`,
          '#literal()$n#end',
          '#nope(1 "a")',
          '#nope',
          '#set($s = "$n ## x")$s',
          '#foreach($v in $m)$velocityCount$velocityHasNext#end',
          `#set($x="${this.#pick(['$n', '$!none', '#if($yes)1#end', 'a', '""', '\\u0041', "'"])}")$x`,
          '#@box("q")in #end',
          '#{if}($no)a#{elseif}($yes)b#{else}c#{end}',
        ]);
    }
  }

  #condition(depth: number): string {
    const otherwise = this.#pick([
      '',
      `#else${this.#blank()}${this.block(depth - 1)}`,
      `#{else}${this.block(depth - 1)}`,
      `#elseif(${this.#expression(depth)})${this.block(depth - 1)}`,
    ]);
    return `#if${this.#pick(['', ' '])}(${this.#expression(depth)})${this.#blank()}${this.block(depth - 1)}${otherwise}#end${this.#blank()}`;
  }

  #loop(depth: number): string {
    const over = this.#pick([
      '$l',
      '$m',
      '[1..3]',
      '[3..1]',
      '[1, "b", $none]',
      '$m.keySet()',
      '$m.entrySet()',
      '$none',
      '$t',
      '$t.split(",")',
      '$empty',
      '$l.iterator()',
      '[$z..$n.parseInt("2")]',
    ]);
    const body = this.#pick([
      '$i',
      '$foreach.index',
      '$foreach.count',
      '$foreach.hasNext',
      '$foreach.first$foreach.last',
      '#if($foreach.hasNext),#end',
      '$foreach.parent.index',
      '$foreach.topmost.count',
      '#if($foreach.count == 2)#break#end',
      '#break($foreach.parent)',
      '#set($foreach.k = $i)$foreach.k',
      '$velocityCount',
      '$i.key',
      '#break($foreach)',
    ]);
    return `#foreach($i in ${over})${this.#blank()}${body}${this.block(depth - 1)}#end${this.#blank()}`;
  }

  #macro(depth: number): string {
    const name = `mac${this.#below(3)}`;
    const call = `#${name}(${this.#pick(['', '1', '"q" $n', '$l, $m', '$none', '[1..2]', '{"k":1}', '$t.length() "$n"', '$x $y'])})`;
    const body = this.#pick([
      '$p',
      '$p $q',
      '$p.size()',
      '#set($p = 5)$p',
      '$!p',
      '#break z',
      '<$bodyContent>',
      '$p#set($x=1)$p',
      '\\$p',
    ]);
    const declaration = `#macro(${name} $p $q)${this.#blank()}${body}${this.block(depth - 1)}#end${this.#blank()}`;
    return this.#pick([
      declaration + call,
      call + declaration,
      `${declaration}#@${name}(1)in$n#end`,
      `${declaration}#foreach($i in [1..2])${call}#end`,
    ]);
  }

  #reference(depth: number): string {
    const name = this.#pick(NAMES);
    const path = this.#member(name, depth);
    return this.#pick([
      `$${name}${path}`,
      `$${name}${path}`,
      `\${${name}${path}}`,
      `$!${name}${path}`,
      `$!{${name}${path}}`,
    ]);
  }

  #member(name: string, depth: number): string {
    const methods = METHODS[name];
    if (methods && this.#below(3) > 0) return `.${this.#pick(methods)}`;
    if (this.#below(4) === 0)
      return this.#pick([
        '[0]',
        '[-1]',
        '["a"]',
        '[$z]',
        '.nope',
        '.nope()',
        '.size()',
        `.equals(${this.#operand(depth)})`,
        '.class',
        '.toString()',
        '[9]',
      ]);
    return '';
  }

  #expression(depth: number): string {
    if (depth <= 0 || this.#below(3) === 0) return this.#operand(depth);
    const [left, right] = [this.#expression(depth - 1), this.#expression(depth - 1)];
    switch (this.#below(6)) {
      case 0:
        return `${this.#pick(['!', 'not ', '! '])}${left}`;
      case 1:
        return `(${left})`;
      case 2:
        return `${left} ${this.#pick(['&&', '||', 'and', 'or'])} ${right}`;
      case 3:
        return `${this.#number()} ${this.#pick(['<', '>', '<=', '>=', 'lt', 'gt', 'le', 'ge', '==', '!=', 'eq', 'ne'])} ${this.#number()}`;
      case 4:
        return `${this.#number()} ${this.#pick(['+', '-', '*', '/', '%'])} ${this.#number()}${this.#pick(['', ` ${this.#pick(['+', '-', '*', '/', '%'])} ${this.#number()}`])}`;
      default:
        return `${left}${this.#pick([' == ', ' != ', '==', ' + ', ' eq '])}${right}`;
    }
  }

  #number(): string {
    return this.#pick([
      `$${this.#pick(NUMBERS)}`,
      String(this.#below(20)),
      '2.5',
      '0.1',
      '1e3',
      '2147483647',
      '9223372036854775807',
      '-3',
      '12345678.9',
      '$n',
      '$huge',
    ]);
  }

  #operand(depth: number): string {
    return this.#pick([
      this.#reference(depth),
      this.#reference(depth),
      this.#number(),
      'true',
      'false',
      "'single $n'",
      '"double $n"',
      '"a"',
      "'it''s'",
      '"say ""x"""',
      '[]',
      '{}',
      '[1, $n, "x"]',
      '{"k": $n, 1: "one"}',
      '[1..3]',
      '$none.x',
      '[[1], {}]',
    ]);
  }

  #blank(): string {
    return this.#pick(BLANKS);
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #pick<T>(from: readonly T[]): T {
    const picked = from[this.#below(from.length)];
    if (picked === undefined) throw new Error('nothing to pick from');
    return picked;
  }
}
