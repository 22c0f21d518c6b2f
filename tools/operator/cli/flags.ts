import { InvalidArgumentError, Option } from 'commander';
import type { FailureMode } from '#local/failure/failure.ts';

/** The runtime takes this many ports in a row. */
const PORTS = 6;
const HIGHEST_PORT = 65_535 - (PORTS - 1);

/** `--port`, `--aws-port`: 0 for any free ports. */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > HIGHEST_PORT) {
    throw new InvalidArgumentError(`Allowed is a whole number from 1 to ${HIGHEST_PORT}, or 0 for any free ports.`);
  }
  return port;
}

/** A duration as `250`, `250ms` or `1.5s`. @returns milliseconds */
export function parseMilliseconds(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(text) ?? [];
  const milliseconds = Number(amount) * (unit === 's' ? 1000 : 1);
  if (!(milliseconds <= 3_600_000)) {
    throw new InvalidArgumentError('Allowed is a time up to one hour in milliseconds or seconds: 250, 250ms, 1.5s.');
  }
  return milliseconds;
}

/** `--time-scale`: 10 for ten times as fast. */
export function parseTimeScale(text: string): number {
  const scale = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || scale < 0.1 || scale > 1000) {
    throw new InvalidArgumentError('Allowed is a number from 0.1 to 1000; 10 runs ten times as fast.');
  }
  return scale;
}

const MILLISECONDS_OF = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `--since`: how long ago (`90s`, `15m`, `2h`, `1d`), or a time in ISO 8601. @returns milliseconds since the epoch */
export function parseSince(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  if (unit === 's' || unit === 'm' || unit === 'h' || unit === 'd') {
    return Date.now() - Number(amount) * MILLISECONDS_OF[unit];
  }
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new InvalidArgumentError('Allowed is how long ago, 90s, 15m, 2h or 1d, or a time: 2026-01-31T14:00:00Z.');
  }
  return time;
}

/** A time from one second to one day: `90s`, `15m`, `2h`. @returns milliseconds */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)([smhd])$/.exec(text) ?? [];
  const milliseconds =
    unit === 's' || unit === 'm' || unit === 'h' || unit === 'd' ? Number(amount) * MILLISECONDS_OF[unit] : 0;
  if (milliseconds < MILLISECONDS_OF.s || milliseconds > MILLISECONDS_OF.d) {
    throw new InvalidArgumentError('Allowed is a time from one second to one day: 90s, 15m, 2h.');
  }
  return milliseconds;
}

/** A count that is allowed: `--allow`, `--allow-different`. */
export function parseCount(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Allowed is a whole number from 0 to 999999.');
}

/** A number of seconds: `--watch`, `--lock-timeout`. */
export function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds >= 1 && seconds <= 3600)) {
    throw new InvalidArgumentError('Allowed is a number of seconds from 1 to 3600.');
  }
  return seconds;
}

/** Longer than a health checker waits, wherever it is. */
const SLOW_MILLISECONDS = 5000;

/** `--mode` of `local fail`: `refuse`, `drop`, `slow`, `slow=3s`, `errors=20%`. */
export function parseFailureMode(text: string): FailureMode {
  const [kind, value] = text.split('=', 2);
  if ((kind === 'refuse' || kind === 'drop') && value === undefined) return { kind };
  if (kind === 'slow')
    return { kind, milliseconds: value === undefined ? SLOW_MILLISECONDS : parseMilliseconds(value) };
  const percent = Number(/^(\d+(?:\.\d+)?)%$/.exec(value ?? '')?.[1]);
  if (kind === 'errors' && percent <= 100) return { kind, share: percent / 100 };
  throw new InvalidArgumentError('Allowed is refuse, drop, slow, slow=3s or errors=20%.');
}

/** `--without`: the region that is lost, and that nothing is to be asked of. */
export function withoutOption(): Option {
  return new Option('--without <region>', 'work in the other region alone, as this one is lost').choices([
    'primary',
    'secondary',
  ]);
}
