import { ExpressionError } from '#local/terraform/addressed-error.ts';
import {
  binary,
  type FunctionTable,
  leading,
  list,
  ternary,
  text,
  unary,
  whole,
} from '#local/terraform/expression/functions/function-definition.ts';
import { toText } from '#local/terraform/expression/value/convert.ts';
import { graphemes, normalText } from '#local/terraform/expression/value/text.ts';
import { isNull, Sequence, type Value } from '#local/terraform/expression/value/value.ts';

const onText = (change: (given: string) => Value) => unary(text, change);
const perCharacter = (given: string, change: (character: string) => string) =>
  // Go changes character by character: what would become two stays.
  Array.from(given, (character) => {
    const changed = change(character);
    return [...changed].length === 1 ? changed : character;
  }).join('');

/** Source: Terraform, "Functions", section String. */
export const textFunctions: FunctionTable = {
  lower: onText((given) => perCharacter(given, (character) => character.toLowerCase())),
  upper: onText((given) => perCharacter(given, (character) => character.toUpperCase())),
  title: onText(title),
  trimspace: onText((given) => given.replace(/^\p{White_Space}+|\p{White_Space}+$/gu, '')),
  chomp: onText((given) => given.replace(/[\r\n]+$/, '')),
  strrev: onText((given) => normalText(graphemes(given).toReversed().join(''))),
  trimprefix: binary(text, text, (given, prefix) => (given.startsWith(prefix) ? given.slice(prefix.length) : given)),
  trimsuffix: binary(text, text, trimSuffix),
  trim: binary(text, text, (given, characters) => trimCharacters(given, new Set(characters))),
  startswith: binary(text, text, (given, prefix) => given.startsWith(prefix)),
  endswith: binary(text, text, (given, suffix) => given.endsWith(suffix)),
  strcontains: binary(text, text, (given, part) => given.includes(part)),
  split: binary(text, text, (separator, given) =>
    Sequence.list('string', separator === '' ? [...given] : given.split(separator).map(normalText)),
  ),
  join: leading(text, list('string'), join),
  substr: ternary(text, whole, whole, substring),
  indent: binary(whole, text, (spaces, given) => {
    if (spaces < 0) throw new ExpressionError(`got ${spaces} spaces; a number of 0 or more is needed`);
    return given.replaceAll('\n', `\n${' '.repeat(spaces)}`);
  }),
};

/** A word begins after what is neither letter nor digit nor `_`; outside ASCII only white space separates. Source: Go, `strings.Title`. */
function title(given: string): string {
  let before = ' ';
  return perCharacter(given, (character) => {
    const isStart = before < '\u0080' ? !/\w/.test(before) : /\p{White_Space}/u.test(before);
    before = character;
    return isStart ? character.toUpperCase() : character;
  });
}

function trimSuffix(given: string, suffix: string): string {
  return suffix !== '' && given.endsWith(suffix) ? given.slice(0, -suffix.length) : given;
}

function trimCharacters(given: string, characters: ReadonlySet<string>): string {
  const letters = [...given];
  const start = letters.findIndex((letter) => !characters.has(letter));
  const end = letters.findLastIndex((letter) => !characters.has(letter));
  return start < 0 ? '' : letters.slice(start, end + 1).join('');
}

function join(separator: string, lists: readonly Sequence[]): string {
  if (lists.length === 0) throw new ExpressionError('at least one list is needed');
  const items = lists.flatMap((one) => one.items);
  if (items.some(isNull)) throw new ExpressionError('got an element that is null');
  return normalText(items.map(toText).join(separator));
}

/** A negative offset counts from the end, a negative length means the rest. */
function substring(given: string, offset: number, length: number): string {
  const all = graphemes(given);
  if (offset >= 0 && length === 0) return '';
  const rest = all.slice(Math.max(offset < 0 ? all.length + offset : offset, 0));
  return (length > 0 ? rest.slice(0, length) : rest).join('');
}
