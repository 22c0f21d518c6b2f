import { normalText } from '#local/terraform/expression/value/text.ts';
import type { Scanner } from './scanner.ts';
import type { Expression } from './syntax.ts';

/** Part of a template as it is written, before directives find their ends. */
export type TemplateToken =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'interpolation'; readonly expression: Expression }
  | { readonly kind: 'if'; readonly condition: Expression; readonly start: number }
  | {
      readonly kind: 'for';
      readonly keyName?: string;
      readonly valueName: string;
      readonly collection: Expression;
      readonly start: number;
    }
  | { readonly kind: 'else' | 'endfor' | 'endif'; readonly start: number };

/**
 * @returns a literal when nothing is interpolated; the expression itself when the template is one interpolation and nothing else; else a
 * template
 * @throws ExpressionError when directives do not match
 */
export function buildTemplate(tokens: readonly TemplateToken[], scanner: Scanner): Expression {
  const [first] = tokens;
  if (tokens.length === 1 && first?.kind === 'interpolation') return first.expression;
  const tree = new TreeBuilder(tokens, scanner);
  return template(tree.parts([]));
}

class TreeBuilder {
  readonly #tokens: readonly TemplateToken[];
  readonly #scanner: Scanner;
  #next = 0;

  constructor(tokens: readonly TemplateToken[], scanner: Scanner) {
    this.#tokens = tokens;
    this.#scanner = scanner;
  }

  /** Parts up to one of these directives, which is left; up to the end where there are none. */
  parts(ends: readonly TemplateToken['kind'][]): (Expression | string)[] {
    const parts: (Expression | string)[] = [];
    for (;;) {
      const token = this.#tokens[this.#next];
      if (!token) {
        if (ends.length === 0) return parts;
        throw this.#scanner.errorAt(this.#scanner.text.length, `a template ends before its %{ ${ends.at(-1)} }`);
      }
      if (ends.includes(token.kind)) return parts;
      this.#next += 1;
      parts.push(this.#part(token));
    }
  }

  #part(token: TemplateToken): Expression | string {
    switch (token.kind) {
      case 'literal':
        return token.text;
      case 'interpolation':
        return token.expression;
      case 'if':
        return this.#conditional(token.condition);
      case 'for': {
        const value = template(this.parts(['endfor']));
        this.#next += 1;
        const { kind, start: _, ...names } = token;
        return { kind: 'join', tuple: { kind, ...names, value, group: false } };
      }
      default:
        throw this.#scanner.errorAt(token.start, `got %{ ${token.kind} } without its beginning`);
    }
  }

  #conditional(condition: Expression): Expression {
    const then = template(this.parts(['else', 'endif']));
    const end = this.#tokens[this.#next];
    this.#next += 1;
    if (end?.kind !== 'else') return { kind: 'conditional', condition, then, otherwise: template([]) };
    const otherwise = template(this.parts(['endif']));
    this.#next += 1;
    return { kind: 'conditional', condition, then, otherwise };
  }
}

function template(parts: readonly (Expression | string)[]): Expression {
  const merged: (Expression | string)[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (typeof part === 'string' && typeof last === 'string') merged[merged.length - 1] = last + part;
    else merged.push(part);
  }
  if (merged.length > 1 || typeof merged[0] === 'object') return { kind: 'template', parts: merged };
  return { kind: 'literal', value: normalText(merged[0] ?? '') };
}
