import { TemplateError } from '#local/vtl/limits.ts';

const CLASSES: Readonly<Record<string, string>> = {
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Upper: 'A-Z',
  Lower: 'a-z',
  Punct: '!-\\/:-@\\[-`\\{-~',
  Space: ' \\t\\n\\v\\f\\r',
  Blank: ' \\t',
  XDigit: '0-9a-fA-F',
  ASCII: '\\x00-\\x7f',
  Cntrl: '\\x00-\\x1f\\x7f',
};
const ANCHORS: Readonly<Record<string, string>> = {
  A: '(?<![\\s\\S])',
  z: '(?![\\s\\S])',
  Z: '(?=\\n?(?![\\s\\S]))',
};
const KEPT_ESCAPES = /[a-zA-Z0-9^$\\.*+?()[\]{}|/]/;

/**
 * Rewrites a Java regular expression for JavaScript's `u` flag.
 *
 * Source: Java SE documentation of `java.util.regex.Pattern`.
 *
 * @throws TemplateError for a class inside a class and for intersections
 */
export function translatePattern(source: string): { pattern: string; flags: string } {
  const inline = /^(\^\(\?:)?\(\?([ims]+)\)/.exec(source);
  const body = inline ? (inline[1] ?? '') + source.slice(inline[0].length) : source;
  const tokens = /\\Q(.*?)(?:\\E|$)|\\[pP]\{(\w+)\}|\\(.)|\{\d+(?:,\d*)?\}\+?|[*+?]\+|\(\?>|&&|./gsu;
  let pattern = '';
  let inClass = false;
  for (const [token, quoted, name, escaped] of body.matchAll(tokens)) {
    if (quoted !== undefined) pattern += quoted.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
    else if (name !== undefined) pattern += translateClass(token, name, inClass);
    else if (escaped !== undefined) pattern += translateEscape(escaped, inClass);
    else if (inClass) {
      if (token === '[' || token === '&&')
        throw new TemplateError(`Not supported in a regular expression's class: ${token}.`);
      if (token === ']') inClass = false;
      pattern += token.length > 1 && token.startsWith('(') ? token : escapeInClass(token);
    } else {
      if (token === '[') inClass = true;
      pattern += translateToken(token);
    }
  }
  return { pattern, flags: inline?.[2] ?? '' };
}

function translateClass(token: string, name: string, inClass: boolean): string {
  const members = CLASSES[name.replace(/^Is/, '')];
  if (members === undefined) return token;
  if (!token.startsWith('\\P')) return inClass ? members : `[${members}]`;
  if (inClass) throw new TemplateError(`Not supported in a regular expression's class: ${token}.`);
  return `[^${members}]`;
}

function translateEscape(escaped: string, inClass: boolean): string {
  if (!inClass && ANCHORS[escaped]) return ANCHORS[escaped];
  if (escaped === 'h') return inClass ? ' \\t\\xa0' : '[ \\t\\xa0]';
  if (escaped === 'e') return '\\x1b';
  if (escaped === 'a') return '\\x07';
  if (KEPT_ESCAPES.test(escaped) || (inClass && escaped === '-')) return `\\${escaped}`;
  return escaped;
}

function escapeInClass(token: string): string {
  return token === '(' || token === ')' || token === '{' || token === '}' || token === '|' || token === '/'
    ? `\\${token}`
    : token;
}

function translateToken(token: string): string {
  if (token === '(?>') return '(?:';
  // Possessive quantifiers match greedily here: they differ in what they refuse to give back, which no selection pattern relies on.
  if (token.length > 1 && token.endsWith('+')) return token.slice(0, -1);
  return token === ']' || token === '}' || token === '{' ? `\\${token}` : token;
}
