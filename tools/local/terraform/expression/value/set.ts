import { BigFloat } from './big-float.ts';
import { formatNumber } from './number-text.ts';
import { compareText } from './order.ts';
import { equalTypes, type Type } from './type.ts';
import { isNull, LazyObject, Placeholder, reveal, Sensitive, Sequence, typeOf, type Value } from './value.ts';

/** A set of what is in a list: without duplicates, in the order in which Terraform iterates. */
export function createSet(element: Type, items: readonly Value[]): Sequence {
  const isAnySensitive = items.some((item) => item instanceof Sensitive);
  const revealed = isAnySensitive ? items.map(reveal) : items;
  const byIdentity = new Map<string, Value>();
  for (const item of revealed) {
    const identity = identityOf(item);
    if (!byIdentity.has(identity)) byIdentity.set(identity, item);
  }
  return Sequence.set(element, [...byIdentity.values()].sort(compareElements));
}

/** Texts, numbers and bools have an order; other elements that of a text which go-cty makes of each. Null comes last. */
function compareElements(left: Value, right: Value): number {
  if (isNull(left) || isNull(right)) return Number(isNull(left)) - Number(isNull(right));
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
  if (left instanceof BigFloat && right instanceof BigFloat) return left.compare(right);
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  return compareText(hashText(left), hashText(right));
}

/** Source: go-cty, `makeSetHashBytes`. */
function hashText(value: Value): string {
  if (isNull(value)) return '~';
  if (value instanceof BigFloat) return formatNumber(value, 'g', 10);
  if (typeof value === 'boolean') return value ? 'T' : 'F';
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Sequence) {
    const items = value.items.map((item) => `${hashText(item)};`).join('');
    return value.kind === 'tuple' ? `<${items}>` : `[${items}]`;
  }
  if (value instanceof Placeholder) return '?';
  if (value instanceof Sensitive) return hashText(value.value);
  const mapping = value instanceof LazyObject ? value.resolve() : value;
  const members = [...mapping.members].map(([name, member]) =>
    mapping.kind === 'map' ? `${JSON.stringify(name)}:${hashText(member)};` : `${hashText(member)};`,
  );
  return mapping.kind === 'map' ? `{${members.join('')}}` : `<${members.join('')}>`;
}

/** A text that equal values of one type share. */
function identityOf(value: Value): string {
  if (isNull(value)) return '~';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean') return String(value);
  if (value instanceof BigFloat) return value.mantissa === 0n ? '0' : value.toScientific();
  if (value instanceof Sequence) return `[${value.items.map(identityOf).join(',')}]`;
  if (value instanceof Placeholder) return value.text;
  if (value instanceof Sensitive) return identityOf(value.value);
  const { members } = value instanceof LazyObject ? value.resolve() : value;
  return `{${[...members].map(([name, member]) => `${JSON.stringify(name)}:${identityOf(member)}`).join(',')}}`;
}

/** Whether two values are equal as `==` sees it: of different types none are, and `null` is equal to every null. */
export function equalValues(left: Value, right: Value): boolean {
  const [first, second] = [reveal(left), reveal(right)];
  if (isNull(first) || isNull(second)) return isNull(first) && isNull(second);
  if (first instanceof Placeholder || second instanceof Placeholder) {
    return identityOf(first) === identityOf(second) || toPlainText(first) === toPlainText(second);
  }
  return equalTypes(typeOf(first), typeOf(second)) && identityOf(first) === identityOf(second);
}

function toPlainText(value: Value): Value {
  return value instanceof Placeholder ? value.text : value;
}
