import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { toNumber, toText, typeName } from './convert.ts';
import type { Accessor, Expression } from './syntax.ts';
import { isList, isObject, LazyObject, Placeholder, type Value } from './value.ts';

/**
 * Applies `.name`, `[key]` and `[*]` to a value, one after the other. What follows a splat is applied to each element; a splat on
 * something that is no list makes a list of it, of null an empty one. Source: Terraform, "Splat Expressions".
 */
export function applyAccessors(
  value: Value,
  accessors: readonly Accessor[],
  evaluate: (expression: Expression) => Value,
): Value {
  let current = value;
  for (const [position, accessor] of accessors.entries()) {
    if (accessor.kind === 'splat') {
      const rest = accessors.slice(position + 1);
      return elements(current).map((element) => applyAccessors(element, rest, evaluate));
    }
    current =
      accessor.kind === 'attribute' ? attribute(current, accessor.name) : index(current, evaluate(accessor.key));
  }
  return current;
}

function elements(value: Value): readonly Value[] {
  if (value === null) return [];
  return isList(value) ? value : [value];
}

/** The value of `.name`. */
function attribute(value: Value, name: string): Value {
  if (value instanceof LazyObject) return value.attribute(name);
  if (value instanceof Placeholder) return new Placeholder(`${value.path}.${name}`);
  if (!isObject(value)) throw new ExpressionError(`got ${typeName(value)}, which has no attribute "${name}"`);
  const member = Object.hasOwn(value, name) ? value[name] : undefined;
  if (member === undefined) throw new ExpressionError(`no attribute "${name}"; there are ${names(value)}`);
  return member;
}

function index(value: Value, key: Value): Value {
  if (value instanceof Placeholder) return new Placeholder(`${value.path}[${toText(key)}]`);
  if (!isList(value)) return isSingleBlock(value, key) ? value : attribute(value, toText(key));
  const position = toNumber(key);
  const element = value[position];
  if (element === undefined) throw new ExpressionError(`no element ${position} in a list of ${value.length}`);
  return element;
}

/** `block[0]` of a block that stands once: Terraform sees a list of one, the JSON may hold the object itself. */
function isSingleBlock(value: Value, key: Value): boolean {
  return key === 0 && isObject(value) && !Object.hasOwn(value, '0');
}

function names(value: { readonly [key: string]: Value }): string {
  return Object.keys(value).join(', ') || 'none';
}
