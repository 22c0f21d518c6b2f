import { compareNumbers, compute } from '#local/vtl/java/arithmetic.ts';
import { JavaList, JavaMap } from '#local/vtl/java/collections.ts';
import { isNumber, JavaDouble, toInt, wholeNumber } from '#local/vtl/java/numbers.ts';
import { textOf, type Value } from '#local/vtl/java/value.ts';
import { bounded, MAX_LOOP_ROUNDS, TemplateError } from '#local/vtl/limits.ts';
import type { Argument, Expression } from '#local/vtl/syntax/nodes.ts';
import type { Operator } from '#local/vtl/syntax/token.ts';
import { Block } from './block.ts';
import { compileReference } from './compile-reference.ts';
import { compileString } from './compile-string.ts';
import { isSame } from './equality.ts';
import type { Compilation } from './macros.ts';
import type { Scope } from './scope.ts';

export type Evaluate = (scope: Scope) => Value;
type Test = (scope: Scope) => boolean;

/** A directive's argument: a bare word has no value. */
export function compileArgument(argument: Argument, compilation: Compilation): Evaluate {
  return argument.kind === 'word' ? () => null : compileExpression(argument, compilation);
}

/** @throws TemplateError for a string that isn't a template */
export function compileExpression(expression: Expression, compilation: Compilation): Evaluate {
  switch (expression.kind) {
    case 'reference':
      return compileReference(expression, compilation);
    case 'string':
      return compileString(expression, compilation);
    case 'integer': {
      const value = wholeNumber(BigInt(expression.image));
      return () => value;
    }
    case 'decimal': {
      const value = new JavaDouble(Number(expression.image));
      return () => value;
    }
    case 'boolean':
    case 'not':
      return compileTruth(expression, compilation);
    case 'list': {
      const items = expression.items.map((item) => compileExpression(item, compilation));
      return (scope) => new JavaList(items.map((item) => item(scope)));
    }
    case 'map': {
      const entries = expression.entries.map((pair) => pair.map((part) => compileExpression(part, compilation)));
      return (scope) => {
        const map = new JavaMap();
        for (const [key, value] of entries) map.put(key?.(scope) ?? null, value?.(scope) ?? null);
        return map;
      };
    }
    case 'range':
      return compileRange(
        compileExpression(expression.from, compilation),
        compileExpression(expression.to, compilation),
      );
    case 'binary':
      return compileOperation(expression, compilation);
  }
}

/**
 * What `#if` takes for true: a Boolean's value, and any other value of a reference that isn't null. A literal that is no Boolean, a list, a
 * map or the result of a calculation is false.
 *
 * Source: Apache Velocity Engine 1.7, the `evaluate` methods of its nodes.
 */
export function compileTruth(expression: Expression, compilation: Compilation): Test {
  switch (expression.kind) {
    case 'boolean':
      return () => expression.value;
    case 'not': {
      const operand = compileTruth(expression.operand, compilation);
      return (scope) => !operand(scope);
    }
    case 'reference': {
      const evaluate = compileReference(expression, compilation);
      return (scope) => isTrue(evaluate(scope));
    }
    case 'binary': {
      const test = compileTest(expression, compilation);
      if (test) return test;
    }
  }
  compileExpression(expression, compilation);
  return () => false;
}

function isTrue(value: Value): boolean {
  if (value instanceof Block) return value.toText() !== null;
  return typeof value === 'boolean' ? value : value !== null;
}

function compileRange(from: Evaluate, to: Evaluate): Evaluate {
  return (scope) => {
    const [first, last] = [from(scope), to(scope)];
    if (!isNumber(first) || !isNumber(last)) return null;
    const [start, end] = [toInt(first), toInt(last)];
    const length = Math.abs(end - start) + 1;
    if (length > MAX_LOOP_ROUNDS)
      throw new TemplateError(`A range has ${length} elements, ${MAX_LOOP_ROUNDS} at most are allowed.`);
    const step = end < start ? -1 : 1;
    return new JavaList(Array.from({ length }, (_, at) => start + at * step));
  };
}

type Binary = Extract<Expression, { kind: 'binary' }>;

const ARITHMETIC = { PLUS: '+', MINUS: '-', MULTIPLY: '*', DIVIDE: '/', MODULUS: '%' } as const;

function isArithmetic(operator: Operator): operator is keyof typeof ARITHMETIC {
  return Object.hasOwn(ARITHMETIC, operator);
}

function compileOperation(expression: Binary, compilation: Compilation): Evaluate {
  const { operator } = expression;
  if (!isArithmetic(operator)) return compileTest(expression, compilation) ?? (() => null);
  const [left, right] = [
    compileExpression(expression.left, compilation),
    compileExpression(expression.right, compilation),
  ];
  const symbol = ARITHMETIC[operator];
  return (scope) => {
    const [a, b] = [left(scope), right(scope)];
    if (isNumber(a) && isNumber(b)) return compute(symbol, a, b);
    // A side without a value is printed as nothing, as it is elsewhere on API Gateway.
    if (symbol !== '+' || (typeof a !== 'string' && typeof b !== 'string')) return null;
    return bounded((a === null ? '' : textOf(a)) + (b === null ? '' : textOf(b)));
  };
}

/** Logic and comparisons; `undefined` for arithmetic. A comparison with what isn't a number is false. */
function compileTest({ operator, left, right }: Binary, compilation: Compilation): Test | undefined {
  switch (operator) {
    case 'LOGICAL_AND':
    case 'LOGICAL_OR': {
      const [a, b] = [compileTruth(left, compilation), compileTruth(right, compilation)];
      return operator === 'LOGICAL_AND' ? (scope) => a(scope) && b(scope) : (scope) => a(scope) || b(scope);
    }
    case 'LOGICAL_EQUALS':
    case 'LOGICAL_NOT_EQUALS':
      return compileEquality(left, right, operator === 'LOGICAL_EQUALS', compilation);
    case 'LOGICAL_LT':
      return compileOrder(left, right, (order) => order < 0, compilation);
    case 'LOGICAL_LE':
      return compileOrder(left, right, (order) => order <= 0, compilation);
    case 'LOGICAL_GT':
      return compileOrder(left, right, (order) => order > 0, compilation);
    case 'LOGICAL_GE':
      return compileOrder(left, right, (order) => order >= 0, compilation);
    default:
      return undefined;
  }
}

function compileOrder(
  left: Expression,
  right: Expression,
  test: (order: number) => boolean,
  compilation: Compilation,
): Test {
  const [a, b] = [compileExpression(left, compilation), compileExpression(right, compilation)];
  return (scope) => {
    const [x, y] = [a(scope), b(scope)];
    return isNumber(x) && isNumber(y) && test(compareNumbers(x, y));
  };
}

/**
 * On API Gateway null equals an empty text, where Velocity finds them different.
 *
 * Source: recorded on AWS: `#set($none = $input.path('$.absent'))#if($none == "")` is true.
 */
function compileEquality(left: Expression, right: Expression, expected: boolean, compilation: Compilation): Test {
  const [a, b] = [compileExpression(left, compilation), compileExpression(right, compilation)];
  return (scope) => isSame(a(scope) ?? '', b(scope) ?? '') === expected;
}
