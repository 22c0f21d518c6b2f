import { compareNumbers, exactDecimal } from '#local/vtl/java/arithmetic.ts';
import {
  isLong,
  JavaDecimal,
  JavaDouble,
  JavaFloat,
  JavaLong,
  type JavaNumber,
  toDouble,
  toInt,
  toLong,
  toWhole,
} from '#local/vtl/java/numbers.ts';
import { hashCodeOf, textOf } from '#local/vtl/java/value.ts';
import { TemplateError } from '#local/vtl/limits.ts';
import { type Arguments, type MethodTable, methodTable } from './method-table.ts';

type Run<T> = (target: T, args: Arguments) => ReturnType<typeof wrap> | boolean | string;

function wrap(value: JavaNumber): JavaNumber {
  return value;
}

/** Of `java.lang.Number`. */
function valueMethods<T extends JavaNumber>(): (readonly [string, Run<T>])[] {
  return [
    ['intValue()', toInt],
    ['longValue()', (value) => new JavaLong(toLong(value))],
    ['doubleValue()', (value) => new JavaDouble(toDouble(value))],
    ['floatValue()', (value) => new JavaFloat(toDouble(value))],
    ['shortValue()', (value) => (toInt(value) << 16) >> 16],
    ['byteValue()', (value) => (toInt(value) << 24) >> 24],
  ];
}

/** Source: Java SE documentation of `java.lang.Integer`. */
export const integerMethods: MethodTable<number> = methodTable<number>([
  ...valueMethods<number>(),
  ['compareTo(Integer)', (value, args) => compareNumbers(value, args.number(0))],
  ['compare(int, int)', (_, args) => compareNumbers(args.number(0), args.number(1))],
  ['parseInt(String)', (_, args) => parseInt32(args.text(0), 10)],
  ['parseInt(String, int)', (_, args) => parseInt32(args.text(0), args.int(1))],
  ['valueOf(int)', (_, args) => args.int(0)],
  ['valueOf(String)', (_, args) => parseInt32(args.text(0), 10)],
  ['valueOf(String, int)', (_, args) => parseInt32(args.text(0), args.int(1))],
  ['decode(String)', (_, args) => decode(args.text(0))],
  ['toString(int)', (_, args) => String(args.int(0))],
  ['toString(int, int)', (_, args) => args.int(0).toString(radixOf(args.int(1)))],
  ['toBinaryString(int)', (_, args) => (args.int(0) >>> 0).toString(2)],
  ['toOctalString(int)', (_, args) => (args.int(0) >>> 0).toString(8)],
  ['toHexString(int)', (_, args) => (args.int(0) >>> 0).toString(16)],
  ['hashCode(int)', (_, args) => args.int(0)],
  ['max(int, int)', (_, args) => Math.max(args.int(0), args.int(1))],
  ['min(int, int)', (_, args) => Math.min(args.int(0), args.int(1))],
  ['sum(int, int)', (_, args) => (args.int(0) + args.int(1)) | 0],
  ['signum(int)', (_, args) => Math.sign(args.int(0))],
  ['bitCount(int)', (_, args) => (args.int(0) >>> 0).toString(2).replaceAll('0', '').length],
]);

/** Source: Java SE documentation of `java.lang.Long`. */
export const longMethods: MethodTable<JavaLong> = methodTable<JavaLong>([
  ...valueMethods<JavaLong>(),
  ['compareTo(Long)', (value, args) => compareNumbers(value, args.number(0))],
  ['compare(long, long)', (_, args) => compareNumbers(args.number(0), args.number(1))],
  ['parseLong(String)', (_, args) => parseLong(args.text(0), 10)],
  ['parseLong(String, int)', (_, args) => parseLong(args.text(0), args.int(1))],
  ['valueOf(long)', (_, args) => new JavaLong(args.long(0))],
  ['valueOf(String)', (_, args) => parseLong(args.text(0), 10)],
  ['toString(long)', (_, args) => String(args.long(0))],
  ['toString(long, int)', (_, args) => args.long(0).toString(radixOf(args.int(1)))],
  ['toBinaryString(long)', (_, args) => BigInt.asUintN(64, args.long(0)).toString(2)],
  ['toHexString(long)', (_, args) => BigInt.asUintN(64, args.long(0)).toString(16)],
  ['hashCode(long)', (_, args) => new JavaLong(args.long(0)).hashCode()],
  ['max(long, long)', (_, args) => new JavaLong(args.long(0) > args.long(1) ? args.long(0) : args.long(1))],
  ['min(long, long)', (_, args) => new JavaLong(args.long(0) < args.long(1) ? args.long(0) : args.long(1))],
  ['sum(long, long)', (_, args) => new JavaLong(BigInt.asIntN(64, args.long(0) + args.long(1)))],
  ['signum(long)', (_, args) => compareNumbers(new JavaLong(args.long(0)), 0)],
]);

