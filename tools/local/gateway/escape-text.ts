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
