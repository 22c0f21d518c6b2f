import type { Operator, Span } from './token.ts';

/** What a template consists of. */
export type Statement =
  | { readonly kind: 'text'; readonly text: string }
  | Reference
  | { readonly kind: 'set'; readonly target: Reference; readonly value: Expression }
  | { readonly kind: 'if'; readonly branches: readonly Branch[] }
  | Directive;

/** Without a condition: `#else`. */
export interface Branch {
  readonly condition: Expression | undefined;
  readonly body: readonly Statement[];
}

/** `#name(…)` of any name but those that the grammar itself knows; a macro's call, too. */
export interface Directive extends Span {
  readonly kind: 'directive';
  readonly name: string;
  /** `undefined`: there are no parentheses. */
  readonly args: readonly Argument[] | undefined;
  /** Up to `#end`, where the directive has one. */
  readonly body: readonly Statement[] | undefined;
  /** What the body is written as; `undefined`: nothing. */
  readonly block: Span | undefined;
}

/** A bare word is one of a directive's only. */
export type Argument = Expression | ({ readonly kind: 'word'; readonly word: string } & Span);

export type Expression = Reference | Literal | Collection | Operation;

type Literal = Span &
  (
    | { readonly kind: 'string'; readonly image: string }
    | { readonly kind: 'integer' | 'decimal'; readonly image: string }
    | { readonly kind: 'boolean'; readonly value: boolean }
  );

type Collection = Span &
  (
    | { readonly kind: 'range'; readonly from: Expression; readonly to: Expression }
    | { readonly kind: 'list'; readonly items: readonly Expression[] }
    | { readonly kind: 'map'; readonly entries: readonly (readonly [Expression, Expression])[] }
  );

type Operation = Span &
  (
    | { readonly kind: 'not'; readonly operand: Expression }
    | { readonly kind: 'binary'; readonly operator: Operator; readonly left: Expression; readonly right: Expression }
  );

export interface Reference extends Span {
  readonly kind: 'reference';
  /** The variable. */
  readonly root: string;
  readonly steps: readonly Step[];
  /** Printed before it: half of its backslashes. */
  readonly slashes: string;
  /** Printed before it, unless it is escaped: other `$` and `#` signs that it was read with. */
  readonly before: string;
  /** `\$x`: prints its own source, with the backslash where it has no value. */
  readonly escaped: boolean;
  /** Its source without escapes, as an escaped one prints it. */
  readonly source: string;
  /** A word without `$` (`$x.m(word)`), or `$\!x`: has no value, and prints `source`. */
  readonly inert: boolean;
}

export type Step =
  | { readonly kind: 'property'; readonly name: string; readonly offset: number }
  | { readonly kind: 'method'; readonly name: string; readonly args: readonly Expression[]; readonly offset: number }
  | { readonly kind: 'index'; readonly at: Expression; readonly offset: number };
