import { isDeepStrictEqual } from 'node:util';
import {
  getEntry,
  HOST,
  type HostObject,
  isMap,
  type JavaMap,
  setEntry,
  toValue,
  type Value,
} from '#local/vtl/values.ts';
import { textArgument, textOf } from './strings.ts';

type MapMethod = (map: JavaMap, args: readonly Value[]) => Value;

/** Source: Java SE documentation of `java.util.Map`. */
export const mapMethods: ReadonlyMap<string, MapMethod> = new Map<string, MapMethod>([
  ['get', (map, args) => getEntry(map, textArgument(args, 0))],
  [
    'getOrDefault',
    (map, args) => (Object.hasOwn(map, textArgument(args, 0)) ? getEntry(map, textArgument(args, 0)) : args[1]),
  ],
  ['put', (map, args) => put(map, textArgument(args, 0), args[1])],
  ['putIfAbsent', (map, args) => getEntry(map, textArgument(args, 0)) ?? put(map, textArgument(args, 0), args[1])],
  ['putAll', (map, args) => putAll(map, args[0])],
  ['remove', (map, args) => remove(map, textArgument(args, 0))],
  ['clear', clear],
  ['containsKey', (map, args) => Object.hasOwn(map, textArgument(args, 0))],
  ['containsValue', (map, args) => Object.values(map).some((value) => isDeepStrictEqual(value, args[0]))],
  ['keySet', (map) => Object.keys(map)],
  ['values', (map) => Object.values(map)],
  ['entrySet', (map) => Object.keys(map).map((key) => createEntry(map, key))],
  ['size', (map) => Object.keys(map).length],
  ['isEmpty', (map) => Object.keys(map).length === 0],
  ['toString', (map) => textOf(map)],
  ['equals', (map, args) => isDeepStrictEqual(map, args[0])],
]);

function put(map: JavaMap, key: string, value: Value): Value {
  const before = getEntry(map, key);
  setEntry(map, key, value);
  return before;
}

function putAll(map: JavaMap, entries: Value): Value {
  if (isMap(entries)) for (const [key, value] of Object.entries(entries)) setEntry(map, key, toValue(value));
  return undefined;
}

function clear(map: JavaMap): undefined {
  for (const key of Object.keys(map)) delete map[key];
}

function remove(map: JavaMap, key: string): Value {
  const before = getEntry(map, key);
  delete map[key];
  return before;
}

function createEntry(map: JavaMap, key: string): HostObject {
  const read = (name: string): Value => {
    if (name === 'key' || name === 'getKey') return key;
    return name === 'value' || name === 'getValue' ? getEntry(map, key) : undefined;
  };
  return {
    [HOST]: true,
    getProperty: read,
    callMethod: (name, args) => (name === 'setValue' ? put(map, key, args[0]) : read(name)),
  };
}
