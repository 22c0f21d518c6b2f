import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { type Scope, withNames } from './scope.ts';
import type { Expression, ForExpression } from './syntax/syntax.ts';
import { BigFloat } from './value/big-float.ts';
import { describeType, toBool, toMembers, toText } from './value/convert.ts';
import { isNull, LazyObject, Mapping, Placeholder, Sensitive, Sequence, type Value } from './value/value.ts';

/** Items have the same key. As in HCL the expression still has the type of an object, which conditionals look at. */
export class DuplicateKeyError extends ExpressionError {
  readonly object: Mapping;

  constructor(key: string, object: Mapping) {
    const what = `two items of a for-expression have the key ${JSON.stringify(key)}`;
    super(`${what}; "..." after the value groups them`);
    this.object = object;
  }
}

type Evaluate = (expression: Expression, scope: Scope) => Value;

/** Evaluates a for-expression: a tuple, or an object where it has keys. Source: HCL, `ForExpr`. */
export function evaluateFor(expression: ForExpression, scope: Scope, evaluate: Evaluate): Value {
  const collection = evaluate(expression.collection, scope);
  if (collection instanceof Placeholder) return collection;
  if (collection instanceof Sensitive) {
    return new Sensitive(evaluateItems(expression, collection.value, scope, evaluate).value);
  }
  const { value, isSensitive } = evaluateItems(expression, collection, scope, evaluate);
  return isSensitive ? new Sensitive(value) : value;
}

function evaluateItems(expression: ForExpression, collection: Value, scope: Scope, evaluate: Evaluate) {
  const { keyName, valueName, condition, key } = expression;
  const list: Value[] = [];
  const groups = new Map<string, Value[]>();
  let isSensitive = false;
  let duplicate: string | undefined;
  const plain = (value: Value) => {
    isSensitive ||= value instanceof Sensitive;
    return value instanceof Sensitive ? value.value : value;
  };
  for (const [itemKey, itemValue] of iterate(collection)) {
    const item = withNames(scope, {
      ...(keyName === undefined ? {} : { [keyName]: itemKey }),
      [valueName]: itemValue,
    });
    if (condition && !included(plain(evaluate(condition, item)))) continue;
    const name = key && plain(evaluate(key, item));
    const value = evaluate(expression.value, item);
    if (name === undefined) {
      list.push(value);
      continue;
    }
    if (isNull(name)) throw new ExpressionError('got null as a key of an object');
    const text = toText(name);
    const group = groups.get(text);
    if (!group) groups.set(text, [value]);
    else if (expression.group) group.push(value);
    else duplicate ??= text;
  }
  if (!key) return { value: Sequence.tuple(list), isSensitive };
  const members = [...groups].map(
    ([name, values]) => [name, expression.group ? Sequence.tuple(values) : (values[0] ?? Sequence.tuple([]))] as const,
  );
  const value = Mapping.object(members);
  if (duplicate !== undefined) throw new DuplicateKeyError(duplicate, value);
  return { value, isSensitive };
}

function included(condition: Value): boolean {
  if (isNull(condition)) throw new ExpressionError('the condition of a for-expression is null');
  return toBool(condition);
}

/** Elements with their keys: positions of a list, names of an object; of a set each element is its own key. */
function iterate(collection: Value): Iterable<readonly [Value, Value]> {
  if (collection instanceof Sequence) {
    const { items, kind } = collection;
    return items.map((item, position) => [kind === 'set' ? item : BigFloat.count(position), item] as const);
  }
  if (isNull(collection)) throw new ExpressionError('got null, which a for-expression cannot iterate over');
  if (collection instanceof Mapping || collection instanceof LazyObject) return toMembers(collection);
  throw new ExpressionError(`got ${describeType(collection)}, which a for-expression cannot iterate over`);
}
