import { escapeJson } from './escape-text.ts';

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
