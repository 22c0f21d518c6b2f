import { characters, escapeLiteral, readCharacterEscape, readClass, readSetEscape } from './pattern-class.ts';
import { createPatternReader, type PatternFlags, type PatternReader } from './pattern-reader.ts';

/** A Java regular expression in JavaScript. */
export interface TranslatedPattern {
  /** For the flag `v`; Java's group 1 is the group `g1`. */
  readonly source: string;
  readonly groups: number;
  /** The numbers of the groups that Java's expression names. */
  readonly names: ReadonlyMap<string, number>;
}

interface Parser {
  readonly reader: PatternReader;
  groups: number;
  atoms: number;
  readonly names: Map<string, number>;
  /** Groups that have matched wherever this place is reached. */
  certain: ReadonlySet<number>;
  lookbehind: boolean;
}

// Not `(?<![^])`: V8 finds that within a pair of surrogates, too.
const START = '^';
const END = '$';
const LAST_LINE_END = `(?:${END}|(?=\\r\\n${END})|(?<!\\r)(?=\\n${END})|(?=[\\r\\x85\\u2028\\u2029]${END}))`;
const LINE_START = '(?:(?:^|(?<=[\\n\\x85\\u2028\\u2029]|\\r(?!\\n)))(?!$))';
const LINE_END = `(?:${END}|(?=[\\r\\x85\\u2028\\u2029])|(?<!\\r)(?=\\n))`;
const WORD = '[\\p{L}\\p{Nd}_]';
const BOUNDARY = `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`;
const ESCAPED: Readonly<Record<string, string>> = {
  A: START,
  B: `(?!${BOUNDARY})`,
  R: '(?:\\r\\n|[\\n-\\r\\x85\\u2028\\u2029])',
  Z: LAST_LINE_END,
  b: BOUNDARY,
  z: END,
};

/**
 * Rewrites a regular expression of Java's for JavaScript's flag `v`: its classes with unions and intersections, possessive quantifiers, atomic
 * groups, flags anywhere, and the anchors, line ends and letters that the two take differently. Case is ignored by ASCII's rules unless the
 * expression asks for Unicode's.
 *
 * Source: Java SE 17, documentation of `java.util.regex.Pattern`.
 *
 * @throws TemplateError for what Java refuses, and for what JavaScript can't express: blocks (`\p{InGreek}`), `\G`, `\X`, references to groups
 * that may not have matched
 */
export function translatePattern(source: string): TranslatedPattern {
  const reader = createPatternReader(source);
  const parser: Parser = { reader, groups: 0, atoms: 0, names: new Map(), certain: new Set(), lookbehind: false };
  const translated = readAlternatives(parser);
  if (reader.peek() !== '') reader.fail('a bracket is closed that was not opened');
  return { source: translated, groups: parser.groups, names: parser.names };
}

function readAlternatives(parser: Parser): string {
  const before = parser.certain;
  const branches: string[] = [];
  let certain: ReadonlySet<number> | undefined;
  do {
    parser.certain = before;
    branches.push(readSequence(parser));
    const { certain: here } = parser;
    certain = certain ? new Set([...certain].filter((group) => here.has(group))) : here;
  } while (parser.reader.eat('|'));
  parser.certain = certain;
  return branches.join('|');
}

function readSequence(parser: Parser): string {
  const { reader } = parser;
  let sequence = '';
  for (let next = reader.peek(); next !== '' && next !== '|' && next !== ')'; next = reader.peek()) {
    const before = parser.certain;
    const atom = readAtom(parser);
    sequence += atom === '' ? '' : readQuantifier(parser, atom, before);
  }
  return sequence;
}

/** @returns what a quantifier may stand behind; `''` for flags alone */
function readAtom(parser: Parser): string {
  const { reader } = parser;
  const { d, m, s } = reader.flags;
  const next = reader.next();
  switch (next) {
    case '(':
      return readGroup(parser);
    case '[':
      return readClass(reader);
    case '\\':
      return readEscape(parser);
    case '.':
      // Not `[^]`: behind the flag v, V8 takes one character where it stands with a `+`.
      if (s) return '[\\s\\S]';
      return d ? '[^\\n]' : '[^\\n\\r\\x85\\u2028\\u2029]';
    case '^':
      if (!m) return `(?:${START})`;
      return d ? '(?:(?:^|(?<=\\n))(?!$))' : LINE_START;
    case '$':
      if (d) return m ? '(?:(?=\\n)|$)' : '(?:(?=\\n?$))';
      return m ? LINE_END : LAST_LINE_END;
    case '*':
    case '+':
    case '?':
      return reader.fail(`nothing stands before ${next}`);
    case '{':
      return reader.fail('{ needs something before it, and a number behind it');
    default:
      return literal(next.codePointAt(0) ?? 0, reader);
  }
}

