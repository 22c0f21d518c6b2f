import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { BigFloat } from '#local/terraform/expression/value/big-float.ts';
import { describeType, toNumber } from '#local/terraform/expression/value/convert.ts';
import { isNull, Sequence, type Value } from '#local/terraform/expression/value/value.ts';
import { any, binary, type FunctionTable, float, number, unary, variadic, whole } from './function-definition.ts';

/** Source: Terraform, `range`. */
const LONGEST_RANGE = 1024;
const digits = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ONE = BigFloat.count(1);
const ZERO = BigFloat.count(0);

/** Source: Terraform, "Functions", section Numeric. */
export const numberFunctions: FunctionTable = {
  abs: unary(number, (value) => value.abs()),
  ceil: unary(number, (value) => roundTo(value, 1n)),
  floor: unary(number, (value) => roundTo(value, -1n)),
  signum: unary(whole, (value) => BigFloat.count(Math.sign(value) || 0)),
  min: variadic(1, number, (values) => values.reduce((least, value) => (value.compare(least) < 0 ? value : least))),
  max: variadic(1, number, (values) => values.reduce((most, value) => (value.compare(most) > 0 ? value : most))),
  pow: binary(float, float, (base, exponent) => computed(power(base, exponent))),
  log: binary(float, float, (value, base) => computed(Math.log(value) / Math.log(base))),
  parseint: binary(any, whole, parseInteger),
  sum: unary(any, (value) => {
    if (!(value instanceof Sequence))
      throw new ExpressionError(`got ${describeType(value)}, a list of numbers is needed`);
    const [first, ...others] = value.items.map((item) => {
      if (isNull(item)) throw new ExpressionError('got an element that is null');
      return toNumber(item);
    });
    if (!first) throw new ExpressionError('got an empty list; sum needs at least one number');
    return others.reduce((total, item) => total.add(item), first);
  }),
  range: variadic(1, number, range, 3),
};

function roundTo(value: BigFloat, direction: -1n | 1n): BigFloat {
  if (value.isInfinite) return value;
  // Without the sign of a zero.
  if (value.isWhole) return BigFloat.whole(value.truncate(), value.precision);
  const towardsZero = value.truncate();
  return BigFloat.whole(value.isNegative === direction < 0n ? towardsZero + direction : towardsZero, value.precision);
}

/** Source: Go, `math.Pow`, whose last digit differs from JavaScript's. */
function power(base: number, exponent: number): number {
  const isPlain = Number.isFinite(base) && Number.isFinite(exponent) && base !== 0 && Math.abs(exponent) < 2 ** 31;
  if (exponent === 0.5) return Math.sqrt(base);
  if (exponent === -0.5 && base !== 0) return 1 / Math.sqrt(base);
  if (!isPlain) return base === 1 || (base === -1 && !Number.isNaN(exponent)) ? 1 : base ** exponent;
  let whole = Math.trunc(Math.abs(exponent));
  let fraction = Math.abs(exponent) - whole;
  if (fraction !== 0 && base < 0) return Number.NaN;
  if (fraction > 0.5) {
    fraction -= 1;
    whole += 1;
  }
  let mantissa = fraction === 0 ? 1 : Math.exp(fraction * Math.log(base));
  let binaryExponent = 0;
  let [factor, factorExponent] = splitBinary(base);
  for (; whole > 0; whole = Math.floor(whole / 2)) {
    if (Math.abs(factorExponent) > 4096) {
      binaryExponent += factorExponent;
      break;
    }
    if (whole % 2 === 1) {
      mantissa *= factor;
      binaryExponent += factorExponent;
    }
    factor *= factor;
    factorExponent *= 2;
    if (factor < 0.5) {
      factor += factor;
      factorExponent -= 1;
    }
  }
  const [size, scale] = exponent < 0 ? [1 / mantissa, -binaryExponent] : [mantissa, binaryExponent];
  // In two steps, so that neither power is out of range before the product is.
  return size * 2 ** Math.trunc(scale / 2) * 2 ** (scale - Math.trunc(scale / 2));
}

/** A number as a part from 0.5 to 1, and the exponent of two that it is multiplied by. */
function splitBinary(number: number): [number, number] {
  let exponent = Math.max(-1023, Math.floor(Math.log2(Math.abs(number))) + 1);
  let part = number * 2 ** -exponent;
  while (Math.abs(part) < 0.5) {
    part *= 2;
    exponent -= 1;
  }
  while (Math.abs(part) >= 1) {
    part /= 2;
    exponent += 1;
  }
  return [part, exponent];
}

function computed(result: number): BigFloat {
  if (Number.isNaN(result)) throw new ExpressionError('the result is not a number');
  return BigFloat.float(result);
}

function parseInteger(given: Value, base: number): BigFloat {
  if (typeof given !== 'string') throw new ExpressionError(`got ${describeType(given)}, a string is needed`);
  if (base < 2 || base > 62) throw new ExpressionError(`got the base ${base}; allowed are 2 to 62`);
  const body = given.replace(/^[+-]/, '');
  // Below 37 a letter means the same in both cases.
  const values = [...(base <= 36 ? body.toLowerCase() : body)].map((digit) => digits.indexOf(digit));
  if (values.length === 0 || values.some((value) => value < 0 || value >= base)) {
    throw new ExpressionError(`got ${JSON.stringify(given)}, which is no whole number of base ${base}`);
  }
  const size = values.reduce((sum, value) => sum * BigInt(base) + BigInt(value), 0n);
  return BigFloat.whole(given.startsWith('-') ? -size : size);
}

function range(values: readonly BigFloat[]): Value {
  const [first = ZERO, second, third] = values;
  const [start, limit] = second === undefined ? [ZERO, first] : [first, second];
  const step = third ?? (limit.compare(start) < 0 ? ONE.negate() : ONE);
  const direction = step.compare(ZERO);
  const distance = limit.compare(start);
  if (direction === 0) throw new ExpressionError('got the step 0');
  if (distance !== 0 && distance !== direction) {
    throw new ExpressionError(`the end must be ${direction > 0 ? 'greater' : 'less'} than the start with such a step`);
  }
  const items: BigFloat[] = [];
  for (let item = start; item.compare(limit) * direction < 0; item = item.add(step)) {
    if (items.length >= LONGEST_RANGE) throw new ExpressionError(`the range has more than ${LONGEST_RANGE} numbers`);
    items.push(item);
  }
  return Sequence.list('number', items);
}
