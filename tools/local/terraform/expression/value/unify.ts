import { conversion } from './conversion.ts';
import {
  type CollectionType,
  equalTypes,
  kindOf,
  type ObjectType,
  objectOf,
  type TupleType,
  type Type,
} from './type.ts';

/**
 * The type that values of all these types can be converted to, as Terraform looks for it in a conditional, a list or `coalesce`.
 * Source: go-cty, `convert.Unify`.
 *
 * @param isUnsafe - conversions that fail for some values are allowed
 * @returns undefined where there is none
 */
export function unify(types: readonly Type[], isUnsafe: boolean): Type | undefined {
  const [first] = types;
  if (first === undefined) return undefined;
  if (types.every((type) => equalTypes(type, first))) return first;
  const structural = unifyStructures(types, isUnsafe);
  if (structural !== 'other') return structural;
  const preferred = types.toSorted((a, b) => preference(a, b));
  return preferred.find((wanted) =>
    types.every((type) => equalTypes(type, wanted) || conversion(type, wanted, isUnsafe) !== undefined),
  );
}

/** Types of one kind may have a common type that is none of them. */
function unifyStructures(types: readonly Type[], isUnsafe: boolean): Type | 'other' | undefined {
  const lists = types.filter(isKind('list'));
  const sets = types.filter(isKind('set'));
  const maps = types.filter(isKind('map'));
  const tuples = types.filter(isTuple);
  const objects = types.filter(isObject);
  const open = types.filter((type) => type === 'dynamic').length;
  const rest = types.length - open;
  if (maps.length > 0 && maps.length === rest) return unifyCollections('map', maps, open, isUnsafe);
  if (maps.length > 0 && maps.length + objects.length === rest) {
    const map = objectsAsMap(objects, isUnsafe);
    const unified = map && unify([...maps, ...types.filter((type) => type === 'dynamic'), map], isUnsafe);
    if (unified && kindOf(unified) === 'map') return unified;
    return 'other';
  }
  if (lists.length > 0 && lists.length === rest) return unifyCollections('list', lists, open, isUnsafe);
  if (lists.length > 0 && lists.length + tuples.length === rest) {
    const list = tuplesAsList(tuples, isUnsafe);
    const unified = list && unify([...lists, ...types.filter((type) => type === 'dynamic'), list], isUnsafe);
    if (unified && kindOf(unified) === 'list') return unified;
    return 'other';
  }
  if (sets.length > 0 && sets.length === rest) return unifyCollections('set', sets, open, isUnsafe);
  if (objects.length > 0 && objects.length === rest) return open > 0 ? 'dynamic' : unifyObjects(objects, isUnsafe);
  if (tuples.length > 0 && tuples.length === rest) return open > 0 ? 'dynamic' : unifyTuples(tuples, isUnsafe);
  return objects.length > 0 && tuples.length > 0 ? undefined : 'other';
}

function isKind(kind: CollectionType['kind']) {
  return (type: Type): type is CollectionType => typeof type !== 'string' && type.kind === kind;
}

function isTuple(type: Type): type is TupleType {
  return typeof type !== 'string' && type.kind === 'tuple';
}

function isObject(type: Type): type is ObjectType {
  return typeof type !== 'string' && type.kind === 'object';
}

function unifyCollections(
  kind: CollectionType['kind'],
  types: readonly CollectionType[],
  open: number,
  isUnsafe: boolean,
): Type | undefined {
  if (open > 0) return 'dynamic';
  const element = unify(
    types.map((type) => type.element),
    isUnsafe,
  );
  return element === undefined ? undefined : { kind, element };
}

