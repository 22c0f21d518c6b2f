import { ExpressionError } from '#local/terraform/addressed-error.ts';

/** Bits of the mantissa of a number that is written down. Source: go-cty, `ParseNumberVal`. */
const WRITTEN_PRECISION = 512;
/** Of one that a function counts, such as a length. Source: go-cty, `NumberIntVal`. */
const COUNTED_PRECISION = 64;
/** Of one that a function computes in floating point, such as `log`. Source: go-cty, `NumberFloatVal`. */
const COMPUTED_PRECISION = 53;
/** Exponents beyond are refused: writing such a number out would take all memory. */
const LARGEST_EXPONENT = 100_000;

const decimalText = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/**
 * Terraform's number: a binary floating-point number of up to 512 bits, `± mantissa × 2^exponent`, rounded to the nearest, ties to even,
 * so that arithmetic and printing give the digits that Terraform gives. Source: go-cty's numbers, which are Go's `big.Float`.
 */
export class BigFloat {
  readonly isNegative: boolean;
  /** Odd, or zero. */
  readonly mantissa: bigint;
  readonly exponent: number;
  readonly precision: number;
  readonly isInfinite: boolean;

  private constructor(isNegative: boolean, mantissa: bigint, exponent: number, precision: number, isInfinite = false) {
    this.isNegative = isNegative;
    this.mantissa = mantissa;
    this.exponent = exponent;
    this.precision = precision;
    this.isInfinite = isInfinite;
  }

  /** @returns undefined for a text that is no number: `0x10`, `1_000`, the empty text */
  static parse(text: string): BigFloat | undefined {
    const [, sign = '', whole = '', fraction = '', power = '0'] = decimalText.exec(text) ?? [];
    if (whole === '' && fraction === '') return undefined;
    const scale = Number(power) - fraction.length;
    if (Math.abs(scale) > LARGEST_EXPONENT)
      throw new ExpressionError(`the number ${text} is too large to compute with`);
    const digits = BigInt(whole + fraction);
    return scale >= 0
      ? BigFloat.#ratio(sign === '-', digits * 10n ** BigInt(scale), 1n, WRITTEN_PRECISION)
      : BigFloat.#ratio(sign === '-', digits, 10n ** BigInt(-scale), WRITTEN_PRECISION);
  }

  /** A whole number that is counted. */
  static count(count: number): BigFloat {
    return BigFloat.#round(count < 0, BigInt(Math.abs(count)), 0, COUNTED_PRECISION);
  }

  /** A whole number of any size. */
  static whole(integer: bigint, precision?: number): BigFloat {
    const size = integer < 0n ? -integer : integer;
    return BigFloat.#round(integer < 0n, size, 0, precision ?? Math.max(bitLength(size), COUNTED_PRECISION));
  }

  /** What a function computes in floating point. */
  static float(number: number): BigFloat {
    if (!Number.isFinite(number)) return new BigFloat(number < 0, 0n, 0, COMPUTED_PRECISION, true);
    let exponent = 0;
    let mantissa = Math.abs(number);
    while (!Number.isInteger(mantissa)) {
      mantissa *= 2;
      exponent -= 1;
    }
    return BigFloat.#round(number < 0 || Object.is(number, -0), BigInt(mantissa), exponent, COMPUTED_PRECISION);
  }

