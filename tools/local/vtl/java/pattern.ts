import { TemplateError } from '#local/vtl/limits.ts';
import { translatePattern } from './translate-pattern.ts';

interface JavaPattern {
  /** Global, `lastIndex` 0. */
  readonly find: RegExp;
  readonly matchEntirely: RegExp;
  readonly groups: number;
  /** Numbers of the groups that have names. */
  readonly names: ReadonlyMap<string, number>;
}

const MAX_CACHED = 500;
const patterns = new Map<string, JavaPattern>();

/**
 * A Java regular expression, compiled once.
 *
 * @throws TemplateError for what Java refuses or JavaScript can't express
 */
function javaPattern(source: string): JavaPattern {
  let pattern = patterns.get(source);
  if (pattern === undefined) {
    if (patterns.size >= MAX_CACHED) patterns.clear();
    pattern = compile(source);
    patterns.set(source, pattern);
  }
  pattern.find.lastIndex = 0;
  return pattern;
}

function compile(source: string): JavaPattern {
  const { source: translated, groups, names } = translatePattern(source);
  try {
    return {
      find: new RegExp(translated, 'gv'),
      matchEntirely: new RegExp(`^(?:${translated})$`, 'v'),
      groups,
      names,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new TemplateError(`Not a regular expression: ${source} (${reason}).`);
  }
}

/** `String.matches`: the pattern matches the whole text. */
export function matchesEntirely(source: string, text: string): boolean {
  return javaPattern(source).matchEntirely.test(text);
}

/**
 * `String.replaceAll` and `replaceFirst`: `$1` and `${name}` in the replacement are groups, a backslash takes the next character as it is.
 *
 * @throws TemplateError for a group that the pattern doesn't have
 */
export function replacePattern(text: string, source: string, replacement: string, all: boolean): string {
  const pattern = javaPattern(source);
  if (!pattern.find.test(text)) return text;
  pattern.find.lastIndex = 0;
  const expand = compileReplacement(replacement, pattern);
  let result = '';
  let from = 0;
  for (const match of text.matchAll(pattern.find)) {
    result += text.slice(from, match.index) + expand(match);
    from = match.index + match[0].length;
    if (!all) break;
  }
  return result + text.slice(from);
}

function compileReplacement(replacement: string, { groups, names }: JavaPattern): (match: RegExpExecArray) => string {
  if (!/[\\$]/.test(replacement)) return () => replacement;
  const parts: (number | string)[] = [];
  const refuse = (what: string): never => {
    throw new TemplateError(`The replacement ${replacement} ${what}.`);
  };
  for (const [token, escaped, number, name] of replacement.matchAll(
    /\\(.)|\$(\d+)|\$\{([a-zA-Z][a-zA-Z0-9]*)\}|[^\\$]+|[\\$]/gsu,
  )) {
    if (escaped !== undefined) parts.push(escaped);
    else if (number !== undefined)
      parts.push(...(readGroupNumber(number, groups) ?? refuse(`names group ${number}, of ${groups}`)));
    else if (name !== undefined) parts.push(names.get(name) ?? refuse(`names the group ${name}, which there is not`));
    else parts.push(/^[\\$]$/.test(token) ? refuse(`has a ${token} with nothing behind it`) : token);
  }
  return (match) => parts.map((part) => (typeof part === 'string' ? part : groupOf(match, part))).join('');
}

/** As many digits as make a group that there is; the others stand for themselves. */
function readGroupNumber(digits: string, groups: number): [group: number, rest: string] | undefined {
  let length = 1;
  while (length < digits.length && Number(digits.slice(0, length + 1)) <= groups) length += 1;
  const group = Number(digits.slice(0, length));
  return group > groups ? undefined : [group, digits.slice(length)];
}

function groupOf(match: RegExpExecArray, group: number): string {
  return (group === 0 ? match[0] : match.groups?.[`g${group}`]) ?? '';
}

/** `String.split`: without the empty strings at the end, unless a limit says so. */
export function splitByPattern(text: string, source: string, limit = 0): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(javaPattern(source).find)) {
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
 * Compiles a selection pattern: a regular expression of Java's that must match the whole text.
 *
 * Source: Amazon API Gateway Developer Guide, "Set up an integration response in API Gateway"; java.util.regex.Pattern.
 *
 * @returns `undefined` when Java or JavaScript has no such expression
 */
export function compileSelectionPattern(pattern: string): RegExp | undefined {
  try {
    return javaPattern(pattern).matchEntirely;
  } catch (error) {
    if (error instanceof TemplateError) return undefined;
    throw error;
  }
}
