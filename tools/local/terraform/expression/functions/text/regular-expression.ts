import { RE2JS } from 're2js';
import { ExpressionError } from '#local/terraform/addressed-error.ts';
import {
  binary,
  type FunctionTable,
  ternary,
  text,
} from '#local/terraform/expression/functions/function-definition.ts';
import { normalText } from '#local/terraform/expression/value/text.ts';
import { objectOf, type Type } from '#local/terraform/expression/value/type.ts';
import { Mapping, Null, Sequence, type Value } from '#local/terraform/expression/value/value.ts';

/** Source: Terraform, "regex", "regexall" and "replace". Patterns are RE2's, which match in linear time. */
export const regularExpressionFunctions: FunctionTable = {
  regex: binary(text, text, (pattern, given) => {
    const expression = compile(pattern);
    const names = groupNames(expression);
    const [first] = findAll(expression, given, 1);
    if (!first) throw new ExpressionError(`${JSON.stringify(given)} doesn't match the pattern ${pattern}`);
    return captured(first, names);
  }),
  regexall: binary(text, text, (pattern, given) => {
    const expression = compile(pattern);
    const names = groupNames(expression);
    return Sequence.list(
      resultType(names),
      findAll(expression, given).map((match) => captured(match, names)),
    );
  }),
  replace: ternary(text, text, text, replace),
};

interface Match {
  readonly start: number;
  readonly end: number;
  /** The whole, and each group. */
  readonly groups: readonly (string | undefined)[];
}

/** Names of the groups, empty for those without one. */
type Names = readonly string[];

function compile(pattern: string): RE2JS {
  // Not RE2's, though the library knows them.
  if (/\(\?<[=!]/.test(pattern.replace(/\\./gs, ''))) {
    throw new ExpressionError(`got the pattern ${pattern}: lookbehind is no syntax of RE2`);
  }
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new ExpressionError(`got the pattern ${pattern}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function groupNames(expression: RE2JS): Names {
  const named = Object.entries(expression.namedGroups());
  const names = Array.from({ length: expression.groupCount() }, () => '');
  for (const [name, group] of named) names[group - 1] = name;
  if (named.length > 0 && names.includes('')) {
    throw new ExpressionError('got a pattern with named and unnamed groups; all or none must have a name');
  }
  return names;
}

function resultType(names: Names): Type {
  if (names.length === 0) return 'string';
  if (names[0] === '') return { kind: 'tuple', elements: names.map(() => 'string') };
  return objectOf(names.map((name) => [name, 'string'] as const));
}

/** The whole match, or a tuple of groups, or an object of named groups. */
function captured({ groups }: Match, names: Names): Value {
  const values = groups.map((group) => (group === undefined ? new Null('string') : normalText(group)));
  if (names.length === 0) return values[0] ?? '';
  if (names[0] === '') return Sequence.tuple(values.slice(1));
  return Mapping.object(names.map((name, position) => [name, values[position + 1] ?? ''] as const));
}

/** An empty match right behind another doesn't count. Source: Go, `regexp`. */
function findAll(expression: RE2JS, given: string, most = Number.POSITIVE_INFINITY): readonly Match[] {
  const matcher = expression.matcher(given);
  const matches: Match[] = [];
  while (matches.length < most && matcher.find()) {
    const [start, end] = [matcher.start(), matcher.end()];
    if (start === end && matches.at(-1)?.end === start) continue;
    const groups = Array.from({ length: expression.groupCount() + 1 }, (_, group) => matcher.group(group) ?? undefined);
    matches.push({ start, end, groups });
  }
  return matches;
}

function replace(given: string, search: string, replacement: string): string {
  if (search.length < 2 || !search.startsWith('/') || !search.endsWith('/')) {
    if (search !== '') return normalText(given.replaceAll(search, () => replacement));
    return normalText(replacement + Array.from(given, (character) => character + replacement).join(''));
  }
  const expression = compile(search.slice(1, -1));
  const names = expression.namedGroups();
  let written = '';
  let position = 0;
  for (const { start, end, groups } of findAll(expression, given)) {
    written += given.slice(position, start) + expand(replacement, groups, names);
    position = end;
  }
  return normalText(written + given.slice(position));
}

/** Source: Go, `Regexp.Expand`: a name is as long as it can be, and one that means nothing is empty. */
function expand(replacement: string, groups: Match['groups'], names: Readonly<Record<string, number>>): string {
  return replacement.replace(
    /\$(?:\$|\{([\p{L}\p{Nd}_]+)\}|([\p{L}\p{Nd}_]+))/gu,
    (reference, braced?: string, bare?: string) => {
      const name = braced ?? bare;
      if (name === undefined) return reference === '$$' ? '$' : reference;
      const group = /^\d+$/.test(name) ? Number(name) : Object.hasOwn(names, name) ? (names[name] ?? -1) : -1;
      return groups[group] ?? '';
    },
  );
}
