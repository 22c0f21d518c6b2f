const NEEDS_JSON_ESCAPE = /["\\\p{Cc}\p{Cs}]/u;
const CONTROL = /\p{Cc}/gu;

/** The text as it stands between the quotes of a JSON string. */
export function escapeJson(text: string): string {
  return NEEDS_JSON_ESCAPE.test(text) ? JSON.stringify(text).slice(1, -1) : text;
}

/** Control characters as `\xNN`, so that a value can't begin a line of its own. */
export function escapeControl(text: string): string {
  return text.replace(CONTROL, (found) => `\\x${found.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** A string as JSON; most of what requests hold needs no escape. */
export function quote(text: string): string {
  return `"${escapeJson(text)}"`;
}

/** A string as JSON, or `null`. */
export function quoteOrNull(text: string | undefined): string {
  return text === undefined ? 'null' : quote(text);
}

/** A map as JSON; `null` for one without entries. */
export function mapOrNull(map: object): string {
  for (const _ in map) return JSON.stringify(map);
  return 'null';
}
