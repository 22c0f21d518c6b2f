/** Characters of a client's value that a message repeats. */
const MAX_QUOTED = 256;

/** JSON Schema's name for a value's type. */
export function instanceType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

/** A text in quotes, as it is. */
export function quoteText(value: unknown): string {
  return `"${shorten(String(value))}"`;
}

/** A value as JSON. */
export function quoteValue(value: unknown): string {
  return shorten(JSON.stringify(value));
}

function shorten(text: string): string {
  return text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text;
}