/** Source: Java SE documentation of `java.lang.Double`. */
export const doubleMethods: MethodTable<JavaDouble> = methodTable<JavaDouble>([
  ...valueMethods<JavaDouble>(),
  ['isNaN()', ({ value }) => Number.isNaN(value)],
  ['isInfinite()', ({ value }) => Math.abs(value) === Number.POSITIVE_INFINITY],
  ['compareTo(Double)', (value, args) => compareDoubles(value.value, args.double(0))],
  ['compare(double, double)', (_, args) => compareDoubles(args.double(0), args.double(1))],
  ['parseDouble(String)', (_, args) => parseDouble(args.text(0))],
  ['valueOf(double)', (_, args) => new JavaDouble(args.double(0))],
  ['valueOf(String)', (_, args) => parseDouble(args.text(0))],
  ['toString(double)', (_, args) => textOf(new JavaDouble(args.double(0)))],
  ['isNaN(double)', (_, args) => Number.isNaN(args.double(0))],
  ['isInfinite(double)', (_, args) => Math.abs(args.double(0)) === Number.POSITIVE_INFINITY],
  ['isFinite(double)', (_, args) => Number.isFinite(args.double(0))],
  ['hashCode(double)', (_, args) => hashCodeOf(new JavaDouble(args.double(0)))],
  ['max(double, double)', (_, args) => new JavaDouble(Math.max(args.double(0), args.double(1)))],
  ['min(double, double)', (_, args) => new JavaDouble(Math.min(args.double(0), args.double(1)))],
  ['sum(double, double)', (_, args) => new JavaDouble(args.double(0) + args.double(1))],
]);

export const floatMethods: MethodTable<JavaFloat> = methodTable<JavaFloat>([
  ...valueMethods<JavaFloat>(),
  ['isNaN()', ({ value }) => Number.isNaN(value)],
  ['isInfinite()', ({ value }) => Math.abs(value) === Number.POSITIVE_INFINITY],
]);

/** Of `java.math.BigInteger`, what takes nothing but such numbers. */
export const bigIntegerMethods: MethodTable<bigint> = methodTable<bigint>([
  ...valueMethods<bigint>(),
  ['compareTo(BigInteger)', (value, args) => compareNumbers(value, args.number(0))],
  ['signum()', (value) => compareNumbers(value, 0)],
  ['negate()', (value) => -value],
  ['abs()', (value) => (value < 0n ? -value : value)],
  ['bitLength()', (value) => (value < 0n ? ~value : value).toString(2).replace(/^0$/, '').length],
  ['toString(int)', (value, args) => value.toString(radixOf(args.int(0)))],
]);

/** Of `java.math.BigDecimal`, what takes nothing but such numbers. */
export const decimalMethods: MethodTable<JavaDecimal> = methodTable<JavaDecimal>([
  ...valueMethods<JavaDecimal>(),
  ['scale()', ({ scale }) => scale],
  ['signum()', ({ unscaled }) => compareNumbers(unscaled, 0)],
  ['unscaledValue()', ({ unscaled }) => unscaled],
  ['negate()', ({ unscaled, scale }) => new JavaDecimal(-unscaled, scale)],
  ['abs()', ({ unscaled, scale }) => new JavaDecimal(unscaled < 0n ? -unscaled : unscaled, scale)],
  ['toBigInteger()', toWhole],
  ['valueOf(double)', (_, args) => exactDecimal(args.double(0))],
]);

function parseInt32(text: string, radix: number): number {
  const value = parseWhole(text, radix);
  if (value >= -(2n ** 31n) && value < 2n ** 31n) return Number(value);
  throw notANumber(text);
}

function parseLong(text: string, radix: number): JavaLong {
  const value = parseWhole(text, radix);
  if (isLong(value)) return new JavaLong(value);
  throw notANumber(text);
}

/** As `Integer.parseInt`: a sign, then digits of the radix, no blanks. */
function parseWhole(text: string, radix: number): bigint {
  const base = BigInt(radixOf(radix));
  const [, sign, digits = ''] = /^([+-]?)([0-9a-z]{1,100})$/i.exec(text) ?? [];
  if (digits === '') throw notANumber(text);
  let value = 0n;
  for (const character of digits) {
    const digit = Number.parseInt(character, 36);
    if (digit >= radix) throw notANumber(text);
    value = value * base + BigInt(digit);
  }
  return sign === '-' ? -value : value;
}

/** `Integer.decode`: `0x10`, `#10` and `010` are not decimal. */
function decode(text: string): number {
  const [, sign = '', prefix = '', digits = ''] = /^([+-]?)(0[xX]|#|0(?=.))?(.*)$/s.exec(text) ?? [];
  if (prefix === '') return parseInt32(sign + digits, 10);
  return parseInt32(sign + digits, prefix === '0' ? 8 : 16);
}

/** As `Double.parseDouble`: blanks around it, and a letter after it, do no harm. */
function parseDouble(text: string): JavaDouble {
  const number = /^[\0- ]*([+-]?(?:NaN|Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?))[fFdD]?[\0- ]*$/.exec(
    text,
  )?.[1];
  if (number === undefined) throw notANumber(text);
  return new JavaDouble(Number(number.replace('+NaN', 'NaN').replace('-NaN', 'NaN')));
}

function compareDoubles(left: number, right: number): number {
  if (left < right) return -1;
  if (left > right) return 1;
  if (left === right && left !== 0) return 0;
  const rank = (value: number) => (Number.isNaN(value) ? 2 : Object.is(value, -0) ? 0 : 1);
  return Math.sign(rank(left) - rank(right));
}

function radixOf(radix: number): number {
  if (radix >= 2 && radix <= 36) return radix;
  throw new TemplateError(`A number has no digits of the radix ${radix}.`);
}

function notANumber(text: string): TemplateError {
  return new TemplateError(`Not a number of the class that the template asks for: ${JSON.stringify(text)}.`);
}
