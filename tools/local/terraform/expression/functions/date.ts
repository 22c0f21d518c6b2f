import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { BigFloat } from '#local/terraform/expression/value/big-float.ts';
import { binary, type FunctionTable, text } from './function-definition.ts';

/** Source: Terraform, "Functions", section Date and Time. */
export const dateFunctions: FunctionTable = {
  formatdate: binary(text, text, (pattern, time) => formatDate(pattern, parseTime(time))),
  timeadd: binary(text, text, (time, duration) => addDuration(parseTime(time), duration)),
  timecmp: binary(text, text, (left, right) => {
    const difference = parseTime(left).nanoseconds - parseTime(right).nanoseconds;
    return BigFloat.count(difference === 0n ? 0 : difference < 0n ? -1 : 1);
  }),
};

interface Time {
  /** Since 1970, in UTC. */
  readonly nanoseconds: bigint;
  readonly offsetMinutes: number;
}

const rfc3339 = /^(\d{4}-(\d\d)-(\d\d))T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))$/;

/** Source: RFC 3339, "Internet Date/Time Format"; Terraform takes capital letters only, and no leap seconds. */
function parseTime(given: string): Time {
  const [
    ,
    date = '',
    ,
    day = '',
    hour = '',
    minute = '',
    second = '',
    fraction = '',
    sign = '+',
    hours = '0',
    minutes = '0',
  ] = rfc3339.exec(given) ?? [];
  const milliseconds = Date.parse(`${date}T${hour}:${minute}:${second}Z`);
  const isDay = !Number.isNaN(milliseconds) && new Date(milliseconds).getUTCDate() === Number(day);
  if (!isDay || Number(hour) > 23 || Number(hours) > 23 || Number(minutes) > 59) {
    throw new ExpressionError(
      `got ${JSON.stringify(given)}, which is no time of RFC 3339, such as 2026-01-31T12:00:00Z`,
    );
  }
  const offsetMinutes = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  const utc = BigInt(milliseconds) - BigInt(offsetMinutes) * 60_000n;
  return { nanoseconds: utc * 1_000_000n + BigInt(fraction.padEnd(9, '0').slice(0, 9)), offsetMinutes };
}

const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};
const durationPart = /(\d+)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)|\.(\d+)(ns|us|µs|μs|ms|s|m|h)/g;
const durationText = /^[+-]?(?:0|(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;

/** Source: Go, `time.ParseDuration`. */
function addDuration(time: Time, duration: string): string {
  if (!durationText.test(duration)) {
    throw new ExpressionError(`got the duration ${JSON.stringify(duration)}; allowed are such as 10s, 1.5h or -1h30m`);
  }
  const size = Array.from(
    duration.matchAll(durationPart),
    ([, whole = '0', fraction, unit, onlyFraction, otherUnit]) => {
      const places = fraction ?? onlyFraction ?? '';
      const scale = units[unit ?? otherUnit ?? 'ns'] ?? 0n;
      return BigInt(whole) * scale + (BigInt(places || '0') * scale) / 10n ** BigInt(places.length);
    },
  ).reduce((sum, part) => sum + part, 0n);
  if (size >= 2n ** 63n) throw new ExpressionError(`got the duration ${duration}; the longest is about 292 years`);
  const moved = time.nanoseconds + (duration.startsWith('-') ? -size : size);
  return formatDate("YYYY-MM-DD'T'hh:mm:ssZ", { ...time, nanoseconds: moved });
}

const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const patternToken = /''|'(?:[^']|'')*'?|([A-Za-z])\1*|[^'A-Za-z]+/g;

function formatDate(pattern: string, time: Time): string {
  const seconds =
    (time.nanoseconds - (((time.nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n)) / 1_000_000_000n;
  const local = new Date(Number(seconds) * 1000 + time.offsetMinutes * 60_000);
  return Array.from(pattern.matchAll(patternToken), ([token]) => {
    if (token.startsWith("'")) return unquote(token);
    return /^[A-Za-z]/.test(token) ? formatVerb(token, local, time.offsetMinutes) : token;
  }).join('');
}

function unquote(token: string): string {
  if (token === "''") return "'";
  if (token.length < 2 || !token.endsWith("'")) throw new ExpressionError(`the quote ${token} is not closed`);
  return token.slice(1, -1).replaceAll("''", "'");
}

function formatVerb(verb: string, local: Date, offset: number): string {
  const forms = verbForms(local, offset)[verb.charAt(0)];
  const written = forms?.[verb.length - 1];
  if (written !== undefined) return written;
  const allowed = forms?.flatMap((form, position) => (form === undefined ? [] : [verb.charAt(0).repeat(position + 1)]));
  const hint = allowed ? `allowed are ${allowed.join(', ')}` : "text that is no date stands between '";
  throw new ExpressionError(`got the date verb ${verb}; ${hint}`);
}

/** How each letter is written, by how often it stands in a row. Source: Terraform, "formatdate". */
function verbForms(local: Date, offset: number): Readonly<Record<string, readonly (string | undefined)[]>> {
  const numeric = (value: number) => [String(value), String(value).padStart(2, '0')];
  const year = local.getUTCFullYear();
  const month = months[local.getUTCMonth()] ?? '';
  const weekday = weekdays[local.getUTCDay()] ?? '';
  const hour = local.getUTCHours();
  const [sign, size] = [offset < 0 ? '-' : '+', Math.abs(offset)];
  const [hours, minutes] = [Math.floor(size / 60), size % 60].map((part) => String(part).padStart(2, '0'));
  const half = hour < 12 ? 'AM' : 'PM';
  return {
    Y: [undefined, String(year % 100).padStart(2, '0'), undefined, String(year).padStart(4, '0')],
    M: [...numeric(local.getUTCMonth() + 1), month.slice(0, 3), month],
    D: numeric(local.getUTCDate()),
    E: [undefined, undefined, weekday.slice(0, 3), weekday],
    h: numeric(hour),
    H: numeric(hour % 12 || 12),
    A: [undefined, half],
    a: [undefined, half.toLowerCase()],
    m: numeric(local.getUTCMinutes()),
    s: numeric(local.getUTCSeconds()),
    Z: [
      offset === 0 ? 'Z' : `${sign}${hours}:${minutes}`,
      undefined,
      offset === 0 ? 'UTC' : `${sign}${hours}${minutes}`,
      `${sign}${hours}${minutes}`,
      `${sign}${hours}:${minutes}`,
    ],
  };
}
