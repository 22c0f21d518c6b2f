import { TemplateError } from '#local/vtl/limits.ts';
import { positionOf } from '#local/vtl/syntax/lexer.ts';
import type { Statement } from '#local/vtl/syntax/nodes.ts';
import { type DirectiveNames, parseTemplate } from '#local/vtl/syntax/parse-template.ts';
import type { Span } from '#local/vtl/syntax/token.ts';
import type { Output } from './rendering.ts';
import type { Scope } from './scope.ts';

export type Render = (scope: Scope, out: Output) => void;

interface Macro {
  readonly parameters: readonly string[];
  readonly body: Render;
}

/** The macros of a template; those that `#evaluate` declares are one rendering's alone. Of two with one name the first one counts. */
export class Macros {
  readonly #macros = new Map<string, Macro>();
  readonly #inherited: Macros | undefined;

  constructor(inherited?: Macros) {
    this.#inherited = inherited;
  }

  get(name: string): Macro | undefined {
    return this.#macros.get(name) ?? this.#inherited?.get(name);
  }

  add(name: string, macro: Macro): void {
    if (!this.get(name)) this.#macros.set(name, macro);
  }
}

/** A text that is being compiled: a template, the inside of a string, or what `#evaluate` is given. */
export class Compilation implements DirectiveNames {
  readonly macros: Macros;
  readonly statements: readonly Statement[];
  readonly #source: string;
  readonly #declared: Set<string>;

  /** @throws TemplateError when it isn't a template */
  constructor(source: string, macros: Macros, declared = new Set<string>()) {
    this.macros = macros;
    this.#source = source;
    this.#declared = declared;
    this.statements = parseTemplate(source, this);
  }

  /** A text within this one, with the same macros. @throws TemplateError when it isn't a template */
  nested(source: string): Compilation {
    return new Compilation(source, this.macros, this.#declared);
  }

  isMacro(name: string): boolean {
    return this.macros.get(name) !== undefined;
  }

  isDeclared(name: string): boolean {
    return this.#declared.has(name) || this.isMacro(name);
  }

  declare(name: string): void {
    this.#declared.add(name);
  }

  /** Line and column. */
  place(offset: number): string {
    return positionOf(this.#source, offset);
  }

  error(what: string, { first }: Span): TemplateError {
    return new TemplateError(`The mapping template isn't valid: ${what} (${this.place(first.offset)}).`);
  }

  /** Says of what failed while it was rendered where that is. */
  locate(error: unknown, offset: number): unknown {
    if (!(error instanceof TemplateError) || error.message.includes('(line ')) return error;
    return new TemplateError(`${error.message.replace(/\.$/, '')} (${this.place(offset)}).`, {
      cause: error,
    });
  }
}
