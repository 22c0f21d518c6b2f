import { BigFloat } from './value/big-float.ts';
import { numberText } from './value/number-text.ts';
import { friendlyName, type Type } from './value/type.ts';
import { LazyObject, type Mapping, Null, Placeholder, Sensitive, Sequence, type Value } from './value/value.ts';

/** A value as `terraform console` prints it. */
export function printValue(value: Value, indent = 0): string {
  if (value instanceof Placeholder) return '(known after apply)';
  if (value instanceof Sensitive) return '(sensitive value)';
  if (value instanceof Null) return printNull(value.type);
  if (typeof value === 'boolean') return String(value);
  if (value instanceof BigFloat) return numberText(value);
  if (typeof value === 'string') return value.includes('\n') ? heredoc(value, indent) : quote(value);
  if (value instanceof Sequence) {
    const items = bracket(
      '[',
      ']',
      value.items.map((item) => `${printValue(item, indent + 2)},`),
      indent,
    );
    return value.kind === 'tuple' ? items : `to${value.kind}(${items})`;
  }
  const mapping = value instanceof LazyObject ? value.resolve() : value;
  return printMapping(mapping, indent);
}

function printMapping({ kind, members }: Mapping, indent: number): string {
  const lines = [...members].map(([name, member]) => `${quote(name)} = ${printValue(member, indent + 2)}`);
  const body = bracket('{', '}', lines, indent);
  return kind === 'map' ? `tomap(${body})` : body;
}

function printNull(type: Type): string {
  if (type === 'dynamic') return 'null';
  if (typeof type === 'string') return `to${type}(null)`;
  if (type.kind === 'tuple' || type.kind === 'object') return `null /* ${type.kind} */`;
  return `to${type.kind}(null) /* of ${friendlyName(type.element)} */`;
}

function bracket(open: string, close: string, lines: readonly string[], indent: number): string {
  if (lines.length === 0) return open + close;
  const space = ' '.repeat(indent);
  return `${open}\n${lines.map((line) => `${space}  ${line}\n`).join('')}${space}${close}`;
}

/** A marker that no line of the text is. */
function heredoc(text: string, indent: number): string {
  const lines = text.split('\n');
  let marker = 'EOT';
  while (lines.some((line) => line.trim() === marker)) marker += '_';
  const space = ' '.repeat(indent);
  return [`${indent > 0 ? '<<-' : '<<'}${marker}`, ...lines.map((line) => space + line), space + marker].join('\n');
}

const escapes: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\v': '\\v',
  '\f': '\\f',
  '\b': '\\b',
  '\t': '\\t',
  '\r': '\\r',
};

/** Source: Go, `strconv.Quote`. */
function quote(text: string): string {
  const body = text
    .replace(/["\\]/g, (mark) => `\\${mark}`)
    .replace(/\p{C}|[\u2028\u2029]|(?! )\p{Z}/gu, (character) => {
      const short = Object.hasOwn(escapes, character) ? escapes[character] : undefined;
      if (short !== undefined) return short;
      const code = (character.codePointAt(0) ?? 0).toString(16);
      if (code.length <= 2 && character < '\u0080') return `\\x${code.padStart(2, '0')}`;
      return code.length <= 4 ? `\\u${code.padStart(4, '0')}` : `\\U${code.padStart(8, '0')}`;
    });
  return `"${body}"`;
}
