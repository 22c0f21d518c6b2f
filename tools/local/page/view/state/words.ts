/** `14:03:59.120`, in this machine's zone. */
export function timeOfDay(milliseconds: number): string {
  const time = new Date(milliseconds);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

/** `14:03:59`, in this machine's zone. */
export function secondOfDay(milliseconds: number): string {
  return timeOfDay(milliseconds).slice(0, 8);
}

/** `250 ms`, `1.5 s`, `12 min`. */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  return seconds < 120 ? `${Number(seconds.toFixed(seconds < 10 ? 1 : 0))} s` : `${Math.round(seconds / 60)} min`;
}

/** `20 to 30 s`. */
export function range({ atLeast, atMost }: { readonly atLeast: number; readonly atMost: number }): string {
  const short = (seconds: number) => String(Number(seconds.toFixed(1)));
  return `${short(atLeast)} to ${short(atMost)} s`;
}

/** `12.3`, `1,204`. */
export function rate(perSecond: number): string {
  return perSecond >= 10 || perSecond === 0 ? Math.round(perSecond).toLocaleString('en') : perSecond.toFixed(1);
}

/** The fields of a log line that is a JSON object; none of any other. */
export function fieldsOf(line: string): Readonly<Record<string, unknown>> {
  if (!line.startsWith('{')) return {};
  try {
    return Object(JSON.parse(line));
  } catch {
    return {};
  }
}
