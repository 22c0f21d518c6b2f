/**
 * Levels of brackets. API Gateway's own limit is not documented; this is what its validator's JSON parser refuses.
 *
 * Source: Jackson, `StreamReadConstraints.DEFAULT_MAX_DEPTH`.
 */
const MAX_DEPTH = 1000;

/** Values of lists and objects, keys not counted: what a laptop parses within some 50 ms. API Gateway, where each request has its own time, has no such limit. */
const MAX_VALUES = 200_000;

/** Names with values in objects, of all objects together: where each has other names, one costs as much as ten values. */
const MAX_MEMBERS = 40_000;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;

/**
 * Looks how deep and how large a JSON text is, in one pass and without parsing it: to parse 10 MB of brackets takes seconds, in which nothing else
 * is served, and hundreds of megabytes.
 *
 * @returns what is too much; `undefined` for a text that may be parsed, and for one that is no list or object
 */
export function describeExcess(text: string): string | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  let depth = 0;
  let values = 0;
  let members = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
      continue;
    }
    // Brackets differ from braces in one bit: [ and { open, ] and } close.
    const bracket = code & ~0x20;
    if (bracket === 0x5b) {
      depth += 1;
      values += 1;
      if (depth > MAX_DEPTH) return 'instance is nested too deeply';
    } else if (bracket === 0x5d) depth -= 1;
    else if (code === COMMA) values += 1;
    else if (code === COLON) members += 1;
    if (values > MAX_VALUES) return `instance has more than ${MAX_VALUES} values`;
    if (members > MAX_MEMBERS) return `instance has more than ${MAX_MEMBERS} members`;
  }
  return undefined;
}

/** @returns where the string that begins at `from` ends; the text's end, where it doesn't */
function endOfString(text: string, from: number): number {
  for (let end = text.indexOf('"', from + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}
