/** Marks an object whose properties and methods are code, not data: `$input`, `$util`, `$foreach`. */
export const HOST = Symbol('host object');

/** What a template can hold: JSON's values, and the gateway's own objects. `undefined` and `null` are both Java's null. */
export type Value = undefined | null | boolean | number | string | JavaList | JavaMap | HostObject;
export type JavaList = unknown[];
export interface JavaMap {
  [key: string]: unknown;
}

export interface HostObject {
  readonly [HOST]: true;
  /** `$host.name`; `undefined`: there is none. */
  getProperty(name: string): Value;
  /** `$host.name(…)`; `undefined`: there is none. */
  callMethod(name: string, args: readonly Value[]): Value;
}

export function isHost(value: unknown): value is HostObject {
  return typeof value === 'object' && value !== null && HOST in value;
}

/** Data only: an object of any class but `Object` isn't seen by templates. */
export function isMap(value: unknown): value is JavaMap {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || HOST in value) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Narrows data to what templates handle; functions, symbols and class instances become `undefined`. */
export function toValue(value: unknown): Value {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value;
    case 'object':
      return value === null || Array.isArray(value) || isHost(value) || isMap(value) ? value : undefined;
    default:
      return undefined;
  }
}

/** Own entries only: what `Object.prototype` holds isn't in a Java map. */
export function getEntry(map: JavaMap, key: string): Value {
  return Object.hasOwn(map, key) ? toValue(map[key]) : undefined;
}

/** `__proto__` becomes an entry like any other. */
export function setEntry(map: JavaMap, key: string, value: Value): void {
  if (key !== '__proto__') map[key] = value;
  else Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}
