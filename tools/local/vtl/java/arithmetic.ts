import { TemplateError } from '#local/vtl/limits.ts';
import {
  integerOrLong,
  isLong,
  JavaDecimal,
  JavaDouble,
  JavaFloat,
  JavaLong,
  type JavaNumber,
  toDouble,
  toLong,
} from './numbers.ts';

type Arithmetic = '+' | '-' | '*' | '/' | '%';

/**
 * Velocity 1.7's arithmetic: whole numbers stay whole and grow from Integer to Long to BigInteger, any other is computed with doubles.
 *
 * Source: Apache Velocity Engine 1.7, `MathUtils`.
 *
 * @returns null for a division by zero
 * @throws TemplateError for what Java refuses: a BigDecimal's remainder, a BigInteger's by a negative number
 */
export function compute(operator: Arithmetic, left: JavaNumber, right: JavaNumber): JavaNumber | null {
  if ((operator === '/' || operator === '%') && toDouble(right) === 0) return null;
  if (typeof left === 'number' && typeof right === 'number') return computeInts(operator, left, right);
  const base = baseOf(left, right);
  switch (base) {
    case 'long':
      return computeLongs(operator, toLong(left), toLong(right));
    case 'big':
      return bounded(computeBig(operator, toBig(left), toBig(right)));
    case 'double':
      return new JavaDouble(computeDoubles(operator, toDouble(left), toDouble(right)));
    case 'float':
      return new JavaFloat(computeDoubles(operator, Math.fround(toDouble(left)), Math.fround(toDouble(right))));
    case 'decimal':
      return boundedDecimal(computeDecimals(operator, toDecimal(left), toDecimal(right)));
  }
}

/** -1, 0 or 1; numbers that aren't are equal to any. */
export function compareNumbers(left: JavaNumber, right: JavaNumber): number {
  if (typeof left === 'number' && typeof right === 'number') return order(left, right);
  switch (baseOf(left, right)) {
    case 'long':
      return order(toLong(left), toLong(right));
    case 'big':
      return order(toBig(left), toBig(right));
    case 'double':
      return order(toDouble(left), toDouble(right));
    case 'float':
      return order(Math.fround(toDouble(left)), Math.fround(toDouble(right)));
    case 'decimal':
      return order(...align(toDecimal(left), toDecimal(right)));
  }
}

function order<T extends number | bigint>(left: T, right: T): number {
  if (left < right) return -1;
  return left > right ? 1 : 0;
}

/** Numbers that take as long to calculate with as a template may run. */
const TOO_LARGE = 1n << 400_000n;

function bounded(value: bigint): bigint {
  if (value > TOO_LARGE || value < -TOO_LARGE)
    throw new TemplateError('The template calculates with numbers that are too large.');
  return value;
}

function boundedDecimal(value: JavaDecimal): JavaDecimal {
  bounded(value.unscaled);
  if (Math.abs(value.scale) > 100_000)
    throw new TemplateError('The template calculates with numbers that have too many digits.');
  return value;
}

type Base = 'long' | 'big' | 'double' | 'float' | 'decimal';

function baseOf(left: JavaNumber, right: JavaNumber): Base {
  if (left instanceof JavaDecimal || right instanceof JavaDecimal) return 'decimal';
  const big = typeof left === 'bigint' || typeof right === 'bigint';
  if (isWhole(left) && isWhole(right)) return big ? 'big' : 'long';
  if (big) return 'decimal';
  return left instanceof JavaDouble || right instanceof JavaDouble ? 'double' : 'float';
}

function isWhole(value: JavaNumber): boolean {
  return typeof value === 'number' || typeof value === 'bigint' || value instanceof JavaLong;
}

function computeInts(operator: Arithmetic, left: number, right: number): JavaNumber {
  if (operator === '*') {
    const product = left * right;
    return Number.isSafeInteger(product) ? integerOrLong(product + 0) : new JavaLong(BigInt(left) * BigInt(right));
  }
  const result = computeDoubles(operator, left, right);
  return integerOrLong(operator === '/' ? Math.trunc(result) + 0 : result + 0);
}

function computeDoubles(operator: Arithmetic, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
  }
}

/** A Long's division wraps around, the others become a BigInteger when they no longer fit. */
function computeLongs(operator: Arithmetic, left: bigint, right: bigint): JavaNumber {
  const result = operator === '/' || operator === '%' ? undefined : computeBig(operator, left, right);
  if (typeof result === 'bigint' && !isLong(result)) return result;
  const value = result ?? (operator === '/' ? left / right : left % right);
  return new JavaLong(BigInt.asIntN(64, value));
}

function computeBig(operator: Arithmetic, left: bigint, right: bigint): bigint {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      if (right < 0n) throw new TemplateError('The template takes a remainder by a large number that is negative.');
      return ((left % right) + right) % right;
  }
}

function computeDecimals(operator: Arithmetic, left: JavaDecimal, right: JavaDecimal): JavaDecimal {
  const [a, b] = align(left, right);
  const scale = Math.max(left.scale, right.scale);
  switch (operator) {
    case '+':
      return new JavaDecimal(a + b, scale);
    case '-':
      return new JavaDecimal(a - b, scale);
    case '*':
      return new JavaDecimal(left.unscaled * right.unscaled, left.scale + right.scale);
    case '/':
      return new JavaDecimal(divideHalfDown(a * 10n ** BigInt(left.scale), b), left.scale);
    case '%':
      throw new TemplateError('The template takes a remainder of a decimal number, which Velocity can not calculate.');
  }
}

function divideHalfDown(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  const rest = dividend % divisor;
  const twice = abs(rest) * 2n;
  if (twice <= abs(divisor)) return quotient;
  return quotient + (dividend < 0n === divisor < 0n ? 1n : -1n);
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function align(left: JavaDecimal, right: JavaDecimal): [bigint, bigint] {
  const scale = Math.max(left.scale, right.scale);
  const widen = (value: JavaDecimal) => value.unscaled * 10n ** BigInt(scale - value.scale);
  return [widen(left), widen(right)];
}

function toBig(value: JavaNumber): bigint {
  return typeof value === 'bigint' ? value : toLong(value);
}

function toDecimal(value: JavaNumber): JavaDecimal {
  if (value instanceof JavaDecimal) return value;
  if (typeof value === 'bigint') return new JavaDecimal(value, 0);
  return exactDecimal(toDouble(value));
}

/** `new BigDecimal(double)`: all digits of the binary number. @throws TemplateError for what isn't a number */
export function exactDecimal(value: number): JavaDecimal {
  if (!Number.isFinite(value))
    throw new TemplateError(`The template calculates with ${value}, which is no decimal number.`);
  let scale = 0;
  let mantissa = value;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    scale++;
  }
  return new JavaDecimal(BigInt(mantissa) * 5n ** BigInt(scale), scale);
}
