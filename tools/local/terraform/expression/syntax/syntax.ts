import type { Value } from '#local/terraform/expression/value/value.ts';

/** Syntax tree of a Terraform template or expression; the names are those of the HCL Native Syntax Specification. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: Value }
  /** Text and interpolations, concatenated to a string. */
  | { readonly kind: 'template'; readonly parts: readonly (Expression | string)[] }
  /** What a `%{ for }` directive gives: the texts of a tuple, concatenated. */
  | { readonly kind: 'join'; readonly tuple: Expression }
  /** A name in scope, with what is accessed on it: `aws_lambda_function.test.arn`. */
  | { readonly kind: 'reference'; readonly name: string; readonly accessors: readonly Accessor[] }
  /** Accessors on something that is not a name: `split("-", x)[0]`. */
  | { readonly kind: 'access'; readonly of: Expression; readonly accessors: readonly Accessor[] }
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly args: readonly Expression[];
      /** The last argument is followed by `...`: its elements are arguments. */
      readonly expandLast: boolean;
    }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly entries: readonly { readonly key: Expression; readonly value: Expression }[] }
  | ForExpression
  | {
      readonly kind: 'conditional';
      readonly condition: Expression;
      readonly then: Expression;
      readonly otherwise: Expression;
    }
  | { readonly kind: 'unary'; readonly operator: '!' | '-'; readonly operand: Expression }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    };

export interface ForExpression {
  readonly kind: 'for';
  readonly keyName?: string;
  readonly valueName: string;
  readonly collection: Expression;
  /** Present: the result is an object. */
  readonly key?: Expression;
  readonly value: Expression;
  readonly condition?: Expression;
  /** `value...`: the values of equal keys are gathered in a list. */
  readonly group: boolean;
}

export type Accessor =
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: 'index'; readonly key: Expression }
  /** `[*]` or `.*` with what follows and is applied to each element. */
  | { readonly kind: 'splat'; readonly each: readonly Accessor[] };

export type BinaryOperator = '!=' | '%' | '&&' | '*' | '+' | '-' | '/' | '<' | '<=' | '==' | '>' | '>=' | '||';
