import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { toList, toNumber, toText } from '#local/terraform/expression/convert.ts';
import type { Value } from '#local/terraform/expression/value.ts';
import { binary, type FunctionTable, ternary, unary, variadic } from './function-definition.ts';

const onText = (change: (text: string) => Value) => unary((value) => change(toText(value)));

/** Source: Terraform, "Functions", section String. */
export const textFunctions: FunctionTable = {
  lower: onText((text) => text.toLowerCase()),
  upper: onText((text) => text.toUpperCase()),
  title: onText((text) =>
    text.replace(/\p{L}[\p{L}\p{N}_]*/gu, (word) => word.charAt(0).toUpperCase() + word.slice(1)),
  ),
  trimspace: onText((text) => text.trim()),
  chomp: onText((text) => text.replace(/[\r\n]+$/, '')),
  strrev: onText((text) => [...text].reverse().join('')),
  trimprefix: binary((text, prefix) => trimPrefix(toText(text), toText(prefix))),
  trimsuffix: binary((text, suffix) => trimSuffix(toText(text), toText(suffix))),
  trim: binary((text, characters) => trimCharacters(toText(text), new Set(toText(characters)))),
  startswith: binary((text, prefix) => toText(text).startsWith(toText(prefix))),
  endswith: binary((text, suffix) => toText(text).endsWith(toText(suffix))),
  strcontains: binary((text, part) => toText(text).includes(toText(part))),
  split: binary((separator, text) => (toText(text) === '' ? [''] : toText(text).split(toText(separator)))),
  join: variadic(2, ([separator = '', ...lists]) =>
    lists.flatMap((list) => toList(list).map(toText)).join(toText(separator)),
  ),
  substr: ternary((text, offset, length) => substring(toText(text), toNumber(offset), toNumber(length))),
  indent: binary((spaces, text) => toText(text).replaceAll('\n', `\n${' '.repeat(toNumber(spaces))}`)),
};

function trimPrefix(text: string, prefix: string): string {
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
}

function trimSuffix(text: string, suffix: string): string {
  return suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;
}

function trimCharacters(text: string, characters: ReadonlySet<string>): string {
  const letters = [...text];
  const start = letters.findIndex((letter) => !characters.has(letter));
  const end = letters.findLastIndex((letter) => !characters.has(letter));
  return start < 0 ? '' : letters.slice(start, end + 1).join('');
}

/** Counts code points; a negative offset counts from the end, a length of -1 means the rest. */
function substring(text: string, offset: number, length: number): string {
  if (length < -1) throw new ExpressionError(`got the length ${length}; allowed are -1 and more`);
  const letters = [...text];
  const start = offset < 0 ? letters.length + offset : offset;
  return letters.slice(Math.max(start, 0), length === -1 ? undefined : Math.max(start, 0) + length).join('');
}
