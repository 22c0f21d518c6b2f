import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { toNumber, toText } from '#local/terraform/expression/convert.ts';
import { isList, type Value } from '#local/terraform/expression/value.ts';
import { encodeJson } from './encoding.ts';
import { type FunctionTable, variadic } from './function-definition.ts';

const verb = /%(?:\[(\d+)\])?([-+ 0#]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])/g;

interface Flags {
  readonly flags: string;
  readonly precision: number | undefined;
}

const verbs: Readonly<Record<string, (value: Value, flags: Flags) => string>> = {
  s: (value, { precision }) => [...toText(value)].slice(0, precision).join(''),
  v: (value) =>
    value !== null && typeof value === 'object' ? encodeJson(value) : value === null ? 'null' : toText(value),
  q: (value) => JSON.stringify(toText(value)),
  d: (value, { flags }) => signed(Math.trunc(toNumber(value)).toString(), flags),
  f: (value, { flags, precision }) => signed(toNumber(value).toFixed(precision ?? 6), flags),
  e: (value, { precision }) =>
    toNumber(value)
      .toExponential(precision ?? 6)
      .replace(/e([+-])(\d)$/, 'e$10$2'),
  g: (value) => String(toNumber(value)),
  t: (value) => toText(value),
  b: (value) => toNumber(value).toString(2),
  o: (value) => toNumber(value).toString(8),
  x: (value) => hexadecimal(value),
  X: (value) => hexadecimal(value).toUpperCase(),
};

/** Source: Terraform, "format" and "formatlist". */
export const formatFunctions: FunctionTable = {
  format: variadic(1, ([pattern = '', ...values]) => format(toText(pattern), values)),
  formatlist: variadic(1, ([pattern = '', ...values]) => {
    const length = Math.max(...values.map((value) => (isList(value) ? value.length : 1)), 0);
    return Array.from({ length }, (_, position) => {
      const row = values.map((value) => (isList(value) ? (value[position] ?? null) : value));
      return format(toText(pattern), row);
    });
  }),
};

function format(pattern: string, values: readonly Value[]): string {
  let next = 0;
  return pattern.replace(
    verb,
    (text, position?: string, flags = '', width?: string, precision?: string, letter = '') => {
      if (letter === '%') return '%';
      const write = Object.hasOwn(verbs, letter) ? verbs[letter] : undefined;
      if (!write)
        throw new ExpressionError(
          `got ${text}; allowed are ${Object.keys(verbs)
            .map((name) => `%${name}`)
            .join(' ')} %%`,
        );
      if (position !== undefined) next = Number(position) - 1;
      const value = values[next];
      next += 1;
      if (value === undefined) throw new ExpressionError(`${text} has no argument: there are ${values.length}`);
      const written = write(value, { flags, precision: precision === undefined ? undefined : Number(precision) });
      return pad(written, flags, Number(width ?? 0));
    },
  );
}

function pad(text: string, flags: string, width: number): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0')) return text.padStart(width);
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}

function signed(text: string, flags: string): string {
  return flags.includes('+') && !text.startsWith('-') ? `+${text}` : text;
}

function hexadecimal(value: Value): string {
  return typeof value === 'number' ? value.toString(16) : Buffer.from(toText(value)).toString('hex');
}
