import type { Accessor } from './syntax/syntax.ts';
import type { Value } from './value/value.ts';

/** What the names in an expression mean, and where its files are. */
export interface Scope {
  /**
   * The value that a name and its first accessors refer to.
   *
   * @returns the value and how many accessors are already applied
   * @throws ExpressionError when the name means nothing here
   */
  resolve(name: string, accessors: readonly Accessor[]): { readonly value: Value; readonly applied: number };
  /** Absolute folder that relative paths of `file()` and its kin start from. */
  readonly folder: string;
  /** What a call to a function is worth that Terraform itself does not have; it is refused where there is no such rule. */
  readonly unknownFunction?: (name: string) => Value;
}

/** The scope with some names of its own: the variables of a `for`, `each`, `count`. */
export function withNames(scope: Scope, values: Readonly<Record<string, Value>>): Scope {
  return {
    ...scope,
    resolve(name, accessors) {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      return value === undefined ? scope.resolve(name, accessors) : { value, applied: 0 };
    },
  };
}
