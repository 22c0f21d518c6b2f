import { BigFloat } from './big-float.ts';
import { compareText } from './order.ts';
import { type ObjectType, objectOf, type Type } from './type.ts';

/** JSON without anything that is still to be resolved. */
export type Json = boolean | number | string | null | readonly Json[] | { readonly [key: string]: Json };

/** What an expression evaluates to: Terraform's value with its type. */
export type Value = boolean | string | BigFloat | Null | Sequence | Mapping | LazyObject | Placeholder | Sensitive;

/** `null` has a type, too: that of the place it was converted for. */
export class Null {
  readonly type: Type;

  constructor(type: Type) {
    this.type = type;
  }
}

/** `null` as it is written. */
export const NULL = new Null('dynamic');

/** A list, a set or a tuple. */
export class Sequence {
  readonly kind: 'list' | 'set' | 'tuple';
  /** Of a set: without duplicates, in Terraform's order. */
  readonly items: readonly Value[];
  /** Type of the elements; of a tuple each has its own. */
  readonly element: Type;

  private constructor(kind: Sequence['kind'], items: readonly Value[], element: Type) {
    this.kind = kind;
    this.items = items;
    this.element = element;
  }

  static tuple(items: readonly Value[]): Sequence {
    return new Sequence('tuple', items, 'dynamic');
  }

  static list(element: Type, items: readonly Value[]): Sequence {
    return new Sequence('list', items, element);
  }

  /** @param items - sorted and without duplicates; `createSet` makes them so */
  static set(element: Type, items: readonly Value[]): Sequence {
    return new Sequence('set', items, element);
  }
}

/** An object or a map. Its members are sorted by key, which is the order in which Terraform iterates and prints. */
export class Mapping {
  readonly kind: 'map' | 'object';
  readonly members: ReadonlyMap<string, Value>;
  /** Type of a map's elements. */
  readonly element: Type;
  /** Part of a resource that stands once: Terraform sees a list of one, the JSON may hold the object itself. */
  readonly isBlock: boolean;

  private constructor(
    kind: Mapping['kind'],
    members: Iterable<readonly [string, Value]>,
    element: Type,
    isBlock = false,
  ) {
    this.kind = kind;
    this.members = new Map([...new Map(members)].sort(([a], [b]) => compareText(a, b)));
    this.element = element;
    this.isBlock = isBlock;
  }

  static block(members: Iterable<readonly [string, Value]>): Mapping {
    return new Mapping('object', members, 'dynamic', true);
  }

  static object(members: Iterable<readonly [string, Value]>): Mapping {
    return new Mapping('object', members, 'dynamic');
  }

  static map(element: Type, members: Iterable<readonly [string, Value]>): Mapping {
    return new Mapping('map', members, element);
  }
}

/** An object whose attributes are resolved when they are asked for: a resource, the outputs of another stack. */
export class LazyObject {
  readonly attribute: (name: string) => Value;
  /** Every attribute, resolved. */
  readonly resolve: () => Mapping;

  constructor(attribute: (name: string) => Value, resolve: () => Mapping) {
    this.attribute = attribute;
    this.resolve = resolve;
  }
}

/**
 * Stands for a value that only AWS could tell, of a resource type that the runtime doesn't serve, or of a function that it doesn't know. It
 * may be accessed further, and is a text that names its origin when it is used.
 */
export class Placeholder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  get text(): string {
    return `(${this.path}: known after apply)`;
  }
}

/** A value that Terraform doesn't show. What is computed from it is sensitive too. */
export class Sensitive {
  readonly value: Value;

  constructor(value: Value) {
    this.value = value instanceof Sensitive ? value.value : value;
  }
}

export function typeOf(value: Value): Type {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (value instanceof BigFloat) return 'number';
  if (value instanceof Null) return value.type;
  if (value instanceof Sequence) {
    return value.kind === 'tuple'
      ? { kind: 'tuple', elements: value.items.map(typeOf) }
      : { kind: value.kind, element: value.element };
  }
  if (value instanceof Mapping)
    return value.kind === 'map' ? { kind: 'map', element: value.element } : objectType(value);
  if (value instanceof Sensitive) return typeOf(value.value);
  return value instanceof LazyObject ? objectType(value.resolve()) : 'dynamic';
}

function objectType({ members }: Mapping): ObjectType {
  return objectOf([...members].map(([name, member]) => [name, typeOf(member)]));
}

export function isNull(value: Value): value is Null {
  return value instanceof Null;
}

/** Whether anything in the value is sensitive. */
export function isSensitive(value: Value): boolean {
  if (value instanceof Sensitive) return true;
  if (value instanceof Sequence) return value.items.some(isSensitive);
  return value instanceof Mapping && [...value.members.values()].some(isSensitive);
}

/** The value without sensitive marks at any depth. */
export function reveal(value: Value): Value {
  if (!isSensitive(value)) return value;
  if (value instanceof Sensitive) return reveal(value.value);
  if (value instanceof Mapping) {
    const members = [...value.members].map(([name, member]) => [name, reveal(member)] as const);
    return value.kind === 'map' ? Mapping.map(value.element, members) : Mapping.object(members);
  }
  if (!(value instanceof Sequence)) return value;
  const items = value.items.map(reveal);
  if (value.kind === 'tuple') return Sequence.tuple(items);
  return value.kind === 'list' ? Sequence.list(value.element, items) : Sequence.set(value.element, items);
}
