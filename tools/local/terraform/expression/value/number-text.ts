import { type BigFloat, bitLength } from './big-float.ts';

/** Digits of a number, `0.digits × 10^point`, without zeros at the end. */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

/** How many digits are written: all that tell the number from its neighbours, or so many as `precision` says. */
type Precision = number | 'shortest';

/** The number as Terraform writes it, without an exponent. */
export function numberText(number: BigFloat): string {
  if (number.isInfinite) return number.isNegative ? '-Inf' : '+Inf';
  if (number.isWhole && bitLength(number.mantissa) + number.exponent <= number.precision) {
    const sign = number.isNegative ? '-' : '';
    return `${sign}${number.mantissa << BigInt(number.exponent)}`;
  }
  return formatNumber(number, 'f', 'shortest');
}

/** Source: Go, `big.Float.Text`. */
export function formatNumber(number: BigFloat, form: 'e' | 'f' | 'g', precision: Precision): string {
  if (number.isInfinite) return number.isNegative ? '-Inf' : '+Inf';
  const sign = number.isNegative ? '-' : '';
  const exact = decimalOf(number);
  const decimal = precision === 'shortest' ? shortest(number, exact) : round(exact, wanted(exact, form, precision));
  const { digits, point } = decimal;
  const places = precision === 'shortest' ? defaultPlaces(decimal, form) : precision;
  if (form === 'e') return sign + exponential(decimal, places);
  if (form === 'f') return sign + fixed(decimal, places);
  const significant = precision === 0 ? 1 : places;
  const limit =
    precision === 'shortest' ? 6 : significant > digits.length && digits.length >= point ? digits.length : significant;
  if (point - 1 < -4 || point - 1 >= limit) {
    return sign + exponential(decimal, Math.min(significant, Math.max(digits.length, 1)) - 1);
  }
  return sign + fixed(decimal, Math.max((significant > point ? digits.length : significant) - point, 0));
}

function wanted({ point }: Decimal, form: 'e' | 'f' | 'g', precision: number): number {
  if (form === 'e') return precision + 1;
  return form === 'f' ? point + precision : Math.max(precision, 1);
}

function defaultPlaces({ digits, point }: Decimal, form: 'e' | 'f' | 'g'): number {
  if (form === 'e') return digits.length - 1;
  return form === 'f' ? Math.max(digits.length - point, 0) : digits.length;
}

function exponential({ digits, point }: Decimal, places: number): string {
  const fraction = places > 0 ? `.${digits.slice(1, 1 + places).padEnd(places, '0')}` : '';
  const exponent = digits === '' ? 0 : point - 1;
  const power = String(Math.abs(exponent)).padStart(2, '0');
  return `${digits.charAt(0) || '0'}${fraction}e${exponent < 0 ? '-' : '+'}${power}`;
}

function fixed({ digits, point }: Decimal, places: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0';
  if (places <= 0) return whole;
  const fraction = point >= 0 ? digits.slice(point) : '0'.repeat(-point) + digits;
  return `${whole}.${fraction.slice(0, places).padEnd(places, '0')}`;
}

function decimalOf({ mantissa, exponent }: Pick<BigFloat, 'exponent' | 'mantissa'>): Decimal {
  if (mantissa === 0n) return { digits: '', point: 0 };
  const text = String(exponent >= 0 ? mantissa << BigInt(exponent) : mantissa * 5n ** BigInt(-exponent));
  return { digits: text.replace(/0+$/, ''), point: text.length + Math.min(exponent, 0) };
}

/** Ties go to the even digit. */
function round(decimal: Decimal, count: number): Decimal {
  const { digits } = decimal;
  if (count < 0 || count >= digits.length) return count < 0 ? { digits: '', point: 0 } : decimal;
  const isTie = digits.charAt(count) === '5' && count + 1 === digits.length;
  const isUp = isTie ? count > 0 && Number(digits.charAt(count - 1)) % 2 === 1 : digits.charAt(count) >= '5';
  return isUp ? roundUp(decimal, count) : roundDown(decimal, count);
}

function roundDown({ digits, point }: Decimal, count: number): Decimal {
  const kept = digits.slice(0, count).replace(/0+$/, '');
  return kept === '' ? { digits: '', point: 0 } : { digits: kept, point };
}

function roundUp({ digits, point }: Decimal, count: number): Decimal {
  const kept = digits.slice(0, count).replace(/9+$/, '');
  if (kept === '') return { digits: '1', point: point + 1 };
  return { digits: kept.slice(0, -1) + String(Number(kept.slice(-1)) + 1), point };
}

/** The fewest digits that lie nearer to the number than to any other of its precision. Source: Go, `roundShortest`. */
function shortest(number: BigFloat, exact: Decimal): Decimal {
  if (number.mantissa === 0n) return exact;
  const shift = number.precision + 1 - bitLength(number.mantissa);
  const halves = shift >= 0 ? number.mantissa << BigInt(shift) : number.mantissa >> BigInt(-shift);
  const exponent = number.exponent - shift;
  const lower = decimalOf({ mantissa: halves - 1n, exponent }).digits;
  const upper = decimalOf({ mantissa: halves + 1n, exponent }).digits;
  const isInclusive = (halves & 2n) === 0n;
  const digit = (text: string, position: number) => text.charCodeAt(position) || 48;
  for (let position = 0; position < exact.digits.length; position += 1) {
    const [low, middle, high] = [digit(lower, position), digit(exact.digits, position), digit(upper, position)];
    const isDown = low !== middle || (isInclusive && position + 1 === lower.length);
    const isUp = middle !== high && (isInclusive || middle + 1 < high || position + 1 < upper.length);
    if (isDown && isUp) return round(exact, position + 1);
    if (isDown) return roundDown(exact, position + 1);
    if (isUp) return roundUp(exact, position + 1);
  }
  return exact;
}
