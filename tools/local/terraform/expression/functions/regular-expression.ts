import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { toText } from '#local/terraform/expression/convert.ts';
import type { Value } from '#local/terraform/expression/value.ts';
import { binary, type FunctionTable, ternary } from './function-definition.ts';

/** Source: Terraform, "regex", "regexall" and "replace". Patterns are RE2's, as far as JavaScript knows them. */
export const regularExpressionFunctions: FunctionTable = {
  regex: binary((pattern, text) => {
    const match = compile(toText(pattern), '').exec(toText(text));
    if (!match)
      throw new ExpressionError(`${JSON.stringify(toText(text))} doesn't match the pattern ${toText(pattern)}`);
    return captured(match);
  }),
  regexall: binary((pattern, text) => [...toText(text).matchAll(compile(toText(pattern), 'g'))].map(captured)),
  replace: ternary((text, search, replacement) => replace(toText(text), toText(search), toText(replacement))),
};

/** The whole match, or the list of groups, or the object of named groups. */
function captured(match: RegExpExecArray): Value {
  if (match.groups) return Object.fromEntries(Object.entries(match.groups).map(([name, text]) => [name, text ?? null]));
  return match.length === 1 ? match[0] : match.slice(1).map((text) => text ?? null);
}

function replace(text: string, search: string, replacement: string): string {
  if (search.length < 2 || !search.startsWith('/') || !search.endsWith('/'))
    return text.replaceAll(search, () => replacement);
  const pattern = compile(search.slice(1, -1), 'g');
  return text.replace(pattern, (...found) => {
    const last: unknown = found.at(-1);
    const named: Readonly<Record<string, unknown>> = typeof last === 'object' && last !== null ? { ...last } : {};
    return replacement.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (reference, braced?: string, bare?: string) => {
      const name = braced ?? bare;
      if (name === undefined) return reference === '$$' ? '$' : reference;
      const group: unknown = /^\d+$/.test(name) ? found[Number(name)] : named[name];
      return typeof group === 'string' ? group : '';
    });
  });
}

function compile(pattern: string, flags: string): RegExp {
  const inline = /^\(\?([ims]+)\)/.exec(pattern);
  const source = pattern
    .slice(inline?.[0].length ?? 0)
    .replaceAll('(?P<', '(?<')
    .replaceAll('\\z', '$')
    .replaceAll('\\A', '^');
  try {
    return new RegExp(source, `u${flags}${inline?.[1] ?? ''}`);
  } catch (error) {
    throw new ExpressionError(`got the pattern ${pattern}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
