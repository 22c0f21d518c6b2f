import type { Writable } from 'node:stream';
import pc from 'picocolors';

export type Colors = ReturnType<typeof pc.createColors>;

/** Colours for a stream: only at a terminal, and not when `NO_COLOR` is set (no-color.org). */
export function colorsFor(stream: Writable): Colors {
  return pc.createColors('isTTY' in stream && stream.isTTY === true && !process.env.NO_COLOR);
}

/** A time of day to the millisecond, in this machine's zone: `14:03:59.120`. */
export function timeOfDay(milliseconds: number): string {
  const time = new Date(milliseconds);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

/** `27.4 s` */
export function seconds(value: number): string {
  return `${Number(value.toFixed(value < 1 ? 2 : 1))} s`;
}

/** `15 min`, and below two minutes `90 s`. */
export function minutes(value: number): string {
  return value < 120 ? `${Math.ceil(value)} s` : `${Math.ceil(value / 60)} min`;
}
