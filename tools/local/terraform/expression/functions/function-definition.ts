import { ExpressionError } from '#local/terraform/addressed-error.ts';
import type { Scope } from '#local/terraform/expression/scope.ts';
import type { Expression } from '#local/terraform/expression/syntax/syntax.ts';
import type { BigFloat } from '#local/terraform/expression/value/big-float.ts';
import { convert, toNumber, toText } from '#local/terraform/expression/value/convert.ts';
import { numberText } from '#local/terraform/expression/value/number-text.ts';
import { listOf, setOf, type Type } from '#local/terraform/expression/value/type.ts';
import { isNull, Mapping, Sequence, type Value } from '#local/terraform/expression/value/value.ts';

export interface FunctionContext extends Pick<Scope, 'folder'> {
  /** Evaluates a template of a file with only these names. */
  readonly render: (template: Expression, names: ReadonlyMap<string, Value>) => Value;
}

/** A Terraform function of evaluated arguments, which are checked to be neither too few nor too many before the call. */
export interface TerraformFunction {
  readonly min: number;
  readonly max: number;
  call(args: readonly Value[], context: FunctionContext): Value;
}

export type FunctionTable = Readonly<Record<string, TerraformFunction>>;

/** How an argument is read: converted to the type that the function declares. */
export type Parameter<T> = (value: Value) => T;

/** A value of any type, null included. */
export const anyOrNull: Parameter<Value> = (value) => value;

/** A value of any type but null. */
export const any: Parameter<Value> = (value) => {
  if (isNull(value)) throw new ExpressionError('an argument must not be null');
  return value;
};

export const text: Parameter<string> = (value) => toText(any(value));
export const number: Parameter<BigFloat> = (value) => toNumber(any(value));

/** A whole number that Go's `int` can hold. */
export const whole: Parameter<number> = (value) => {
  const given = number(value);
  if (!given.isWhole || given.truncate() > 2n ** 63n - 1n || given.truncate() < -(2n ** 63n)) {
    throw new ExpressionError(`got ${numberText(given)}; a whole number of at most 64 bits is needed`);
  }
  return given.toNumber();
};

/** A floating-point number. */
export const float: Parameter<number> = (value) => number(value).toNumber();

/** A list of elements of one type, which is found out where it is `dynamic`. */
export function list(element: Type): Parameter<Sequence> {
  return sequence(listOf(element));
}

export function set(element: Type): Parameter<Sequence> {
  return sequence(setOf(element));
}

function sequence(type: Type): Parameter<Sequence> {
  return (value) => {
    const converted = convert(any(value), type);
    if (converted instanceof Sequence) return converted;
    throw new ExpressionError('a list is needed');
  };
}

export function map(element: Type): Parameter<Mapping> {
  return (value) => {
    const converted = convert(any(value), { kind: 'map', element });
    if (converted instanceof Mapping) return converted;
    throw new ExpressionError('a map is needed');
  };
}

export function unary<A>(first: Parameter<A>, call: (first: A, context: FunctionContext) => Value): TerraformFunction {
  return { min: 1, max: 1, call: (args, context) => call(first(argument(args, 0)), context) };
}

export function binary<A, B>(
  first: Parameter<A>,
  second: Parameter<B>,
  call: (first: A, second: B, context: FunctionContext) => Value,
): TerraformFunction {
  return {
    min: 2,
    max: 2,
    call: (args, context) => call(first(argument(args, 0)), second(argument(args, 1)), context),
  };
}

export function ternary<A, B, C>(
  first: Parameter<A>,
  second: Parameter<B>,
  third: Parameter<C>,
  call: (first: A, second: B, third: C) => Value,
): TerraformFunction {
  return {
    min: 3,
    max: 3,
    call: (args) => call(first(argument(args, 0)), second(argument(args, 1)), third(argument(args, 2))),
  };
}

/** A function of `min` or more arguments, all of one kind. */
export function variadic<A>(
  min: number,
  each: Parameter<A>,
  call: (args: readonly A[]) => Value,
  max = Number.POSITIVE_INFINITY,
): TerraformFunction {
  return { min, max, call: (args) => call(args.map(each)) };
}

/** A function of one argument and any number of another kind. */
export function leading<A, B>(
  first: Parameter<A>,
  each: Parameter<B>,
  call: (first: A, rest: readonly B[]) => Value,
): TerraformFunction {
  return {
    min: 1,
    max: Number.POSITIVE_INFINITY,
    call: (args) => call(first(argument(args, 0)), args.slice(1).map(each)),
  };
}

function argument(args: readonly Value[], position: number): Value {
  const value = args[position];
  if (value === undefined) throw new ExpressionError(`argument ${position + 1} is missing`);
  return value;
}
