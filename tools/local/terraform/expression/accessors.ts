import { ExpressionError } from '#local/terraform/addressed-error.ts';
import type { Accessor, Expression } from './syntax/syntax.ts';
import { BigFloat } from './value/big-float.ts';
import { convert, describeType } from './value/convert.ts';
import { numberText } from './value/number-text.ts';
import { equalTypes, listOf, type Type } from './value/type.ts';
import { isNull, LazyObject, Mapping, Placeholder, Sensitive, Sequence, typeOf, type Value } from './value/value.ts';

/** Applies `.name`, `[key]` and splats to a value, one after the other. */
export function applyAccessors(
  value: Value,
  accessors: readonly Accessor[],
  evaluate: (expression: Expression) => Value,
): Value {
  return accessors.reduce((current, accessor) => apply(current, accessor, evaluate), value);
}

function apply(value: Value, accessor: Accessor, evaluate: (expression: Expression) => Value): Value {
  if (value instanceof Sensitive) return new Sensitive(apply(value.value, accessor, evaluate));
  if (accessor.kind === 'splat') return splat(value, accessor.each, evaluate);
  if (accessor.kind === 'attribute') return attribute(value, accessor.name);
  const key = evaluate(accessor.key);
  return key instanceof Sensitive ? new Sensitive(index(value, key.value)) : index(value, key);
}

/** What is no list, set or tuple is a tuple of one, and null an empty one. Source: Terraform, "Splat Expressions". */
function splat(value: Value, accessors: readonly Accessor[], evaluate: (expression: Expression) => Value): Value {
  const each = (item: Value) => applyAccessors(item, accessors, evaluate);
  if (value instanceof Placeholder) return Sequence.tuple([each(value)]);
  if (isNull(value)) {
    const { type } = value;
    if (typeof type === 'string' || type.kind === 'object' || type.kind === 'map') return Sequence.tuple([]);
    throw new ExpressionError('a splat cannot be applied to a null list');
  }
  if (!(value instanceof Sequence)) return Sequence.tuple([each(value)]);
  const items = value.items.map(each);
  if (value.kind === 'tuple') return Sequence.tuple(items);
  const [first] = items;
  if (first === undefined) return Sequence.list(typeBehind(value.element, accessors), []);
  const element = typeOf(first);
  if (items.some((item) => !equalTypes(typeOf(item), element))) {
    throw new ExpressionError('a splat gives elements of different types; use a for-expression instead');
  }
  return Sequence.list(element, items);
}

/** The type that accessors lead to, of which there is no value. */
function typeBehind(type: Type, accessors: readonly Accessor[]): Type {
  return accessors.reduce((current: Type, accessor): Type => {
    if (typeof current === 'string') return 'dynamic';
    if (accessor.kind === 'splat') {
      const isList = current.kind === 'list' || current.kind === 'set';
      return isList ? listOf(typeBehind(current.element, accessor.each)) : 'dynamic';
    }
    if (accessor.kind === 'attribute' && current.kind === 'object')
      return current.attributes.get(accessor.name) ?? 'dynamic';
    return current.kind === 'list' || current.kind === 'map' ? current.element : 'dynamic';
  }, type);
}

/** The value of `.name`. */
function attribute(value: Value, name: string): Value {
  if (value instanceof LazyObject) return value.attribute(name);
  if (value instanceof Placeholder) return new Placeholder(`${value.path}.${name}`);
  if (isNull(value)) throw new ExpressionError(`got null, which has no attribute "${name}"`);
  if (!(value instanceof Mapping)) {
    throw new ExpressionError(`got ${describeType(value)}, which has no attribute "${name}"`);
  }
  const member = value.members.get(name);
  if (member === undefined) throw new ExpressionError(`no attribute "${name}"; there are ${names(value)}`);
  return member;
}

/** The value of `[key]`. Source: HCL, `Index`. */
function index(value: Value, key: Value): Value {
  if (value instanceof Placeholder) return new Placeholder(`${value.path}[${keyText(key)}]`);
  if (isNull(value)) throw new ExpressionError('got null, which has no elements');
  if (isNull(key)) throw new ExpressionError('got null as an index');
  if (key instanceof Placeholder) return new Placeholder(`(…)[${key.path}]`);
  if (value instanceof Sequence && value.kind !== 'set') return item(value, key);
  if (value instanceof Mapping || value instanceof LazyObject) {
    if (value instanceof Mapping && value.isBlock && isZero(key) && !value.members.has('0')) return value;
    return attribute(value, keyText(key));
  }
  const isSet = value instanceof Sequence;
  throw new ExpressionError(`got ${describeType(value)}, which has no ${isSet ? 'order to index' : 'elements'}`);
}

function item({ items }: Sequence, key: Value): Value {
  const position = convert(key, 'number');
  if (!(position instanceof BigFloat)) throw new ExpressionError('got null as an index');
  if (!position.isWhole) throw new ExpressionError(`got the index ${numberText(position)}; a whole number is needed`);
  const element = items[position.toNumber()];
  if (element === undefined) {
    throw new ExpressionError(`no element ${numberText(position)} in a list of ${items.length}`);
  }
  return element;
}

function isZero(key: Value): boolean {
  return key instanceof BigFloat && key.mantissa === 0n;
}

function keyText(key: Value): string {
  const text = convert(key, 'string');
  if (typeof text !== 'string') throw new ExpressionError('got null as an index');
  return text;
}

function names(value: Mapping): string {
  return [...value.members.keys()].join(', ') || 'none';
}
