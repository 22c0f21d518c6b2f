import { exactDecimal } from '#local/vtl/java/arithmetic.ts';
import { isNumber, JavaDecimal, JavaDouble, JavaFloat, JavaLong, toDouble, toLong } from '#local/vtl/java/numbers.ts';
import { hashCodeOf, JavaCharacter, textOf, type Value } from '#local/vtl/java/value.ts';
import { MAX_SIZE, TemplateError } from '#local/vtl/limits.ts';

interface Specifier {
  readonly source: string;
  readonly flags: string;
  readonly width: number;
  /** -1: not given. */
  readonly precision: number;
  readonly conversion: string;
}

/**
 * `String.format` in the root locale: `%s`, `%d`, `%x`, `%o`, `%c`, `%b`, `%h`, `%f`, `%e`, `%n` and `%%`, with flags, width and precision.
 *
 * Source: Java SE documentation of `java.util.Formatter`.
 *
 * @throws TemplateError for a conversion that Java refuses for its argument, or has no argument
 */
export function formatText(pattern: string, args: readonly Value[]): string {
  let ordinary = 0;
  let previous = -1;
  return pattern.replace(/%(?:(\d+)\$|(<))?([-#+ 0,(]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])|%/g, (...match) => {
    const [source = '', index, relative, flags = '', width, precision, conversion]: readonly (string | undefined)[] =
      match;
    if (conversion === undefined) throw new TemplateError(`Not a format: ${pattern}.`);
    if (Number(width ?? 0) > MAX_SIZE) throw new TemplateError(`The format ${source} is too wide.`);
    const specifier = { source, flags, width: Number(width ?? 0), precision: Number(precision ?? -1), conversion };
    if (conversion === 'n') return '\n';
    if (conversion === '%') return pad('%', specifier);
    if (relative === undefined) previous = index === undefined ? ordinary++ : Number(index) - 1;
    if (previous < 0 || previous >= args.length) throw new TemplateError(`The format ${source} has no argument.`);
    const text = convert(specifier, args[previous] ?? null);
    return conversion === conversion.toUpperCase() ? text.toUpperCase() : text;
  });
}

function convert(specifier: Specifier, value: Value): string {
  switch (specifier.conversion.toLowerCase()) {
    case 's':
      return padText(textOf(value), specifier);
    case 'b':
      return padText(String(typeof value === 'boolean' ? value : value !== null), specifier);
    case 'h':
      return padText(value === null ? 'null' : (hashCodeOf(value) >>> 0).toString(16), specifier);
    case 'c':
      return padText(characterOf(specifier, value), specifier);
    case 'd':
      return formatWhole(specifier, value);
    case 'x':
      return formatBits(specifier, value, 16, '0x');
    case 'o':
      return formatBits(specifier, value, 8, '0');
    case 'f':
    case 'e':
      return formatFraction(specifier, value);
    default:
      throw new TemplateError(`The format ${specifier.source} is none of Java's that can be used here.`);
  }
}

function characterOf(specifier: Specifier, value: Value): string {
  if (value === null) return 'null';
  if (value instanceof JavaCharacter) return value.value;
  if (typeof value === 'number' && value >= 0 && value <= 0x10ffff) return String.fromCodePoint(value);
  throw mismatch(specifier, value);
}

function formatWhole(specifier: Specifier, value: Value): string {
  if (value === null) return padText('null', { ...specifier, precision: -1 });
  if (specifier.precision >= 0 || !isWhole(value)) throw mismatch(specifier, value);
  const whole = typeof value === 'bigint' ? value : toLong(value);
  return padNumber(whole < 0n, (whole < 0n ? -whole : whole).toString(), specifier);
}

function formatBits(specifier: Specifier, value: Value, radix: number, prefix: string): string {
  if (value === null) return padText('null', specifier);
  if (!isWhole(value)) throw mismatch(specifier, value);
  const lead = specifier.flags.includes('#') ? prefix : '';
  const plain = { ...specifier, flags: specifier.flags.replace(/[,+( ]/g, '') };
  if (typeof value === 'bigint')
    return padNumber(value < 0n, lead + (value < 0n ? -value : value).toString(radix), specifier);
  const unsigned = BigInt.asUintN(typeof value === 'number' ? 32 : 64, toLong(value)).toString(radix);
  return padNumber(false, lead + unsigned, plain);
}

function isWhole(value: Value): value is number | bigint | JavaLong {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof JavaLong;
}

function formatFraction(specifier: Specifier, value: Value): string {
  if (value === null) return padText('null', specifier);
  if (!(value instanceof JavaDouble || value instanceof JavaFloat || value instanceof JavaDecimal))
    throw mismatch(specifier, value);
  const number = toDouble(value);
  if (!Number.isFinite(number))
    return padText(textOf(value).replace(/^-?Infinity$/, String(number)), { ...specifier, precision: -1 });
  const digits = specifier.precision < 0 ? 6 : Math.min(specifier.precision, 1_000);
  const negative = number < 0 || Object.is(number, -0);
  if (specifier.conversion.toLowerCase() === 'f') return padNumber(negative, toFixed(value, digits), specifier);
  const [mantissa, exponent = '+0'] = Math.abs(number).toExponential(Math.min(digits, 100)).split('e');
  return padNumber(negative, `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`, specifier);
}

/** Rounds the shortest digits that name the number, half up, as Java does. */
function toFixed(value: JavaDouble | JavaFloat | JavaDecimal, digits: number): string {
  const { unscaled, scale } = value instanceof JavaDecimal ? value : shortestDecimal(value.toText());
  const size = unscaled < 0n ? -unscaled : unscaled;
  const rounded =
    scale <= digits
      ? size * 10n ** BigInt(digits - scale)
      : (size + 5n * 10n ** BigInt(scale - digits - 1)) / 10n ** BigInt(scale - digits);
  const text = rounded.toString().padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

function shortestDecimal(text: string): JavaDecimal {
  const [, sign = '', whole = '0', fraction = '', exponent = '0'] = /^(-?)(\d+)\.(\d+)(?:E(-?\d+))?$/.exec(text) ?? [];
  const scale = fraction.length - Number(exponent);
  const unscaled = BigInt(sign + whole + fraction);
  return scale >= 0 ? new JavaDecimal(unscaled, scale) : exactDecimal(Number(text));
}

function padNumber(negative: boolean, digits: string, { flags, width, source }: Specifier): string {
  if (flags.includes('-') && width === 0) throw new TemplateError(`The format ${source} has no width.`);
  const grouped = flags.includes(',')
    ? digits.replace(/^\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ','))
    : digits;
  const before = negative
    ? flags.includes('(')
      ? '('
      : '-'
    : flags.includes('+')
      ? '+'
      : flags.includes(' ')
        ? ' '
        : '';
  const after = negative && flags.includes('(') ? ')' : '';
  if (flags.includes('0')) return before + grouped.padStart(width - before.length - after.length, '0') + after;
  const text = before + grouped + after;
  return flags.includes('-') ? text.padEnd(width) : text.padStart(width);
}

function padText(text: string, specifier: Specifier): string {
  return pad(specifier.precision < 0 ? text : text.slice(0, specifier.precision), specifier);
}

function pad(text: string, { flags, width, source }: Specifier): string {
  if (/[+0,( ]/.test(flags) || (flags.includes('-') && width === 0))
    throw new TemplateError(`The format ${source} is not one of Java's.`);
  return flags.includes('-') ? text.padEnd(width) : text.padStart(width);
}

function mismatch({ source }: Specifier, value: Value): TemplateError {
  const what = isNumber(value) ? `the number ${textOf(value)}` : JSON.stringify(textOf(value));
  return new TemplateError(`The format ${source} does not take ${what}.`);
}
