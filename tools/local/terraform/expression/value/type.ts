import { compareText } from './order.ts';

/** Terraform's type of a value. `dynamic` is the type of a bare `null` and of what only AWS could tell. Source: go-cty, "Types". */
export type Type = 'bool' | 'dynamic' | 'number' | 'string' | CollectionType | TupleType | ObjectType;

export interface CollectionType {
  readonly kind: 'list' | 'map' | 'set';
  readonly element: Type;
}

export interface TupleType {
  readonly kind: 'tuple';
  readonly elements: readonly Type[];
}

export interface ObjectType {
  readonly kind: 'object';
  readonly attributes: ReadonlyMap<string, Type>;
  /** Names that may be absent in what is converted to the type. */
  readonly optional?: ReadonlySet<string>;
}

export function listOf(element: Type): CollectionType {
  return { kind: 'list', element };
}

export function setOf(element: Type): CollectionType {
  return { kind: 'set', element };
}

export function mapOf(element: Type): CollectionType {
  return { kind: 'map', element };
}

export function kindOf(type: Type): 'primitive' | 'dynamic' | Exclude<Type, string>['kind'] {
  if (typeof type !== 'string') return type.kind;
  return type === 'dynamic' ? 'dynamic' : 'primitive';
}

export function equalTypes(left: Type, right: Type): boolean {
  if (left === right) return true;
  if (typeof left === 'string' || typeof right === 'string' || left.kind !== right.kind) return false;
  if (left.kind === 'tuple') {
    return (
      right.kind === 'tuple' &&
      left.elements.length === right.elements.length &&
      left.elements.every((element, position) => equalTypes(element, right.elements[position] ?? 'dynamic'))
    );
  }
  if (left.kind === 'object') {
    if (right.kind !== 'object' || left.attributes.size !== right.attributes.size) return false;
    return [...left.attributes].every(([name, type]) => {
      const other = right.attributes.get(name);
      return other !== undefined && equalTypes(type, other);
    });
  }
  return 'element' in right && equalTypes(left.element, right.element);
}

/** The type as Terraform's messages name it. */
export function friendlyName(type: Type): string {
  if (typeof type === 'string') return type;
  if (type.kind === 'tuple' || type.kind === 'object') return type.kind;
  return `${type.kind} of ${friendlyName(type.element)}`;
}

/** Attributes in Terraform's order. */
export function objectOf(attributes: Iterable<readonly [string, Type]>, optional?: ReadonlySet<string>): ObjectType {
  const sorted = new Map([...attributes].sort(([a], [b]) => compareText(a, b)));
  return { kind: 'object', attributes: sorted, ...(optional && optional.size > 0 ? { optional } : {}) };
}

/** The type without what may be absent: the type that a value of it has. */
export function withoutOptional(type: Type): Type {
  if (typeof type === 'string') return type;
  if (type.kind === 'tuple') return { kind: 'tuple', elements: type.elements.map(withoutOptional) };
  if (type.kind === 'object') return objectOf([...type.attributes].map(([name, one]) => [name, withoutOptional(one)]));
  return { kind: type.kind, element: withoutOptional(type.element) };
}
