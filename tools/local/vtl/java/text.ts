import { bounded } from '../limits.ts';
import { isHost, type Value } from '../values.ts';

/** `toString()` as Java's classes have it: `[1, 2]` for a list, `{a=1}` for a map. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return bounded(`[${value.map(textOf).join(', ')}]`);
  if (isHost(value)) return 'object';
  if (typeof value !== 'object' || value === null) return String(value ?? null);
  return bounded(
    `{${Object.entries(value)
      .map(([key, item]) => `${key}=${textOf(item)}`)
      .join(', ')}}`,
  );
}

/** An argument as text; an absent one is `null`, as Java prints it. */
export function textArgument(args: readonly Value[], at: number): string {
  return textOf(args[at]);
}
