import { ExpressionError } from '#local/terraform/addressed-error.ts';
import type { Value } from '#local/terraform/expression/value.ts';

export interface FunctionContext {
  /** Absolute folder that relative paths start from. */
  readonly folder: string;
}

/** A Terraform function of evaluated arguments, which are checked to be neither too few nor too many before the call. */
export interface TerraformFunction {
  readonly min: number;
  readonly max: number;
  call(args: readonly Value[], context: FunctionContext): Value;
}

export type FunctionTable = Readonly<Record<string, TerraformFunction>>;

export function unary(call: (value: Value, context: FunctionContext) => Value): TerraformFunction {
  return { min: 1, max: 1, call: (args, context) => call(argument(args, 0), context) };
}

export function binary(call: (first: Value, second: Value) => Value): TerraformFunction {
  return { min: 2, max: 2, call: (args) => call(argument(args, 0), argument(args, 1)) };
}

export function ternary(call: (first: Value, second: Value, third: Value) => Value): TerraformFunction {
  return { min: 3, max: 3, call: (args) => call(argument(args, 0), argument(args, 1), argument(args, 2)) };
}

/** A function of `min` or more arguments. */
export function variadic(min: number, call: (args: readonly Value[]) => Value, max = Number.POSITIVE_INFINITY) {
  return { min, max, call } satisfies TerraformFunction;
}

function argument(args: readonly Value[], position: number): Value {
  const value = args[position];
  if (value === undefined) throw new ExpressionError(`argument ${position + 1} is missing`);
  return value;
}