function literal(code: number, reader: PatternReader): string {
  return reader.flags.i ? characters(code, code, reader) : escapeLiteral(code);
}

function readEscape(parser: Parser): string {
  const { reader, names } = parser;
  const set = readSetEscape(reader);
  if (set !== undefined) return set;
  const anchor = reader.match(/[ABRZbz]/y)?.[0];
  if (anchor !== undefined) return `(?:${ESCAPED[anchor]})`;
  const name = reader.match(/k<([a-zA-Z][a-zA-Z0-9]*)>/y)?.[1];
  if (name !== undefined) return refer(parser, names.get(name) ?? 0);
  let group = Number(reader.match(/[1-9]/y)?.[0] ?? 0);
  if (group === 0) return literal(readCharacterEscape(reader), reader);
  // A further digit belongs to the number where there are so many groups.
  for (let digit = reader.peek(); /^[0-9]$/.test(digit) && group * 10 + Number(digit) <= parser.groups; ) {
    group = group * 10 + Number(reader.next());
    digit = reader.peek();
  }
  return refer(parser, group);
}

/** In Java a group that hasn't matched equals nothing, in JavaScript it equals the empty text. */
function refer({ reader, certain, lookbehind }: Parser, group: number): string {
  if (reader.flags.i || lookbehind || !certain.has(group)) return reader.fail(`\\${group} can't be expressed here`);
  return `\\k<g${group}>`;
}

function readGroup(parser: Parser): string {
  const { reader } = parser;
  const { flags } = reader;
  const { certain: before, lookbehind } = parser;
  const close = () => {
    if (!reader.eat(')')) reader.fail('a group has no end');
    reader.flags = flags;
  };
  const read = (): string => {
    const inner = readAlternatives(parser);
    close();
    return inner;
  };
  if (!reader.eat('?')) return capture(parser, undefined, read);
  const name = reader.match(/<([a-zA-Z][a-zA-Z0-9]*)>/y)?.[1];
  if (name !== undefined) return capture(parser, name, read);
  if (reader.eat('>')) return atomic(parser, read());
  const look = reader.match(/<?[=!]/y)?.[0];
  if (look !== undefined) {
    parser.lookbehind ||= look.startsWith('<');
    const inner = read();
    parser.lookbehind = lookbehind;
    if (look.endsWith('!')) parser.certain = before;
    return `(?:(?${look}${inner}))`;
  }
  const [, on = '', off = ''] = reader.match(/([idmsuxU]*)(?:-([idmsuxU]*))?/y) ?? [];
  reader.flags = change(change(flags, on, true), off, false);
  if (reader.eat(':')) return `(?:${read()})`;
  if (!reader.eat(')')) reader.fail('the group is of no known kind');
  return '';
}

function change(flags: PatternFlags, letters: string, value: boolean): PatternFlags {
  return { ...flags, ...Object.fromEntries([...letters].map((letter) => [letter, value])) };
}

function capture(parser: Parser, name: string | undefined, read: () => string): string {
  const group = ++parser.groups;
  if (name !== undefined) {
    if (parser.names.has(name)) parser.reader.fail(`two groups are named ${name}`);
    parser.names.set(name, group);
  }
  const inner = read();
  parser.certain = new Set([...parser.certain, group]);
  return `(?<g${group}>${inner})`;
}

/** What a lookahead has found is not tried again: the reference takes it as it is. */
function atomic(parser: Parser, inner: string): string {
  if (parser.lookbehind) parser.reader.fail("what is atomic can't be expressed in a look-behind");
  const atom = ++parser.atoms;
  return `(?:(?=(?<a${atom}>${inner}))\\k<a${atom}>)`;
}

function readQuantifier(parser: Parser, atom: string, before: ReadonlySet<number>): string {
  const { reader } = parser;
  const [found, from, comma, to] = reader.match(/[?*+]|\{(\d+)(?:(,)(\d*))?\}/y) ?? [];
  if (found === undefined) return atom;
  if (to !== undefined && to !== '' && Number(to) < Number(from)) reader.fail(`${found} is no range`);
  const unlimited = found === '*' || found === '+' || (comma !== undefined && to === '');
  if (unlimited && parser.lookbehind) reader.fail('a look-behind has no greatest length');
  if (found === '?' || found === '*' || Number(from) === 0) parser.certain = before;
  if (reader.eat('+')) return atomic(parser, atom + found);
  return reader.eat('?') ? `${atom}${found}?` : atom + found;
}
