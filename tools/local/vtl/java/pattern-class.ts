import { predefinedClass, propertyClass } from './pattern-properties.ts';
import type { PatternReader } from './pattern-reader.ts';

const CONTROLS: Readonly<Record<string, number>> = { a: 0x07, e: 0x1b, f: 0x0c, n: 0x0a, r: 0x0d, t: 0x09 };

/** Letters beyond ASCII that are the same as ASCII's where case is ignored by Unicode's rules. */
const FOLDED: Readonly<Record<string, number>> = { k: 0x212a, s: 0x017f };

/** Reads a class from behind its `[`. @returns a class of JavaScript's mode `v` */
export function readClass(reader: PatternReader): string {
  const negated = reader.eat('^');
  const members = readMembers(reader);
  reader.next();
  return negated ? `[^${members}]` : members;
}

/** Reads up to the `]`, as Java does: what stands before `&&` against all that stands behind it. */
function readMembers(reader: PatternReader): string {
  let members: string | undefined;
  for (;;) {
    const next = reader.peek();
    if (next === '') return reader.fail('the class has no end');
    if (next === ']' && members !== undefined) return members;
    if (reader.eat('&&')) {
      const right = readRight(reader);
      if (right === undefined) return reader.fail('&& needs a class on both sides');
      members = members === undefined ? right : `[${members}&&${right}]`;
      continue;
    }
    const member = reader.eat('[') ? readClass(reader) : readRange(reader);
    members = members === undefined ? member : `[${members}${member}]`;
  }
}

/** What stands behind `&&`: classes, or else all up to the end. */
function readRight(reader: PatternReader): string | undefined {
  let right: string | undefined;
  for (;;) {
    const next = reader.peek();
    if (next === '') return reader.fail('the class has no end');
    if (next === ']' || next === '&') return right;
    const found = reader.eat('[') ? readClass(reader) : readMembers(reader);
    right = right === undefined ? found : `[${right}${found}]`;
  }
}

function readRange(reader: PatternReader): string {
  const from = readMember(reader);
  if (typeof from === 'string') return from;
  const dash = reader.match(/-(?![\][])/y);
  if (!dash) return characters(from, from, reader);
  const to = readMember(reader);
  if (typeof to === 'string' || to < from) return reader.fail('the range of characters is none');
  return characters(from, to, reader);
}

/** A code point, or a class that an escape stands for. */
function readMember(reader: PatternReader): number | string {
  const next = reader.next();
  if (next === '') return reader.fail('the class has no end');
  if (next !== '\\') return next.codePointAt(0) ?? 0;
  return readSetEscape(reader) ?? readCharacterEscape(reader);
}

/** Reads `\d`, `\p{…}` … from behind the backslash. @returns `undefined`: none comes */
export function readSetEscape(reader: PatternReader): string | undefined {
  const letter = reader.match(/[dDhHsSvVwW]/y)?.[0];
  if (letter !== undefined) return predefinedClass(letter, reader.flags);
  const [, kind, braced, single] = reader.match(/([pP])(?:\{(\^?[\w=]+)\}|(\w))/y) ?? [];
  const name = braced ?? single;
  if (name === undefined) return undefined;
  const members = propertyClass(name, reader.flags);
  if (members === undefined) return reader.fail(`no characters are known by the name ${name}`);
  return kind === 'P' ? `[^${members}]` : members;
}

/** Reads what stands behind a backslash and is one character. @returns its code point */
export function readCharacterEscape(reader: PatternReader): number {
  const octal = reader.match(/0([0-3]?[0-7]{1,2})/y)?.[1];
  if (octal !== undefined) return Number.parseInt(octal, 8);
  const [, short, long] = reader.match(/x(?:([\da-f]{2})|\{([\da-f]+)\})/iy) ?? [];
  const hex = short ?? long ?? reader.match(/u([\da-f]{4})/iy)?.[1];
  if (hex !== undefined) return completePair(Number.parseInt(hex, 16), reader);
  const control = reader.match(/c([\s\S])/y)?.[1];
  if (control !== undefined) return control.charCodeAt(0) ^ 64;
  const next = reader.match(/[\s\S]/uy)?.[0] ?? '';
  const code = CONTROLS[next] ?? next.codePointAt(0);
  if (code === undefined || (CONTROLS[next] === undefined && /[a-zA-Z0-9]/.test(next)))
    return reader.fail(`\\${next} is no escape`);
  return code;
}

/** `\ud83d\ude00` is one character. */
function completePair(high: number, reader: PatternReader): number {
  if (high > 0x10ffff) return reader.fail('there is no such character');
  if (high < 0xd800 || high > 0xdbff) return high;
  const low = reader.match(/\\u(d[c-f][\da-f]{2})/iy)?.[1];
  return low === undefined ? high : 0x10000 + (high - 0xd800) * 0x400 + (Number.parseInt(low, 16) - 0xdc00);
}

/** One character or a range as a class, with what the mode `i` adds: ASCII's letters, with `u` all. */
export function characters(from: number, to: number, reader: PatternReader): string {
  const { i, u, U } = reader.flags;
  const plain = from === to ? `[${escapeLiteral(from)}]` : `[${escapeLiteral(from)}-${escapeLiteral(to)}]`;
  if (!i) return plain;
  const added = new Set<number>();
  const folds = u || U;
  if (folds && to - from > 2000) return reader.fail('the range is too long where case is ignored');
  for (let code = from; code <= Math.min(to, folds ? to : 0x7f); code++) {
    const text = String.fromCodePoint(code);
    if (!folds && !/[a-zA-Z]/.test(text)) continue;
    for (const variant of [text.toLowerCase(), text.toUpperCase(), text.toUpperCase().toLowerCase()]) {
      if ([...variant].length === 1) added.add(variant.codePointAt(0) ?? code);
    }
    const folded = folds ? FOLDED[text.toLowerCase()] : undefined;
    if (folded !== undefined) added.add(folded);
  }
  return added.size === 0 ? plain : `[${plain}${[...added].map(escapeLiteral).join('')}]`;
}

/** A character that means itself, in a class and out of one. */
export function escapeLiteral(code: number): string {
  const text = String.fromCodePoint(code);
  return /[a-zA-Z0-9]/.test(text) ? text : `\\u{${code.toString(16)}}`;
}