function unifyObjects(types: readonly ObjectType[], isUnsafe: boolean): Type | undefined {
  const names = [...(types[0]?.attributes.keys() ?? [])];
  const isSame = types.every(
    ({ attributes }) => attributes.size === names.length && names.every((name) => attributes.has(name)),
  );
  if (!isSame) return objectsAsMap(types, isUnsafe);
  const unified: [string, Type][] = [];
  for (const name of names) {
    const type = unify(
      types.map(({ attributes }) => attributes.get(name) ?? 'dynamic'),
      isUnsafe,
    );
    if (type === undefined) return undefined;
    unified.push([name, type]);
  }
  const object = objectOf(unified);
  return types.every((type) => conversion(type, object, isUnsafe)) ? object : objectsAsMap(types, isUnsafe);
}

function objectsAsMap(types: readonly ObjectType[], isUnsafe: boolean): CollectionType | undefined {
  const element = unify(
    types.flatMap(({ attributes }) => [...attributes.values()]),
    isUnsafe,
  );
  if (element === undefined) return undefined;
  const map: CollectionType = { kind: 'map', element };
  return types.every((type) => conversion(type, map, isUnsafe)) ? map : undefined;
}

function unifyTuples(types: readonly TupleType[], isUnsafe: boolean): Type | undefined {
  const length = types[0]?.elements.length ?? 0;
  if (types.some(({ elements }) => elements.length !== length)) return tuplesAsList(types, isUnsafe);
  const elements: Type[] = [];
  for (let position = 0; position < length; position += 1) {
    const element = unify(
      types.map((type) => type.elements[position] ?? 'dynamic'),
      isUnsafe,
    );
    if (element === undefined) return undefined;
    elements.push(element);
  }
  const tuple: TupleType = { kind: 'tuple', elements };
  return types.every((type) => conversion(type, tuple, isUnsafe)) ? tuple : tuplesAsList(types, isUnsafe);
}

function tuplesAsList(types: readonly TupleType[], isUnsafe: boolean): CollectionType | undefined {
  const element = unify(
    types.flatMap(({ elements }) => elements),
    isUnsafe,
  );
  if (element === undefined) return undefined;
  const list: CollectionType = { kind: 'list', element };
  return types.every((type) => conversion(type, list, isUnsafe)) ? list : undefined;
}

/** Negative where values of the second type are the more easily converted to the first. Source: go-cty, `compareTypes`. */
function preference(left: Type, right: Type): number {
  if (left === 'dynamic' || right === 'dynamic') return left === right ? 0 : left === 'dynamic' ? 1 : -1;
  if (typeof left === 'string' && typeof right === 'string') {
    if (left === right || (left !== 'string' && right !== 'string')) return 0;
    return left === 'string' ? -1 : 1;
  }
  if (typeof left === 'string' || typeof right === 'string') return 0;
  if ('element' in left && 'element' in right && left.kind === right.kind)
    return preference(left.element, right.element);
  const rank = (type: Exclude<Type, string>) => ranks[type.kind];
  if (rank(left).family !== rank(right).family) return 0;
  if (left.kind === 'object' && right.kind === 'object') {
    const isSame =
      left.attributes.size === right.attributes.size &&
      [...left.attributes.keys()].every((name) => right.attributes.has(name));
    if (!isSame) return 0;
    return superior([...left.attributes].map(([name, type]) => preference(type, right.attributes.get(name) ?? type)));
  }
  if (left.kind === 'tuple' && right.kind === 'tuple') {
    if (left.elements.length !== right.elements.length) return 0;
    return superior(left.elements.map((type, position) => preference(type, right.elements[position] ?? type)));
  }
  return rank(left).order - rank(right).order;
}

const ranks = {
  list: { family: 'sequence', order: 0 },
  tuple: { family: 'sequence', order: 1 },
  set: { family: 'sequence', order: 2 },
  map: { family: 'mapping', order: 0 },
  object: { family: 'mapping', order: 1 },
} as const;

function superior(parts: readonly number[]): number {
  const isLeft = parts.some((part) => part < 0);
  const isRight = parts.some((part) => part > 0);
  if (isLeft === isRight) return 0;
  return isLeft ? -1 : 1;
}
