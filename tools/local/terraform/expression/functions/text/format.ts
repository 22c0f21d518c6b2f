import { ExpressionError } from '#local/terraform/addressed-error.ts';
import {
  anyOrNull,
  type FunctionTable,
  leading,
  text,
} from '#local/terraform/expression/functions/function-definition.ts';
import { BigFloat } from '#local/terraform/expression/value/big-float.ts';
import { toBool, toNumber, toText } from '#local/terraform/expression/value/convert.ts';
import { encodeJson, quoteJson } from '#local/terraform/expression/value/json.ts';
import { formatNumber } from '#local/terraform/expression/value/number-text.ts';
import { graphemes, normalText } from '#local/terraform/expression/value/text.ts';
import { isNull, Placeholder, Sequence, type Value } from '#local/terraform/expression/value/value.ts';

interface Verb {
  /** Among `#`, `0`, `-`, `+` and the space. */
  readonly flags: string;
  readonly width: number;
  readonly precision: number | undefined;
  readonly letter: string;
}

const verbPattern = /%(?:%|([-+ 0#]*)([1-9]\d*)?(?:\.(\d*))?(?:\[([1-9]\d*)\])?([a-zA-Z]))/y;
const radixes: Readonly<Record<string, readonly [radix: number, prefix: string]>> = {
  b: [2, '0b'],
  d: [10, ''],
  o: [8, '0'],
  x: [16, '0x'],
  X: [16, '0X'],
};
const letters = '%b %d %e %E %f %g %G %o %q %s %t %v %x %X %%';
/** Wider columns are refused. */
const WIDEST = 1_000_000;

/** Source: Terraform, "format" and "formatlist". */
export const formatFunctions: FunctionTable = {
  format: leading(text, anyOrNull, (pattern, values) => format(pattern, withoutBareNull(values))),
  formatlist: leading(text, anyOrNull, (pattern, values) => formatList(pattern, withoutBareNull(values))),
};

/** Terraform doesn't know what a bare null would give, even after an apply; within a list it is written as it is. */
function withoutBareNull(values: readonly Value[]): readonly Value[] {
  if (values.some((value) => isNull(value) && value.type === 'dynamic'))
    throw new ExpressionError('got null as an argument');
  return values;
}

function formatList(pattern: string, values: readonly Value[]): Value {
  const lists = values.filter((value) => value instanceof Sequence);
  const [first] = lists;
  const length = first ? first.items.length : 1;
  if (lists.some(({ items }) => items.length !== length)) {
    throw new ExpressionError(
      `got lists of ${lists.map(({ items }) => items.length).join(' and ')} elements; they must be as many`,
    );
  }
  const rows = Array.from({ length }, (_, position) =>
    values.map((value) => (value instanceof Sequence ? (value.items[position] ?? value) : value)),
  );
  return Sequence.list(
    'string',
    rows.map((row) => format(pattern, row)),
  );
}

function format(pattern: string, values: readonly Value[]): string {
  let written = '';
  let next = 1;
  let highest = 0;
  for (let at = 0; at < pattern.length; ) {
    if (pattern[at] !== '%') {
      written += pattern[at];
      at += 1;
      continue;
    }
    verbPattern.lastIndex = at;
    const [source, flags = '', width, precision, position, letter] = verbPattern.exec(pattern) ?? [];
    if (source === undefined)
      throw new ExpressionError(`got ${pattern.slice(at, at + 8)}, which is no verb; allowed are ${letters}`);
    at += source.length;
    if (letter === undefined) {
      written += '%';
      continue;
    }
    const number = position === undefined ? next : Number(position);
    highest = Math.max(highest, number);
    next = number + 1;
    const value = values[number - 1];
    if (value === undefined) throw new ExpressionError(`${source} has no argument: there are ${values.length}`);
    const verb = {
      flags,
      width: Number(width ?? -1),
      precision: precision === undefined ? undefined : Number(precision),
      letter,
    };
    if (verb.width > WIDEST || (verb.precision ?? 0) > WIDEST)
      throw new ExpressionError(`${source} is wider than ${WIDEST}`);
    written += write(verb, value, source);
  }
  if (values.length > highest)
    throw new ExpressionError(`got ${values.length} arguments; only ${highest} are used by the pattern`);
  return normalText(written);
}

function write(verb: Verb, value: Value, source: string): string {
  if (verb.letter !== 'v' && isNull(value)) throw new ExpressionError(`${source} got null, which cannot be formatted`);
  switch (verb.letter) {
    case 'v':
      return pad(asIs(verb, value), verb);
    case 't':
      return String(toBool(value));
    case 's':
      return pad(cut(toText(value), verb.precision), verb);
    case 'q':
      return pad(quoteJson(cut(toText(value), verb.precision)), verb);
    case 'e':
    case 'E':
    case 'f':
    case 'g':
    case 'G':
      return decimal(verb, toNumber(value));
    default:
      return integer(verb, toNumber(value), source);
  }
}

function asIs({ flags }: Verb, value: Value): string {
  if (!flags.includes('#')) {
    if (typeof value === 'string') return value;
    if (value instanceof Placeholder) return value.text;
    if (value instanceof BigFloat) return formatNumber(value, 'g', 'shortest');
  }
  return encodeJson(value);
}

/** A precision of 0 cuts nothing. Source: go-cty, `formatAppendString`. */
function cut(given: string, precision: number | undefined): string {
  return precision ? graphemes(given).slice(0, precision).join('') : given;
}

function pad(given: string, { flags, width }: Verb): string {
  const missing = Math.max(0, width - graphemes(given).length);
  const padding = (flags.includes('0') ? '0' : ' ').repeat(missing);
  return flags.includes('-') ? given + padding : padding + given;
}

function integer(verb: Verb, value: BigFloat, source: string): string {
  const [radix, prefix] = (Object.hasOwn(radixes, verb.letter) ? radixes[verb.letter] : undefined) ?? [];
  if (radix === undefined || prefix === undefined) throw new ExpressionError(`got ${source}; allowed are ${letters}`);
  if (!value.isWhole) throw new ExpressionError(`${source} got a number with a fraction; a whole number is needed`);
  const size = value.abs().truncate();
  const digits = size.toString(radix);
  const cased = verb.letter === 'X' ? digits.toUpperCase() : digits;
  // Source: Go, `big.Int.Format`: a zero with precision 0 is written as nothing.
  const body = verb.precision === 0 && size === 0n ? '' : cased.padStart(verb.precision ?? 0, '0');
  const isNegative = value.isNegative && size !== 0n;
  const zeros = verb.precision === undefined;
  return align(sign(isNegative, verb.flags) + (verb.flags.includes('#') ? prefix : ''), body, verb, zeros);
}

function decimal(verb: Verb, value: BigFloat): string {
  const form = verb.letter.toLowerCase() === 'e' ? 'e' : verb.letter === 'f' ? 'f' : 'g';
  const precision = verb.precision ?? (form === 'g' ? 'shortest' : 6);
  const written = formatNumber(value.abs(), form, precision);
  const body = verb.letter === 'E' || verb.letter === 'G' ? written.toUpperCase() : written;
  return align(sign(value.isNegative, verb.flags), body, verb, true);
}

function sign(isNegative: boolean, flags: string): string {
  if (isNegative) return '-';
  if (flags.includes('+')) return '+';
  return flags.includes(' ') ? ' ' : '';
}

function align(prefix: string, body: string, { flags, width }: Verb, fillsZeros: boolean): string {
  const missing = Math.max(0, width - prefix.length - body.length);
  if (flags.includes('-')) return prefix + body + ' '.repeat(missing);
  if (flags.includes('0') && fillsZeros) return prefix + '0'.repeat(missing) + body;
  return ' '.repeat(missing) + prefix + body;
}
