import { z } from 'zod';
import { shown } from './problem.ts';

/** Largest 32-bit integer, which API Gateway's limits are. */
export const INT32_MAX = 2_147_483_647;

interface ZodIssue {
  readonly input?: unknown;
}

function got({ input }: ZodIssue): string {
  if (Array.isArray(input)) return 'got a list';
  return typeof input === 'string' ? `got ${shown(input)}` : 'got nothing';
}

/** Message for a value of the wrong shape or none at all: what was got, what is allowed. */
export function refused(allowed: string): { error: (issue: ZodIssue) => string } {
  return { error: (issue) => `${got(issue)}, allowed: ${allowed}.` };
}

/** One value: `KEY="value"`. `allowed` is the pattern in words. */
export function text(pattern: RegExp, allowed: string) {
  return z.string(refused(allowed)).regex(pattern, refused(allowed));
}

/** One of a few words. */
export function choice<const Words extends readonly [string, ...string[]]>(words: Words, note = '') {
  return z.enum(words, refused(`${words.join(', ')}${note}`));
}

/** A whole number without leading zeros. `unit` is what is counted: `days`. */
export function integer(minimum: number, maximum: number, unit: string) {
  const allowed = `a whole number of ${unit} from ${minimum} to ${maximum}`;
  return text(/^(?:0|[1-9]\d*)$/, allowed)
    .transform(Number)
    .refine((value) => value >= minimum && value <= maximum, {
      error: ({ input }) => `got ${String(input)}, allowed: ${allowed}.`,
    });
}

/** A number above 0, with or without decimals. */
export function positiveNumber(unit: string) {
  const allowed = `a number of ${unit} above 0, at most ${INT32_MAX}`;
  return text(/^(?:0|[1-9]\d{0,9})(?:\.\d{1,6})?$/, allowed)
    .transform(Number)
    .refine((value) => value > 0 && value <= INT32_MAX, {
      error: ({ input }) => `got ${String(input)}, allowed: ${allowed}.`,
    });
}

/** The same, or `none`, which is the default: `undefined`. */
export function orNone<Output>(field: z.ZodType<Output, string>) {
  return z
    .string(refused('one value, or none'))
    .default('none')
    .transform((value, context): Output | undefined => {
      if (value === 'none') return undefined;
      const parsed = field.safeParse(value);
      if (parsed.success) return parsed.data;
      for (const { message } of parsed.error.issues) {
        context.addIssue({ code: 'custom', message: message.replace(/\.$/, ', or none.') });
      }
      return z.NEVER;
    });
}

/**
 * `KEY=( "a" "b" )`, each value once.
 *
 * @param kind - names the values: `stages`
 * @param identity - what makes two values the same; by default the value without regard to case
 */
export function list<Item extends z.ZodType<string>>(
  item: Item,
  minimum: number,
  kind: string,
  identity = (value: string) => value.toLowerCase(),
) {
  const allowed = `a list of ${minimum > 0 ? `${minimum} or more ` : ''}${kind}: KEY=( "a" "b" )`;
  return z
    .array(item, refused(allowed))
    .min(minimum, { error: ({ input }) => `got ${Array.isArray(input) ? input.length : 0}, allowed: ${allowed}.` })
    .superRefine((values, context) => {
      const seen = new Map<string, string>();
      for (const [index, value] of values.entries()) {
        const first = seen.get(identity(value));
        if (first !== undefined) context.addIssue({ code: 'custom', path: [index], message: twice(value, first) });
        else seen.set(identity(value), value);
      }
    });
}

function twice(value: string, first: string): string {
  if (value === first) return `got ${shown(value)} twice, allowed: each once. Delete one of them.`;
  return `got ${shown(value)} beside ${shown(first)}, which is the same, allowed: each once. Delete one of them.`;
}
