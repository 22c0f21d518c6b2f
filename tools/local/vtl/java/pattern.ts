import { TemplateError } from '#local/vtl/limits.ts';
import { translatePattern } from './translate-pattern.ts';

const POSIX: Readonly<Record<string, string>> = {
  Alnum: 'a-zA-Z0-9',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Lower: 'a-z',
  Punct: '!-\\/:-@\\[-`{-~',
  Space: '\\s',
  Upper: 'A-Z',
};

const MAX_CACHED = 500;
const patterns = new Map<string, RegExp>();

/**
 * A Java regular expression, compiled once. The result is global and has `lastIndex` 0.
 *
 * @throws TemplateError for what JavaScript can't express (character class intersections) or Java refuses
 */
function javaPattern(source: string): RegExp {
  let pattern = patterns.get(source);
  if (pattern === undefined) {
    if (patterns.size >= MAX_CACHED) patterns.clear();
    pattern = compile(source);
    patterns.set(source, pattern);
  }
  pattern.lastIndex = 0;
  return pattern;
}

/** `String.matches`: the pattern matches the whole text. Also how API Gateway applies selection patterns. */
export function matchesEntirely(source: string, text: string): boolean {
  return javaPattern(`^(?:${source})$`).test(text);
}

function compile(source: string): RegExp {
  const { pattern, flags } = translatePattern(source);
  try {
    return new RegExp(pattern, `gu${flags}`);
  } catch (error) {
    throw new TemplateError(
      `Not a regular expression: ${source} (${error instanceof Error ? error.message : String(error)}).`,
    );
  }
}

/**
 * `String.replaceAll` and `replaceFirst`: `$1` and `${name}` in the replacement are groups, a backslash takes the next character as it is.
 *
 * @throws TemplateError for a group that the pattern doesn't have
 */
export function replacePattern(text: string, source: string, replacement: string, all: boolean): string {
  const pattern = javaPattern(source);
  if (!pattern.test(text)) return text;
  pattern.lastIndex = 0;
  const expand = compileReplacement(replacement);
  let result = '';
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    result += text.slice(from, match.index) + expand(match);
    from = match.index + match[0].length;
    if (!all) break;
  }
  return result + text.slice(from);
}

function compileReplacement(replacement: string): (match: RegExpExecArray) => string {
  if (!/[\\$]/.test(replacement)) return () => replacement;
  const parts = [...replacement.matchAll(/\\(.)|\$(\d)|\$\{(\w+)\}|([^\\$]+)|[\\$]/gs)];
  return (match) =>
    parts
      .map(([, escaped, number, name, literal]) => {
        if (escaped !== undefined || literal !== undefined) return escaped ?? literal ?? '';
        if (number !== undefined && Number(number) < match.length) return match[Number(number)] ?? '';
        if (name !== undefined && match.groups && name in match.groups) return match.groups[name] ?? '';
        throw new TemplateError(
          `The replacement ${replacement} names a group that the regular expression doesn't have.`,
        );
      })
      .join('');
}

/** `String.split`: without the empty strings at the end, unless a limit says so. */
export function splitByPattern(text: string, source: string, limit = 0): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(javaPattern(source))) {
    if (limit > 0 && parts.length === limit - 1) break;
    // Java: a match of no characters at the beginning doesn't make an empty string.
    if (match.index + match[0].length === 0 || (match[0] === '' && match.index === text.length)) continue;
    parts.push(text.slice(from, match.index));
    from = match.index + match[0].length;
  }
  if (parts.length === 0) return [text];
  parts.push(text.slice(from));
  if (limit === 0) while (parts.at(-1) === '') parts.pop();
  return parts;
}

/**
 * Compiles a selection pattern: a regular expression of Java's that must match the whole text. Java's own ways to write it are translated:
 * flags in front (`(?is)`), `\Q…\E`, `\A`, `\z`, `\Z` and the classes `\p{Alpha}` …; `.` stops at line ends, as in Java.
 *
 * Source: Amazon API Gateway Developer Guide, "Set up an integration response in API Gateway"; java.util.regex.Pattern.
 *
 * @returns `undefined` when JavaScript has no such expression
 */
export function compileSelectionPattern(pattern: string): RegExp | undefined {
  const [lead = '', flags = ''] = /^\(\?([ims]+)\)/.exec(pattern) ?? [];
  const source = pattern
    .slice(lead.length)
    .replace(/\\Q(.*?)(?:\\E|$)/gs, (_, quoted: string) => quoted.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    .replace(/\\([AZz])/g, (_, anchor: string) => (anchor === 'A' ? '^' : '$'))
    .replace(/(\[[^\]]*)?\\p\{(\w+)\}/g, (whole: string, inClass: string | undefined, name: string) => {
      const characters = Object.hasOwn(POSIX, name) ? POSIX[name] : undefined;
      if (characters === undefined) return whole;
      return inClass === undefined ? `[${characters}]` : `${inClass}${characters}`;
    });
  // `\p{L}` needs the mode `u`, in which other escapes that Java allows are errors.
  for (const mode of source.includes('\\p{') ? ['u', ''] : ['']) {
    try {
      return new RegExp(`^(?:${source})$`, flags + mode);
    } catch {
      // Tried without the mode, then given up.
    }
  }
  return undefined;
}