  static #ratio(isNegative: boolean, numerator: bigint, denominator: bigint, precision: number): BigFloat {
    if (numerator === 0n) return new BigFloat(isNegative, 0n, 0, precision);
    // Two bits more than the result needs, and one that says whether anything follows them.
    const shift = Math.max(0, precision + 2 - (bitLength(numerator) - bitLength(denominator)));
    const scaled = numerator << BigInt(shift);
    const quotient = scaled / denominator;
    const rest = quotient * denominator === scaled ? 0n : 1n;
    return BigFloat.#round(isNegative, (quotient << 1n) | rest, -shift - 1, precision);
  }

  static #round(isNegative: boolean, mantissa: bigint, exponent: number, precision: number): BigFloat {
    if (mantissa === 0n) return new BigFloat(isNegative, 0n, 0, precision);
    const extra = bitLength(mantissa) - precision;
    let kept = mantissa;
    let power = exponent;
    if (extra > 0) {
      const half = 1n << BigInt(extra - 1);
      const rest = mantissa & ((half << 1n) - 1n);
      kept >>= BigInt(extra);
      power += extra;
      if (rest > half || (rest === half && (kept & 1n) === 1n)) kept += 1n;
    }
    const zeros = trailingZeros(kept);
    if (Math.abs(power + zeros) > LARGEST_EXPONENT * 4)
      throw new ExpressionError('the number is too large to compute with');
    return new BigFloat(isNegative, kept >> BigInt(zeros), power + zeros, precision);
  }

  get isWhole(): boolean {
    return !this.isInfinite && (this.mantissa === 0n || this.exponent >= 0);
  }

  /** The whole part, towards zero. */
  truncate(): bigint {
    const size = this.exponent >= 0 ? this.mantissa << BigInt(this.exponent) : this.mantissa >> BigInt(-this.exponent);
    return this.isNegative ? -size : size;
  }

  toNumber(): number {
    if (this.isInfinite) return this.isNegative ? -Infinity : Infinity;
    return Number(this.toScientific());
  }

  /** The number as JavaScript reads it, whatever its size: all digits of the mantissa with a decimal exponent. */
  toScientific(): string {
    const sign = this.isNegative ? '-' : '';
    return this.exponent >= 0
      ? `${sign}${this.mantissa << BigInt(this.exponent)}`
      : `${sign}${this.mantissa * 5n ** BigInt(-this.exponent)}e${this.exponent}`;
  }

  negate(): BigFloat {
    return new BigFloat(!this.isNegative, this.mantissa, this.exponent, this.precision, this.isInfinite);
  }

  abs(): BigFloat {
    return this.isNegative ? this.negate() : this;
  }

  add(other: BigFloat): BigFloat {
    if (this.isInfinite || other.isInfinite) return BigFloat.float(this.toNumber() + other.toNumber());
    const exponent = Math.min(this.exponent, other.exponent);
    const sum = this.#signedAt(exponent) + other.#signedAt(exponent);
    const isNegative = sum < 0n || (sum === 0n && this.isNegative && other.isNegative);
    return BigFloat.#round(isNegative, sum < 0n ? -sum : sum, exponent, Math.max(this.precision, other.precision));
  }

  subtract(other: BigFloat): BigFloat {
    return this.add(other.negate());
  }

  /** Keeps more bits than the factors have where the product needs them, up to 512. */
  multiply(other: BigFloat): BigFloat {
    if (this.isInfinite || other.isInfinite) return BigFloat.float(this.toNumber() * other.toNumber());
    const isNegative = this.isNegative !== other.isNegative;
    const product = BigFloat.#round(
      isNegative,
      this.mantissa * other.mantissa,
      this.exponent + other.exponent,
      WRITTEN_PRECISION,
    );
    const precision = Math.max(this.precision, other.precision, bitLength(product.mantissa));
    return new BigFloat(isNegative, product.mantissa, product.exponent, precision);
  }

  /** By zero the quotient is infinite. */
  divide(other: BigFloat): BigFloat {
    if (other.mantissa === 0n && !other.isInfinite) {
      return BigFloat.float(this.isNegative === other.isNegative ? Infinity : -Infinity);
    }
    if (this.isInfinite || other.isInfinite) return BigFloat.float(this.toNumber() / other.toNumber());
    const shift = this.exponent - other.exponent;
    const numerator = shift > 0 ? this.mantissa << BigInt(shift) : this.mantissa;
    const denominator = shift < 0 ? other.mantissa << BigInt(-shift) : other.mantissa;
    const precision = Math.max(this.precision, other.precision);
    return BigFloat.#ratio(this.isNegative !== other.isNegative, numerator, denominator, precision);
  }

  /** The remainder of a division whose quotient is cut towards zero; the divisor is not zero. */
  remainder(other: BigFloat): BigFloat {
    if (this.isInfinite || other.isInfinite) return this.multiply(other);
    const quotient = this.divide(other).truncate();
    const whole = BigFloat.#round(quotient < 0n, quotient < 0n ? -quotient : quotient, 0, this.precision);
    return this.subtract(other.multiply(whole));
  }

  /** Negative, zero or positive. */
  compare(other: BigFloat): number {
    if (this.isInfinite || other.isInfinite) return Math.sign(this.toNumber() - other.toNumber()) || 0;
    const exponent = Math.min(this.exponent, other.exponent);
    const left = this.#signedAt(exponent);
    const right = other.#signedAt(exponent);
    if (left === right) return 0;
    return left < right ? -1 : 1;
  }

  #signedAt(exponent: number): bigint {
    const size = this.mantissa << BigInt(this.exponent - exponent);
    return this.isNegative ? -size : size;
  }
}

export function bitLength(size: bigint): number {
  if (size === 0n) return 0;
  const hexadecimal = size.toString(16);
  return (hexadecimal.length - 1) * 4 + (32 - Math.clz32(Number.parseInt(hexadecimal.charAt(0), 16)));
}

function trailingZeros(size: bigint): number {
  let zeros = 0;
  for (let rest = size; (rest & 0xffff_ffffn) === 0n; rest >>= 32n) zeros += 32;
  let low = Number((size >> BigInt(zeros)) & 0xffff_ffffn);
  for (; (low & 1) === 0; low >>>= 1) zeros += 1;
  return zeros;
}
