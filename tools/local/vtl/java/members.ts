import { bounded } from '#local/vtl/limits.ts';
import { getEntry, isHost, isMap, setEntry, toValue, type Value } from '#local/vtl/values.ts';
import { getItem, listMethods } from './lists.ts';
import { mapMethods } from './maps.ts';
import { stringMethods, textArgument, textOf } from './strings.ts';

/** `$target.name(…)` on what would be a Java object. `undefined`: null, or no such method. No JavaScript method is ever reached. */
export function callMethod(target: Value, name: string, args: readonly Value[]): Value {
  if (typeof target === 'string') {
    const result = stringMethods.get(name)?.(target, args);
    return typeof result === 'string' ? bounded(result) : result;
  }
  if (Array.isArray(target)) return listMethods.get(name)?.(target, args);
  if (typeof target === 'number' || typeof target === 'boolean') return callScalar(target, name, args);
  if (isHost(target)) return target.callMethod(name, args);
  return isMap(target) ? mapMethods.get(name)?.(target, args) : undefined;
}

/** `$target.name`: a map's entry, a host object's property, or a getter (`$list.empty`). */
export function getProperty(target: Value, name: string): Value {
  if (isHost(target)) return target.getProperty(name);
  if (isMap(target)) return getEntry(target, name);
  return name === 'empty' ? callMethod(target, 'isEmpty', []) : undefined;
}

/** `$target[at]`. @throws TemplateError beyond a list's end */
export function getIndex(target: Value, at: Value): Value {
  if (Array.isArray(target)) return typeof at === 'number' ? getItem(target, at) : undefined;
  return isMap(target) ? getEntry(target, textOf(at)) : undefined;
}

/** `#set($target.name = …)`; without effect on what has no entries. */
export function setMember(target: Value, name: string, value: Value): void {
  if (isMap(target)) setEntry(target, name, value);
  else if (Array.isArray(target) && /^\d+$/.test(name) && Number(name) < target.length) target[Number(name)] = value;
}

function callScalar(target: number | boolean, name: string, args: readonly Value[]): Value {
  switch (name) {
    case 'toString':
      return textOf(target);
    case 'equals':
      return target === toValue(args[0]);
    case 'compareTo':
      return Math.sign(Number(target) - Number(textArgument(args, 0)));
    case 'intValue':
    case 'longValue':
      return Math.trunc(Number(target));
    case 'doubleValue':
    case 'floatValue':
      return Number(target);
    case 'booleanValue':
      return target === true;
    default:
      return undefined;
  }
}
