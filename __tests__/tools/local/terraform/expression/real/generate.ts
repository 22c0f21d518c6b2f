import type { Json } from '#local/terraform/expression/value/value.ts';
import type { Question } from './ask-terraform.ts';

/** What `local.d` holds for generated expressions. */
export const locals: Json = {
  s: 'hello',
  n: 5,
  f: 2.5,
  b: true,
  nul: null,
  list: ['c', 'a', 'b'],
  nums: [3, 1, 2],
  map: { b: '2', a: '1' },
  obj: { x: 1, y: { z: [1, 2] } },
  users: [
    { name: 'ann', age: 3 },
    { name: 'bob', age: 7 },
  ],
  empty: [],
  emap: {},
  uni: 'é€😀',
  multi: 'a\nb\n',
};

/** What can be asked for. */
type Kind = 'any' | 'bool' | 'list' | 'number' | 'object' | 'text';

/** Makes expressions of Terraform's language from a seed: most of them mean something, some are of the wrong type. */
export class Generator {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A string of the Terraform JSON syntax, and its expression where it is nothing but one. */
  question(): Question {
    if (this.#chance(0.15)) return { template: this.#bareTemplate() };
    const expression = this.#expression(this.#pick(kinds), 3);
    return { template: `\${${expression}}`, expression };
  }

  /** Source: mulberry32. */
  #random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }

  #pick<T>(items: readonly [T, ...T[]]): T {
    return items[Math.floor(this.#random() * items.length)] ?? items[0];
  }

  #times(most: number, make: () => string): string[] {
    return Array.from({ length: Math.floor(this.#random() * (most + 1)) }, make);
  }

  #expression(wanted: Kind, depth: number): string {
    const kind = this.#chance(0.03) ? this.#pick(kinds) : wanted;
    if (depth <= 0 || this.#chance(0.15)) return this.#atom(kind);
    const inner = (of: Kind) => this.#expression(of, depth - 1);
    if (this.#chance(0.12)) return `(${inner('bool')} ? ${inner(kind)} : ${inner(this.#chance(0.8) ? kind : 'any')})`;
    const rules: readonly [Rule, ...Rule[]] =
      kind === 'any' ? this.#pick([texts, numbers, bools, lists, objects]) : rulesOf[kind];
    return this.#pick(rules)(inner, this.#tools(depth));
  }

  #tools(depth: number): Tools {
    return {
      pick: (items) => this.#pick(items),
      many: (of, most = 3) => this.#times(most, () => this.#expression(of, depth - 1)).join(', '),
      entries: () => this.#times(3, () => `${this.#pick(keys)} = ${this.#expression('any', depth - 1)}`).join(', '),
    };
  }

  #atom(kind: Kind): string {
    if (kind === 'any' && this.#chance(0.08)) return 'null';
    if (kind === 'any') return this.#atom(this.#pick(['text', 'number', 'bool', 'list', 'object']));
    return this.#pick(atoms[kind]);
  }

  #bareTemplate(): string {
    const part = () => {
      const strip = () => (this.#chance(0.2) ? '~' : '');
      const [open, close] = [strip(), strip()];
      switch (Math.floor(this.#random() * 7)) {
        case 0:
          return `\${${open}${this.#expression('text', 2)}${close}}`;
        case 1:
          return `%{${open} if ${this.#expression('bool', 1)} ${close}}yes\n%{ else }no%{ endif ${close}}`;
        case 2:
          return `%{${open} for x in ${this.#expression('list', 1)} ${close}}\n <\${x}>\n%{ endfor ${close}}`;
        default:
          return this.#pick(['a', ' b ', '\n', '  \n\t', '$', '%', '$${', '%%{', '"', '\\n', 'é', '$$', '}']);
      }
    };
    return this.#times(6, part).join('');
  }
}

interface Tools {
  readonly pick: <T>(items: readonly [T, ...T[]]) => T;
  readonly many: (of: Kind, most?: number) => string;
  readonly entries: () => string;
}
type Rule = (inner: (of: Kind) => string, tools: Tools) => string;

const kinds = ['any', 'bool', 'list', 'number', 'object', 'text'] as const;
const keys = ['a', 'b', 'c', '"10"', '"2"', '"é"', '(local.d.s)', '1'] as const;

const atoms: Readonly<Record<Exclude<Kind, 'any'>, readonly [string, ...string[]]>> = {
  text: [
    '"a"',
    '"hello world"',
    '""',
    '"12"',
    '"true"',
    '"é€"',
    '"<&>"',
    '"x\\ny"',
    '"1.50"',
    'local.d.s',
    'local.d.uni',
    'local.d.multi',
    'local.d.users[0].name',
    'tostring(null)',
    '"a,b,,c"',
    '"-7"',
    '" pad "',
    '"A-b_c d"',
  ],
  number: [
    '0',
    '1',
    '2',
    '-3',
    '2.5',
    '0.1',
    '10',
    '1e3',
    '12345678901234567890',
    '0.3333333333',
    '255',
    'local.d.n',
    'local.d.f',
    '"4"',
    '1e-7',
    '100',
    '7',
  ],
  bool: ['true', 'false', 'local.d.b', '"true"', '1 == 1', '!true'],
  list: [
    '[]',
    '[1, 2, 3]',
    '["b", "a", "b"]',
    '[1, "a"]',
    'local.d.list',
    'local.d.nums',
    'local.d.users',
    'local.d.empty',
    '[null, "x"]',
    'toset(["z", "y"])',
    'tolist([2, 1])',
    '[[1], [2, 3]]',
    '[true, false]',
    '[{a = 1}, {a = 2}]',
    '["1", 2]',
  ],
  object: [
    '{}',
    '{a = 1}',
    '{b = "x", a = "y"}',
    'local.d.map',
    'local.d.obj',
    'local.d.emap',
    'tomap({a = "1"})',
    '{a = 1, b = "x"}',
    '{a = [1], b = ["x"]}',
    '{"10" = 1, "9" = 2}',
    '{a = {b = 1}}',
  ],
};

const texts: readonly [Rule, ...Rule[]] = [
  (of) => `"<\${${of('any')}}>"`,
  (of) => `upper(${of('text')})`,
  (of) => `lower(${of('text')})`,
  (of) => `title(${of('text')})`,
  (of) => `trimspace(${of('text')})`,
  (of) => `chomp(${of('text')})`,
  (of) => `strrev(${of('text')})`,
  (of) => `substr(${of('text')}, ${of('number')}, ${of('number')})`,
  (of) => `substr(${of('text')}, 1, 2)`,
  (of) => `trim(${of('text')}, "a ")`,
  (of) => `trimprefix(${of('text')}, "h")`,
  (of) => `trimsuffix(${of('text')}, "o")`,
  (of) => `join(",", ${of('list')})`,
  (of) => `join("-", ${of('list')}, ${of('list')})`,
  (of) => `replace(${of('text')}, "l", "L")`,
  (of, { pick }) =>
    `replace(${of('text')}, "/${pick(['[a-e]+', '(l)(o)?', '\\\\d', 'x*', '(?P<n>.)b', '$'])}/", "${pick(['<$0>', '[$1]', '$${1}x', '$n', '-', '$$'])}")`,
  (of, { pick }) =>
    `format("${pick(['%s', '%v', '%d', '%5s|', '%-5s|', '%05d', '%.2f', '%e', '%g', '%x', '%X', '%b', '%o', '%q', '%t', '%#v', '%+d', '%8.3f', '%#x', '%.3s', '%%', '% d', '%G'])}", ${of('any')})`,
  (of, { pick }) => `format("${pick(['%s-%s', '%[2]s %[1]s', '%s%%%d', '%v=%v', '%s'])}", ${of('any')}, ${of('any')})`,
  (of) => `jsonencode(${of('any')})`,
  (of) => `yamlencode(${of('any')})`,
  (of) => `tostring(${of('any')})`,
  (of) => `base64encode(${of('text')})`,
  (of) => `base64decode(base64encode(${of('text')}))`,
  (of) => `urlencode(${of('text')})`,
  (of) => `indent(${of('number')}, ${of('text')})`,
  (of) => `md5(${of('text')})`,
  (of) => `sha256(${of('text')})`,
  (of) => `uuidv5("dns", ${of('text')})`,
  (of, { pick }) => `regex("${pick(['[a-z]+', '\\\\w', '.', '(?i)H', '[[:alpha:]]+'])}", ${of('text')})`,
  (of) => `coalesce(${of('text')}, ${of('text')}, "z")`,
  (of) => `lookup(${of('object')}, "a", ${of('text')})`,
  (_, { pick }) =>
    `formatdate("${pick(['YYYY-MM-DD', 'EEEE, DD MMM YY', "hh:mm:ss Z 'at' H aa", 'ZZZZ', 'M/D'])}", "2026-0${pick(['1', '7', '9'])}-1${pick(['0', '5'])}T1${pick(['2', '0'])}:0${pick(['4', '9'])}:05${pick(['Z', '+02:00', '-09:30'])}")`,
  (_, { pick }) =>
    `timeadd("2026-02-28T23:59:${pick(['00', '59'])}Z", "${pick(['1h', '-90m', '1.5s', '10h30m', '24h', '1d', '2ms'])}")`,
  (of, { pick }) =>
    `cidrsubnet("${pick(['10.0.0.0/16', '192.168.1.0/24', 'fd00::/48', '10.1.2.3/8'])}", ${pick(['4', '8', '2'])}, ${of('number')})`,
  (of, { pick }) => `cidrhost("${pick(['10.0.0.0/16', 'fd00:0:1::/64', '172.16.5.0/30'])}", ${of('number')})`,
  (_, { pick }) => `cidrnetmask("${pick(['10.0.0.0/12', '1.2.3.4/32', 'fd00::/8'])}")`,
  (_, { pick }) => `dirname("${pick(['a/b/c', '/', 'a', '/a/', 'a//b/../c', ''])}")`,
  (_, { pick }) => `basename("${pick(['a/b/c.txt', '/', 'a', '/a/', ''])}")`,
  (_, { pick }) => `<<${pick(['', '-'])}EOT\n  a \${local.d.n}\n    b\n\n  EOT\n`,
  (of, { pick }) => `"a%{ if ${of('bool')} ${pick(['', '~'])}} b %{ else }c%{ endif }"`,
  (of) => `"%{ for i, x in ${of('list')} }\${i}\${x};%{ endfor }"`,
];
const numbers: readonly [Rule, ...Rule[]] = [
  (of, { pick }) => `${of('number')} ${pick(['+', '-', '*', '/', '%'])} ${of('number')}`,
  (of, { pick }) => `(${of('number')} ${pick(['+', '-', '*', '/'])} ${of('number')})`,
  (of) => `-${of('number')}`,
  (of) => `abs(${of('number')})`,
  (of) => `ceil(${of('number')})`,
  (of) => `floor(${of('number')})`,
  (of) => `signum(${of('number')})`,
  (_, { many }) => `max(${many('number')})`,
  (_, { many }) => `min(${many('number')})`,
  (of, { pick }) => `pow(${of('number')}, ${pick(['0', '2', '3', '-1', '0.5'])})`,
  (_, { pick }) => `log(${pick(['8', '100', '1', '0.5'])}, ${pick(['2', '10'])})`,
  (of) => `length(${of('any')})`,
  (of) => `sum(${of('list')})`,
  (of) => `tonumber(${of('any')})`,
  (of, { pick }) => `parseint(${of('text')}, ${pick(['10', '16', '2', '36', '62'])})`,
  (of) => `index(${of('list')}, ${of('any')})`,
  (of) => `${of('list')}[0]`,
  (of) => `element(${of('list')}, ${of('number')})`,
  (of) => `length(${of('list')}) / 3`,
];
const bools: readonly [Rule, ...Rule[]] = [
  (of, { pick }) => `${of('number')} ${pick(['<', '<=', '>', '>='])} ${of('number')}`,
  (of, { pick }) => `(${of('any')} ${pick(['==', '!='])} ${of('any')})`,
  (of, { pick }) => `${of('bool')} ${pick(['&&', '||'])} ${of('bool')}`,
  (of) => `!${of('bool')}`,
  (of) => `can(${of('any')})`,
  (of) => `contains(${of('list')}, ${of('any')})`,
  (of) => `startswith(${of('text')}, "h")`,
  (of) => `endswith(${of('text')}, "o")`,
  (of) => `strcontains(${of('text')}, "l")`,
  (of) => `alltrue(${of('list')})`,
  (of) => `anytrue(${of('list')})`,
  (of) => `tobool(${of('any')})`,
  (of) => `can(regex("^a", ${of('text')}))`,
];
const lists: readonly [Rule, ...Rule[]] = [
  (_, { many }) => `[${many('any')}]`,
  (_, { many }) => `[${many('number')}]`,
  (_, { many }) => `[${many('text')}]`,
  (of) => `[for x in ${of('list')} : x]`,
  (of) => `[for x in ${of('list')} : "\${x}!" if x != "a"]`,
  (of) => `[for k, v in ${of('object')} : "\${k}=\${jsonencode(v)}"]`,
  (of) => `[for i, x in ${of('any')} : [i, x]]`,
  (of) => `${of('list')}[*]`,
  (of) => `${of('any')}[*]`,
  () => 'local.d.users[*].name',
  () => 'local.d.users.*.age',
  () => 'local.d.users.*.name[1]',
  (of) => `concat(${of('list')}, ${of('list')})`,
  (of) => `distinct(${of('list')})`,
  (of) => `flatten(${of('list')})`,
  (of) => `compact(${of('list')})`,
  (of) => `reverse(${of('list')})`,
  (of) => `sort(${of('list')})`,
  (of) => `slice(${of('list')}, ${of('number')}, ${of('number')})`,
  (of) => `slice(${of('list')}, 0, 1)`,
  (of) => `chunklist(${of('list')}, ${of('number')})`,
  (of) => `keys(${of('object')})`,
  (of) => `values(${of('object')})`,
  (of) => `tolist(${of('list')})`,
  (of) => `toset(${of('list')})`,
  (of) => `setunion(${of('list')}, ${of('list')})`,
  (of) => `setintersection(${of('list')}, ${of('list')})`,
  (of) => `setsubtract(${of('list')}, ${of('list')})`,
  (of) => `setproduct(${of('list')}, ${of('list')})`,
  (of) => `coalescelist(${of('list')}, ${of('list')})`,
  (of) => `matchkeys(${of('list')}, ${of('list')}, ${of('list')})`,
  (of) => `split(",", ${of('text')})`,
  (of) => `split("", ${of('text')})`,
  (of, { pick }) => `regexall("${pick(['[a-z]', '(.)(b)?', '(?P<n>\\\\w)', 'x*'])}", ${of('text')})`,
  (of, { pick }) => `formatlist("${pick(['%s', '<%v>', '%s-%s'])}", ${of('list')}, ${of('any')})`,
  (of) => `formatlist("%v", ${of('list')})`,
  (_, { pick }) => `range(${pick(['3', '0', '1, 4', '4, 1', '0, 1, 0.25', '5, 1, -2', '1, 5, -1', '-2'])})`,
  (of) => `jsondecode(jsonencode(${of('list')}))`,
  (of) => `yamldecode(yamlencode(${of('list')}))`,
  (_, { pick }) => `csvdecode("a,b\\n1,${pick(['2', '\\"x\\"', '\\"a\\"\\"b\\"', ''])}\\n")`,
  (_, { pick }) => `cidrsubnets("10.0.0.0/16", ${pick(['4, 4, 8', '1, 1', '8', '1, 2, 3, 17'])})`,
  (of) => `try(${of('list')}, [])`,
  (of) => `one(${of('list')})[*]`,
];
const objects: readonly [Rule, ...Rule[]] = [
  (_, { entries }) => `{${entries()}}`,
  (of) => `{for k, v in ${of('object')} : k => v}`,
  (of) => `{for x in ${of('list')} : "\${x}" => x...}`,
  (of) => `{for i, x in ${of('list')} : i => x if i != 1}`,
  (of) => `{for s in ${of('list')} : s => upper(s)}`,
  (of) => `merge(${of('object')}, ${of('object')})`,
  (of) => `zipmap(${of('list')}, ${of('list')})`,
  (of) => `zipmap(["a", "b"], ${of('list')})`,
  (of) => `tomap(${of('object')})`,
  (of) => `transpose(${of('object')})`,
  (of) => `jsondecode(jsonencode(${of('object')}))`,
  (of) => `yamldecode(yamlencode(${of('object')}))`,
  (of) => `try(${of('object')}, {})`,
  (of) => `${of('list')}[1]`,
];

const rulesOf: Readonly<Record<Exclude<Kind, 'any'>, readonly [Rule, ...Rule[]]>> = {
  text: texts,
  number: numbers,
  bool: bools,
  list: lists,
  object: objects,
};
