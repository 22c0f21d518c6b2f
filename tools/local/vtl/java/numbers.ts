import { JavaObject, type Value } from './value.ts';

/** A Java number of any class. */
export type JavaNumber = number | bigint | JavaLong | JavaDouble | JavaFloat | JavaDecimal;

const MIN_INT = -(2 ** 31);
const MAX_INT = 2 ** 31 - 1;
const MIN_LONG = -(2n ** 63n);
const MAX_LONG = 2n ** 63n - 1n;

export class JavaLong extends JavaObject {
  readonly className = 'java.lang.Long';
  readonly value: bigint;

  constructor(value: bigint) {
    super();
    this.value = value;
  }

  override toText(): string {
    return this.value.toString();
  }

  override equals(other: Value): boolean {
    return other instanceof JavaLong && other.value === this.value;
  }

  override hashCode(): number {
    return Number(BigInt.asIntN(32, this.value ^ (this.value >> 32n)));
  }
}

export class JavaDouble extends JavaObject {
  readonly className = 'java.lang.Double';
  readonly value: number;

  constructor(value: number) {
    super();
    this.value = value;
  }

  /** Source: Java SE documentation of `Double.toString(double)`. */
  override toText(): string {
    return printFloating(this.value, (value) => value.toExponential());
  }

  override equals(other: Value): boolean {
    return other instanceof JavaDouble && Object.is(other.value, this.value);
  }

  override hashCode(): number {
    const bits = new BigInt64Array(new Float64Array([this.value]).buffer)[0] ?? 0n;
    return new JavaLong(bits).hashCode();
  }
}

export class JavaFloat extends JavaObject {
  readonly className = 'java.lang.Float';
  readonly value: number;

  constructor(value: number) {
    super();
    this.value = Math.fround(value);
  }

  /** With as many digits as tell it from the other floats. */
  override toText(): string {
    return printFloating(this.value, (value) => {
      let digits = 0;
      while (Math.fround(Number(value.toExponential(digits))) !== value) digits++;
      return value.toExponential(digits);
    });
  }

  override equals(other: Value): boolean {
    return other instanceof JavaFloat && Object.is(other.value, this.value);
  }

  override hashCode(): number {
    return new Int32Array(new Float32Array([this.value]).buffer)[0] ?? 0;
  }
}

/** A BigDecimal: `unscaled / 10^scale`. */
export class JavaDecimal extends JavaObject {
  readonly className = 'java.math.BigDecimal';
  readonly unscaled: bigint;
  readonly scale: number;

  constructor(unscaled: bigint, scale: number) {
    super();
    this.unscaled = unscaled;
    this.scale = scale;
  }

  /** Source: Java SE documentation of `BigDecimal.toString()`. */
  override toText(): string {
    const negative = this.unscaled < 0n;
    const digits = (negative ? -this.unscaled : this.unscaled).toString();
    return (negative ? '-' : '') + placePoint(digits, this.scale);
  }

  override equals(other: Value): boolean {
    return other instanceof JavaDecimal && other.scale === this.scale && other.unscaled === this.unscaled;
  }
}

function placePoint(digits: string, scale: number): string {
  const exponent = digits.length - 1 - scale;
  if (scale >= 0 && exponent >= -6) {
    if (scale === 0) return digits;
    const padded = digits.padStart(scale + 1, '0');
    return `${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
  }
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  return `${mantissa}E${exponent > 0 ? '+' : ''}${exponent}`;
}

/** Plain from 0.001 to below ten million, else with an exponent; always with a digit after the point. */
function printFloating(value: number, toExponential: (value: number) => string): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const exponential = toExponential(value);
  const [mantissa = '', exponent = ''] = exponential.split('e');
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e7) return `${withPoint(mantissa)}E${Number(exponent)}`;
  return withPoint(String(Number(exponential)));
}

function withPoint(digits: string): string {
  return digits.includes('.') ? digits : `${digits}.0`;
}

export function isNumber(value: Value): value is JavaNumber {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return true;
    default:
      return (
        value instanceof JavaDouble ||
        value instanceof JavaLong ||
        value instanceof JavaDecimal ||
        value instanceof JavaFloat
      );
  }
}

/** Integer where it fits, else Long, else BigInteger: the class of a whole number as it is written. */
export function wholeNumber(value: bigint): JavaNumber {
  if (value >= BigInt(MIN_INT) && value <= BigInt(MAX_INT)) return Number(value);
  return isLong(value) ? new JavaLong(value) : value;
}

/** Integer where it fits, else Long. @param value - exact */
export function integerOrLong(value: number): JavaNumber {
  return value >= MIN_INT && value <= MAX_INT ? value : new JavaLong(BigInt(value));
}

export function isLong(value: bigint): boolean {
  return value >= MIN_LONG && value <= MAX_LONG;
}

/** `doubleValue()`. */
export function toDouble(value: JavaNumber): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof JavaLong) return Number(value.value);
  return value instanceof JavaDecimal ? Number(value.toText()) : value.value;
}

/** `longValue()`: a fraction is cut off, what is too large is the largest one, and a BigInteger's lowest 64 bits. */
export function toLong(value: JavaNumber): bigint {
  if (typeof value === 'number') return BigInt(value);
  if (typeof value === 'bigint') return BigInt.asIntN(64, value);
  if (value instanceof JavaLong) return value.value;
  if (value instanceof JavaDecimal) return BigInt.asIntN(64, toWhole(value));
  if (Number.isNaN(value.value)) return 0n;
  if (value.value >= 2 ** 63) return MAX_LONG;
  if (value.value <= -(2 ** 63)) return MIN_LONG;
  return BigInt(Math.trunc(value.value));
}

/** `intValue()`. */
export function toInt(value: JavaNumber): number {
  if (typeof value === 'number') return value;
  if (value instanceof JavaDouble || value instanceof JavaFloat) {
    if (Number.isNaN(value.value)) return 0;
    return Math.max(MIN_INT, Math.min(MAX_INT, Math.trunc(value.value))) || 0;
  }
  return Number(BigInt.asIntN(32, toLong(value)));
}

/** A BigDecimal without its fraction. */
export function toWhole({ unscaled, scale }: JavaDecimal): bigint {
  return scale > 0 ? unscaled / 10n ** BigInt(scale) : unscaled * 10n ** BigInt(-scale);
}
