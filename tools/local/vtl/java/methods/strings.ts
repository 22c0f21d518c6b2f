import { BYTE_ARRAY, CHARACTER_ARRAY, JavaList, STRING_ARRAY } from '#local/vtl/java/collections.ts';
import { matchesEntirely, replacePattern, splitByPattern } from '#local/vtl/java/pattern.ts';
import { JavaCharacter, textOf, type Value } from '#local/vtl/java/value.ts';
import { bounded, MAX_SIZE, TemplateError } from '#local/vtl/limits.ts';
import { formatText } from './format.ts';
import { type Arguments, methodTable } from './method-table.ts';

/** What `Character.isWhitespace` says of: not the no-break spaces. */
const BLANK = '[\\t-\\r\\x1c- \\u1680\\u2000-\\u2006\\u2008-\\u200a\\u2028\\u2029\\u205f\\u3000]';
const LEADING = new RegExp(`^${BLANK}+`);
const TRAILING = new RegExp(`${BLANK}+$`);

/** Source: Java SE documentation of `java.lang.String`. Indexes count UTF-16 units there, too. */
export const stringMethods = methodTable<string>([
  ['length()', (text) => text.length],
  ['isEmpty()', (text) => text === ''],
  ['isBlank()', (text) => text.replace(LEADING, '') === ''],
  ['trim()', (text) => text.replace(/^[\0- ]+/, '').replace(/[\0- ]+$/, '')],
  ['strip()', (text) => text.replace(LEADING, '').replace(TRAILING, '')],
  ['stripLeading()', (text) => text.replace(LEADING, '')],
  ['stripTrailing()', (text) => text.replace(TRAILING, '')],
  ['intern()', (text) => text],
  ['toUpperCase()', (text) => text.toUpperCase()],
  ['toLowerCase()', (text) => text.toLowerCase()],
  ['concat(String)', (text, args) => bounded(text + args.text(0))],
  ['contains(CharSequence)', (text, args) => text.includes(args.text(0))],
  ['startsWith(String)', (text, args) => text.startsWith(args.text(0))],
  [
    'startsWith(String, int)',
    (text, args) => args.int(1) >= 0 && text.startsWith(args.text(0), args.int(1)) && args.int(1) <= text.length,
  ],
  ['endsWith(String)', (text, args) => text.endsWith(args.text(0))],
  ['equalsIgnoreCase(String)', (text, args) => args.value(0) !== null && compareIgnoringCase(text, args.text(0)) === 0],
  ['contentEquals(CharSequence)', (text, args) => text === args.text(0)],
  ['compareTo(String)', (text, args) => compareTexts(text, args.text(0))],
  ['compareToIgnoreCase(String)', (text, args) => compareIgnoringCase(text, args.text(0))],
  ['indexOf(String)', (text, args) => text.indexOf(args.text(0))],
  ['indexOf(String, int)', (text, args) => text.indexOf(args.text(0), args.int(1))],
  ['indexOf(int)', (text, args) => text.indexOf(character(args.int(0)))],
  ['indexOf(int, int)', (text, args) => text.indexOf(character(args.int(0)), args.int(1))],
  ['lastIndexOf(String)', (text, args) => text.lastIndexOf(args.text(0))],
  ['lastIndexOf(String, int)', (text, args) => lastIndexOf(text, args.text(0), args.int(1))],
  ['lastIndexOf(int)', (text, args) => text.lastIndexOf(character(args.int(0)))],
  ['lastIndexOf(int, int)', (text, args) => lastIndexOf(text, character(args.int(0)), args.int(1))],
  ['charAt(int)', (text, args) => new JavaCharacter(substring(text, args.int(0), args.int(0) + 1))],
  ['codePointAt(int)', codePointAt],
  ['substring(int)', (text, args) => substring(text, args.int(0), text.length)],
  ['substring(int, int)', (text, args) => substring(text, args.int(0), args.int(1))],
  ['subSequence(int, int)', (text, args) => substring(text, args.int(0), args.int(1))],
  ['replace(char, char)', replaceAll],
  ['replace(CharSequence, CharSequence)', replaceAll],
  ['replaceAll(String, String)', (text, args) => bounded(replacePattern(text, args.text(0), args.text(1), true))],
  ['replaceFirst(String, String)', (text, args) => bounded(replacePattern(text, args.text(0), args.text(1), false))],
  ['matches(String)', (text, args) => matchesEntirely(args.text(0), text)],
  ['split(String)', (text, args) => new JavaList(splitByPattern(text, args.text(0)), STRING_ARRAY)],
  ['split(String, int)', (text, args) => new JavaList(splitByPattern(text, args.text(0), args.int(1)), STRING_ARRAY)],
  ['join(CharSequence, Iterable)', (_, args) => join(args.text(0), args.items(1))],
  ['join(CharSequence, array)', (_, args) => join(args.text(0), args.items(1))],
  ['join(CharSequence, CharSequence...)', (_, args) => join(args.text(0), args.rest(1))],
  ['repeat(int)', repeat],
  ['format(String, Object...)', (_, args) => bounded(formatText(args.text(0), args.rest(1)))],
  ['formatted(Object...)', (text, args) => bounded(formatText(text, args.rest(0)))],
  ['valueOf(array)', (_, args) => args.items(0).map(textOf).join('')],
  ['valueOf(Object)', (_, args) => textOf(args.value(0))],
  [
    'toCharArray()',
    (text) =>
      new JavaList(
        text.split('').map((unit) => new JavaCharacter(unit)),
        CHARACTER_ARRAY,
      ),
  ],
  ['getBytes()', (text) => new JavaList([...new Int8Array(Buffer.from(text, 'utf8'))], BYTE_ARRAY)],
]);

function character(code: number): string {
  return code >= 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\0\0not in any text\0\0';
}

function lastIndexOf(text: string, sought: string, from: number): number {
  return from < 0 ? -1 : text.lastIndexOf(sought, from);
}

function substring(text: string, from: number, to: number): string {
  if (from >= 0 && to <= text.length && from <= to) return text.slice(from, to);
  throw new TemplateError(`String index out of range: ${from} to ${to} of a text with ${text.length} characters.`);
}

function codePointAt(text: string, args: Arguments): number {
  return substring(text, args.int(0), text.length).codePointAt(0) ?? 0;
}

function replaceAll(text: string, args: Arguments): string {
  const [sought, replacement] = [args.text(0), args.text(1)];
  return bounded(text.replaceAll(sought, () => replacement));
}

function join(separator: string, items: readonly Value[]): string {
  const other = items.find((item) => item !== null && typeof item !== 'string');
  if (other !== undefined) throw new TemplateError(`Only texts can be joined: ${textOf(other)} is none.`);
  return bounded(items.map(textOf).join(separator));
}

function repeat(text: string, args: Arguments): string {
  const count = args.int(0);
  if (count < 0) throw new TemplateError(`A text can not be repeated ${count} times.`);
  if (text.length * count > MAX_SIZE) return bounded(' '.repeat(MAX_SIZE + 1));
  return text.repeat(count);
}

function compareTexts(a: string, b: string): number {
  for (let at = 0; at < a.length && at < b.length; at++) {
    const difference = a.charCodeAt(at) - b.charCodeAt(at);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Character by character, as Java folds them: `ß` is not `SS`. */
function compareIgnoringCase(a: string, b: string): number {
  return compareTexts(fold(a), fold(b));
}

function fold(text: string): string {
  return Array.from(text, (unit) => {
    const upper = unit.toUpperCase();
    const lower = (upper.length === unit.length ? upper : unit).toLowerCase();
    return lower.length === unit.length ? lower : unit;
  }).join('');
}
