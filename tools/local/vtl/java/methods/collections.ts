import { type JavaEntry, JavaList, JavaMap, OBJECT_ARRAY } from '#local/vtl/java/collections.ts';
import { JavaIterator } from '#local/vtl/java/iterator.ts';
import { isEqual, type Value } from '#local/vtl/java/value.ts';
import { TemplateError } from '#local/vtl/limits.ts';
import { type Arguments, methodTable } from './method-table.ts';

/** Source: Java SE documentation of `java.util.List`, `Collection`; a set of keys and an array have the same. */
export const listMethods = methodTable<JavaList>([
  ['size()', ({ items }) => items.length],
  ['isEmpty()', ({ items }) => items.length === 0],
  ['get(int)', (list, args) => getItem(list, args.int(0))],
  ['set(int, Object)', (list, args) => setItem(list, args.int(0), args.value(1))],
  ['add(Object)', (list, args) => insert(list, list.items.length, [args.value(0)])],
  ['add(int, Object)', (list, args) => void insert(list, args.int(0), [args.value(1)])],
  ['addAll(Collection)', (list, args) => insert(list, list.items.length, args.items(0))],
  ['addAll(int, Collection)', (list, args) => insert(list, args.int(0), args.items(1))],
  ['remove(int)', (list, args) => removeAt(list, args.int(0))],
  ['remove(Object)', (list, args) => removeItem(list, args.value(0))],
  ['removeAll(Collection)', (list, args) => keep(list, (item) => indexOf(args.items(0), item) < 0)],
  ['retainAll(Collection)', (list, args) => keep(list, (item) => indexOf(args.items(0), item) >= 0)],
  ['clear()', (list) => void keep(list, () => false)],
  ['contains(Object)', ({ items }, args) => indexOf(items, args.value(0)) >= 0],
  ['containsAll(Collection)', ({ items }, args) => args.items(0).every((item) => indexOf(items, item) >= 0)],
  ['indexOf(Object)', ({ items }, args) => indexOf(items, args.value(0))],
  ['lastIndexOf(Object)', ({ items }, args) => items.findLastIndex((item) => isEqual(item, args.value(0)))],
  ['subList(int, int)', subList],
  ['iterator()', (list) => new JavaIterator(list)],
  ['listIterator()', (list) => new JavaIterator(list)],
  ['toArray()', ({ items }) => new JavaList([...items], OBJECT_ARRAY)],
]);

/** Source: Java SE documentation of `java.util.Map`. */
export const mapMethods = methodTable<JavaMap>([
  ['get(Object)', (map, args) => map.get(args.value(0))],
  ['getOrDefault(Object, Object)', (map, args) => (map.has(args.value(0)) ? map.get(args.value(0)) : args.value(1))],
  ['put(Object, Object)', (map, args) => map.put(args.value(0), args.value(1))],
  ['putIfAbsent(Object, Object)', (map, args) => map.get(args.value(0)) ?? map.put(args.value(0), args.value(1))],
  ['putAll(Map)', putAll],
  ['replace(Object, Object)', (map, args) => (map.has(args.value(0)) ? map.put(args.value(0), args.value(1)) : null)],
  ['remove(Object)', (map, args) => map.remove(args.value(0))],
  ['remove(Object, Object)', removeEntry],
  ['clear()', (map) => void map.clear()],
  ['containsKey(Object)', (map, args) => map.has(args.value(0))],
  ['containsValue(Object)', (map, args) => map.entries.some(({ value }) => isEqual(value, args.value(0)))],
  ['keySet()', (map) => map.keySet()],
  ['values()', (map) => map.values()],
  ['entrySet()', (map) => map.entrySet()],
  ['size()', ({ size }) => size],
  ['isEmpty()', ({ size }) => size === 0],
]);

export const entryMethods = methodTable<JavaEntry>([
  ['getKey()', ({ key }) => key],
  ['getValue()', ({ value }) => value],
  [
    'setValue(Object)',
    (entry, args) => {
      const before = entry.value;
      entry.value = args.value(0);
      return before;
    },
  ],
]);

export const iteratorMethods = methodTable<JavaIterator>([
  ['hasNext()', ({ hasNext }) => hasNext],
  ['next()', (iterator) => iterator.next()],
]);

/** @throws TemplateError beyond the list's end */
export function getItem({ items }: JavaList, at: number): Value {
  if (at >= 0 && at < items.length) return items[at] ?? null;
  throw outOfBounds(items, at);
}

/** @returns the element before @throws TemplateError beyond the list's end */
export function setItem(list: JavaList, at: number, value: Value): Value {
  const before = getItem(list, at);
  list.items[at] = value;
  return before;
}

function outOfBounds(items: readonly Value[], at: number): TemplateError {
  return new TemplateError(`Index ${at} is out of bounds: the list has ${items.length} elements.`);
}

function indexOf(items: readonly Value[], sought: Value): number {
  return items.findIndex((item) => isEqual(sought, item));
}

function insert(list: JavaList, at: number, added: readonly Value[]): boolean {
  if (at < 0 || at > list.items.length) throw outOfBounds(list.items, at);
  list.resize(added.length);
  list.items.splice(at, 0, ...(added.length > 10_000 ? [] : added));
  if (added.length > 10_000) for (const item of [...added]) list.items.push(item);
  return added.length > 0;
}

function removeAt(list: JavaList, at: number): Value {
  const before = getItem(list, at);
  list.resize(-1);
  list.items.splice(at, 1);
  return before;
}

function removeItem(list: JavaList, sought: Value): boolean {
  const at = indexOf(list.items, sought);
  if (at >= 0) removeAt(list, at);
  return at >= 0;
}

function keep(list: JavaList, test: (item: Value) => boolean): boolean {
  const kept = list.items.filter(test);
  const removed = list.items.length - kept.length;
  list.resize(-removed);
  list.items.length = 0;
  for (const item of kept) list.items.push(item);
  return removed > 0;
}

/** A copy: what is changed in it does not change the list. */
function subList({ items }: JavaList, args: Arguments): JavaList {
  const [from, to] = [args.int(0), args.int(1)];
  if (from < 0 || to > items.length || from > to) throw outOfBounds(items, from < 0 || from > to ? from : to);
  return new JavaList(items.slice(from, to));
}

function putAll(map: JavaMap, args: Arguments): undefined {
  const other = args.value(0);
  if (!(other instanceof JavaMap)) throw new TemplateError('putAll got null, which takes a map.');
  for (const { key, value } of other.entries) map.put(key, value);
}

function removeEntry(map: JavaMap, args: Arguments): boolean {
  const [key, value] = [args.value(0), args.value(1)];
  const found = map.has(key) && isEqual(map.get(key), value);
  if (found) map.remove(key);
  return found;
}
