import { isDeepStrictEqual } from 'node:util';
import { MAX_SIZE, TemplateError } from '#local/vtl/limits.ts';

import { type JavaList, toValue, type Value } from '#local/vtl/values.ts';
import { numberArgument, textOf } from './strings.ts';

type ListMethod = (list: JavaList, args: readonly Value[]) => Value;

/** Source: Java SE documentation of `java.util.List`. A set of keys is a list, too. */
export const listMethods: ReadonlyMap<string, ListMethod> = new Map<string, ListMethod>([
  ['size', (list) => list.length],
  ['isEmpty', (list) => list.length === 0],
  ['get', (list, args) => getItem(list, numberArgument(args, 0, 0))],
  ['add', add],
  ['addAll', (list, args) => addAll(list, args[0])],
  ['set', set],
  ['remove', remove],
  ['clear', (list) => void list.splice(0)],
  ['contains', (list, args) => indexOf(list, args[0]) >= 0],
  ['containsAll', (list, args) => Array.isArray(args[0]) && args[0].every((item) => indexOf(list, item) >= 0)],
  ['indexOf', (list, args) => indexOf(list, args[0])],
  ['lastIndexOf', (list, args) => list.findLastIndex((item) => isDeepStrictEqual(item, args[0]))],
  ['subList', (list, args) => list.slice(numberArgument(args, 0, 0), numberArgument(args, 1, list.length))],
  ['iterator', (list) => [...list]],
  ['toArray', (list) => [...list]],
  ['toString', (list) => textOf(list)],
  ['equals', (list, args) => isDeepStrictEqual(list, args[0])],
]);

/** @throws TemplateError beyond the list's end */
export function getItem(list: JavaList, at: number): Value {
  if (at >= 0 && at < list.length) return toValue(list[at]);
  throw new TemplateError(`Index ${at} is out of bounds: the list has ${list.length} elements.`);
}

function indexOf(list: JavaList, sought: unknown): number {
  return list.findIndex((item) => isDeepStrictEqual(item, sought));
}

function add(list: JavaList, args: readonly Value[]): Value {
  grow(list, 1);
  if (args.length < 2) {
    list.push(args[0]);
    return true;
  }
  list.splice(numberArgument(args, 0, 0), 0, args[1]);
  return undefined;
}

function addAll(list: JavaList, items: Value): Value {
  if (!Array.isArray(items)) return false;
  grow(list, items.length);
  for (const item of [...items]) list.push(item);
  return items.length > 0;
}

function set(list: JavaList, args: readonly Value[]): Value {
  const at = numberArgument(args, 0, 0);
  const before = getItem(list, at);
  list[at] = args[1];
  return before;
}

function remove(list: JavaList, args: readonly Value[]): Value {
  if (typeof args[0] === 'number') {
    const before = getItem(list, args[0]);
    list.splice(args[0], 1);
    return before;
  }
  const at = indexOf(list, args[0]);
  if (at >= 0) list.splice(at, 1);
  return at >= 0;
}

function grow(list: JavaList, by: number): void {
  if (list.length + by > MAX_SIZE / 8)
    throw new TemplateError(`The template makes a list of more than ${MAX_SIZE / 8} elements.`);
}
