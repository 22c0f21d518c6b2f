import { ExpressionError, isTolerable } from '#local/terraform/addressed-error.ts';
import { DuplicateKeyError } from './evaluate-for.ts';
import type { Expression } from './syntax/syntax.ts';
import { convert, toBool, toText } from './value/convert.ts';
import { friendlyName, objectOf, type Type } from './value/type.ts';
import { unify } from './value/unify.ts';
import { isNull, Null, Placeholder, Sensitive, Sequence, typeOf, type Value } from './value/value.ts';

type Conditional = Extract<Expression, { kind: 'conditional' }>;
type Evaluate = (expression: Expression) => Value;

/**
 * Both results are evaluated, since each decides on the type of the whole; a failure of the one not chosen counts for nothing.
 * Source: HCL, `ConditionalExpr`.
 */
export function evaluateConditional(expression: Conditional, evaluate: Evaluate): Value {
  const results = [attempt(expression.then, evaluate), attempt(expression.otherwise, evaluate)] as const;
  const type = commonType(results[0], results[1]);
  const condition = evaluate(expression.condition);
  const plain = condition instanceof Sensitive ? condition.value : condition;
  if (isNull(plain)) throw new ExpressionError('the condition is null; it must be true or false');
  const chosen = results[toBool(plain) ? 0 : 1];
  if (chosen.value === undefined) throw chosen.error;
  const value = withType(chosen.value, type);
  return condition instanceof Sensitive ? new Sensitive(value) : value;
}

function withType(value: Value, type: Type): Value {
  return isNull(value) && value.type === 'dynamic' ? new Null(type) : convert(value, type);
}

type Attempt =
  | { readonly value: Value; readonly type: Type }
  | { readonly value?: undefined; readonly error: Error; readonly type: Type };

function attempt(expression: Expression, evaluate: Evaluate): Attempt {
  try {
    const value = evaluate(expression);
    return { value, type: typeOf(value) };
  } catch (error) {
    if (!isTolerable(error)) throw error;
    if (error instanceof DuplicateKeyError && expression.kind === 'for') return { error, type: typeOf(error.object) };
    return { error, type: typeOfFailed(expression, evaluate) };
  }
}

/** The type that an expression has though it fails: an operator's is always the same. */
function typeOfFailed(expression: Expression, evaluate: Evaluate): Type {
  const typeOfPart = (part: Expression) => attempt(part, evaluate).type;
  switch (expression.kind) {
    case 'template':
    case 'join':
      return 'string';
    case 'unary':
      return expression.operator === '!' ? 'bool' : 'number';
    case 'binary':
      return /^[-+*/%]$/.test(expression.operator) ? 'number' : 'bool';
    case 'access':
      return expression.accessors.length === 0 ? typeOfPart(expression.of) : typeOfSplat(expression, evaluate);
    case 'reference':
      return typeOfSplat(expression, evaluate);
    case 'list':
      return { kind: 'tuple', elements: expression.items.map(typeOfPart) };
    case 'object': {
      const keys = expression.entries.map(({ key }) => attempt(key, evaluate).value);
      if (keys.some((key) => key === undefined)) return 'dynamic';
      return objectOf(expression.entries.map(({ value }, at) => [toText(keys[at] ?? ''), typeOfPart(value)] as const));
    }
    case 'conditional':
      return commonTypeOf(attempt(expression.then, evaluate), attempt(expression.otherwise, evaluate)) ?? 'dynamic';
    default:
      return 'dynamic';
  }
}

/** A splat is a tuple, of a list or a set a list, though what it asks of each element fails. Source: HCL, `SplatExpr`. */
function typeOfSplat(expression: Extract<Expression, { kind: 'access' | 'reference' }>, evaluate: Evaluate): Type {
  const last = expression.accessors.at(-1);
  if (last?.kind !== 'splat') return 'dynamic';
  const { value: source } = attempt({ ...expression, accessors: expression.accessors.slice(0, -1) }, evaluate);
  if (source instanceof Sequence && source.kind !== 'tuple') return { kind: 'list', element: 'dynamic' };
  if (source === undefined || isNull(source) || source instanceof Sensitive || source instanceof Placeholder)
    return 'dynamic';
  return { kind: 'tuple', elements: source instanceof Sequence ? source.items.map(() => 'dynamic') : ['dynamic'] };
}

/** @throws ExpressionError where no type is common to both */
function commonType(then: Attempt, otherwise: Attempt): Type {
  const type = commonTypeOf(then, otherwise);
  if (type !== undefined) return type;
  const [first, second] = [then.type, otherwise.type].map(friendlyName);
  throw new ExpressionError(`the results of a conditional have no common type: ${first} and ${second}`);
}

/** `dynamic` where one of the types is: the results stay as they are then. */
function commonTypeOf(then: Attempt, otherwise: Attempt): Type | undefined {
  if (isBareNull(then)) return otherwise.type;
  if (isBareNull(otherwise)) return then.type;
  if (then.type === 'dynamic' || otherwise.type === 'dynamic') return 'dynamic';
  return unify([then.type, otherwise.type], true);
}

function isBareNull({ value }: Attempt): boolean {
  return value !== undefined && isNull(value) && value.type === 'dynamic';
}
