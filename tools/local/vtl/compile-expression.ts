import { compileBody } from './compile-node.ts';
import { compileReference } from './compile-reference.ts';
import type { Frame } from './frame.ts';
import { bounded, MAX_LOOP_ROUNDS, TemplateError } from './limits.ts';
import { evaluateOperator, isTrue } from './operators.ts';
import type { Expression, Operator } from './syntax.ts';

import { type JavaMap, setEntry, type Value } from './values.ts';

export type Evaluate = (frame: Frame) => Value;

export function compileExpression(expression: Expression): Evaluate {
  switch (expression.kind) {
    case 'literal':
      return () => expression.value;
    case 'reference':
      return compileReference(expression);
    case 'interpolation': {
      const render = compileBody(expression.parts);
      return (frame) => bounded(render(frame));
    }
    case 'list': {
      const items = expression.items.map(compileExpression);
      return (frame) => items.map((item) => item(frame));
    }
    case 'map':
      return compileMap(expression.entries);
    case 'range':
      return compileRange(compileExpression(expression.from), compileExpression(expression.to));
    case 'operation':
      return compileOperation(expression.operator, expression.operands.map(compileExpression));
  }
}

function compileMap(source: readonly (readonly [string, Expression])[]): Evaluate {
  const entries = source.map(([key, value]) => [key, compileExpression(value)] as const);
  return (frame) => {
    const map: JavaMap = {};
    for (const [key, value] of entries) setEntry(map, key, value(frame));
    return map;
  };
}

function compileRange(from: Evaluate, to: Evaluate): Evaluate {
  return (frame) => {
    const [first, last] = [from(frame), to(frame)];
    if (typeof first !== 'number' || typeof last !== 'number') return undefined;
    const length = Math.abs(last - first) + 1;
    if (!(length <= MAX_LOOP_ROUNDS))
      throw new TemplateError(`A range has ${length} elements, ${MAX_LOOP_ROUNDS} at most are allowed.`);
    const step = last < first ? -1 : 1;
    return Array.from({ length }, (_, at) => first + at * step);
  };
}

function compileOperation(operator: Operator, [left, right]: readonly Evaluate[]): Evaluate {
  if (!left) throw new TemplateError(`The operator ${operator} has nothing to work on.`);
  if (operator === 'parenthesis') return left;
  if (operator === 'not') return (frame) => !isTrue(left(frame));
  if (!right) throw new TemplateError(`The operator ${operator} needs two sides.`);
  if (operator === '&&') return (frame) => isTrue(left(frame)) && isTrue(right(frame));
  if (operator === '||') return (frame) => isTrue(left(frame)) || isTrue(right(frame));
  return (frame) => evaluateOperator(operator, left(frame), right(frame));
}
