import { JavaEntry, JavaList, JavaMap } from '#local/vtl/java/collections.ts';
import { JavaIterator } from '#local/vtl/java/iterator.ts';
import { JavaDecimal, JavaDouble, JavaFloat, JavaLong } from '#local/vtl/java/numbers.ts';
import {
  classNameOf,
  HostObject,
  JavaCharacter,
  JavaClass,
  JavaObject,
  textOf,
  type Value,
} from '#local/vtl/java/value.ts';
import { TemplateError } from '#local/vtl/limits.ts';
import { entryMethods, getItem, iteratorMethods, listMethods, mapMethods, setItem } from './collections.ts';
import { callOverload, type MethodTable, takesNothing } from './method-table.ts';
import {
  bigIntegerMethods,
  decimalMethods,
  doubleMethods,
  floatMethods,
  integerMethods,
  longMethods,
} from './numbers.ts';
import { booleanMethods, characterMethods, classMethods, objectMethods } from './objects.ts';
import { stringMethods } from './strings.ts';

/** `$target.name(…)`. @returns `undefined` where there is no such method @throws TemplateError for what Java throws at */
export function callMethod(target: Exclude<Value, null>, name: string, args: readonly Value[]): Value | undefined {
  if (target instanceof HostObject) return target.callMethod(name, args);
  const own = callOwnMethod(target, name, args);
  if (own !== undefined) return own;
  const inherited = callOverload(objectMethods, target, name, args);
  if (inherited !== undefined) return inherited;
  // Velocity 1.7 finds a method without parameters whatever it is called with, and then Java refuses the arguments.
  if (takesNothing(objectMethods, name) || withMethods(target, (table) => takesNothing(table, name)))
    throw new TemplateError(`The method ${name} of ${classNameOf(target)} takes no such arguments.`);
  return undefined;
}

/** `undefined`: the class has no such method of its own. */
function callOwnMethod(target: Exclude<Value, null>, name: string, args: readonly Value[]): Value | undefined {
  const own = target instanceof JavaObject ? target.callOwn(name, args) : undefined;
  return own === undefined ? withMethods(target, (table, object) => callOverload(table, object, name, args)) : own;
}

function withMethods<R>(target: Exclude<Value, null>, use: <T>(table: MethodTable<T>, object: T) => R): R | undefined {
  switch (typeof target) {
    case 'string':
      return use(stringMethods, target);
    case 'number':
      return use(integerMethods, target);
    case 'boolean':
      return use(booleanMethods, target);
    case 'bigint':
      return use(bigIntegerMethods, target);
  }
  if (target instanceof JavaMap) return use(mapMethods, target);
  if (target instanceof JavaList) return use(listMethods, target);
  if (target instanceof JavaEntry) return use(entryMethods, target);
  if (target instanceof JavaDouble) return use(doubleMethods, target);
  if (target instanceof JavaLong) return use(longMethods, target);
  if (target instanceof JavaFloat) return use(floatMethods, target);
  if (target instanceof JavaDecimal) return use(decimalMethods, target);
  if (target instanceof JavaCharacter) return use(characterMethods, target);
  if (target instanceof JavaIterator) return use(iteratorMethods, target);
  return target instanceof JavaClass ? use(classMethods, target) : undefined;
}

/**
 * `$target.name`: `getname()` or `getName()`, else a map's entry, else `isName()`.
 *
 * Source: Apache Velocity Engine 1.7, `UberspectImpl.getPropertyGet`.
 */
export function getProperty(target: Exclude<Value, null>, name: string): Value {
  if (target instanceof HostObject) return target.getProperty(name);
  if (target instanceof JavaMap) return getMapProperty(target, name);
  return callGetter(target, 'get', name) ?? (isFlag(target, name) ? callGetter(target, 'is', name) : null) ?? null;
}

/** A map has the getter of its class before its entries; a loop's `$foreach` has more. */
function getMapProperty(map: JavaMap, name: string): Value {
  const getter = `get${swapCase(name)}`;
  const own = map.callOwn(getter, []);
  if (own !== undefined) return own;
  const inherited = callOverload(objectMethods, map, getter, []);
  return inherited === undefined ? map.get(name) : inherited;
}

function callGetter(target: Exclude<Value, null>, prefix: string, name: string): Value | undefined {
  const getter = prefix + swapCase(name);
  return callOwnMethod(target, getter, []) ?? callOverload(objectMethods, target, getter, []);
}

function isFlag(target: Exclude<Value, null>, name: string): boolean {
  return typeof callOwnMethod(target, `is${swapCase(name)}`, []) === 'boolean';
}

/** A getter's name has a capital letter where the property has a small one. */
function swapCase(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/**
 * `$target[at]`: `get(at)`; a negative index counts from the end.
 *
 * @throws TemplateError beyond a list's end, and for a negative index of what has no size
 */
export function getIndex(target: Exclude<Value, null>, at: Value): Value {
  const index = fromEnd(target, at);
  if (target instanceof JavaList) return typeof index === 'number' ? getItem(target, index) : null;
  return target instanceof JavaMap ? target.get(index) : null;
}

/** `#set($target[at] = value)`; without effect on what has neither `set` nor `put`. @throws TemplateError beyond a list's end */
export function setIndex(target: Exclude<Value, null>, at: Value, value: Value): void {
  const index = fromEnd(target, at);
  if (target instanceof JavaMap) target.put(index, value);
  else if (target instanceof JavaList && typeof index === 'number') setItem(target, index, value);
}

/** `#set($target.name = value)`; without effect on what has no such property. */
export function setProperty(target: Exclude<Value, null>, name: string, value: Value): void {
  if (target instanceof JavaMap) target.put(name, value);
  else if (target instanceof JavaEntry && name.toLowerCase() === 'value') target.value = value;
}

function fromEnd(target: Exclude<Value, null>, at: Value): Value {
  if (typeof at !== 'number' || at >= 0) return at;
  if (target instanceof JavaList) return target.items.length + at;
  if (target instanceof JavaMap) return target.size + at;
  throw new TemplateError(`The index ${at} of ${JSON.stringify(textOf(target))}, which has no size.`);
}
