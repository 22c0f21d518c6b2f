/**
 * What a template can hold, as Java has it: null, Boolean, Integer (a JavaScript number), BigInteger (a bigint), String, and objects. No
 * JavaScript object is one of them, so no template reaches a property or a method of one.
 */
export type Value = null | boolean | number | bigint | string | JavaObject;

/** An object of a Java class. */
export abstract class JavaObject {
  /** Of the Java class, with its package. */
  abstract readonly className: string;

  /** `toString()`; null is a reference without a value. */
  abstract toText(): string | null;

  equals(other: Value): boolean {
    return this === other;
  }

  hashCode(): number {
    return 0;
  }

  /** A method that this class alone has; `undefined`: it has none of this name. */
  callOwn(_name: string, _args: readonly Value[]): Value | undefined {
    return undefined;
  }
}

/** `$x.class`: its name, and nothing that would lead further. */
export class JavaClass extends JavaObject {
  readonly className = 'java.lang.Class';
  readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
  }

  get simpleName(): string {
    if (this.name.startsWith('[L')) return `${new JavaClass(this.name.slice(2, -1)).simpleName}[]`;
    if (this.name === '[B') return 'byte[]';
    if (this.name === '[C') return 'char[]';
    return this.name.slice(Math.max(this.name.lastIndexOf('.'), this.name.lastIndexOf('$')) + 1);
  }

  override toText(): string {
    return `class ${this.name}`;
  }

  override equals(other: Value): boolean {
    return other instanceof JavaClass && other.name === this.name;
  }
}

/** `charAt` gives one; equal to a text of the same character only by `==`. */
export class JavaCharacter extends JavaObject {
  readonly className = 'java.lang.Character';
  readonly value: string;

  constructor(value: string) {
    super();
    this.value = value;
  }

  override toText(): string {
    return this.value;
  }

  override equals(other: Value): boolean {
    return other instanceof JavaCharacter && other.value === this.value;
  }

  override hashCode(): number {
    return this.value.charCodeAt(0);
  }
}

/** The gateway's own objects, whose properties and methods are code: `$input`, `$util`. */
export abstract class HostObject extends JavaObject {
  /** `$host.name`; null: there is none. */
  abstract getProperty(name: string): Value;
  /** `$host.name(…)`; `undefined`: there is none. */
  abstract callMethod(name: string, args: readonly Value[]): Value | undefined;

  override toText(): string {
    return this.className;
  }
}

export function classNameOf(value: Exclude<Value, null>): string {
  switch (typeof value) {
    case 'string':
      return 'java.lang.String';
    case 'number':
      return 'java.lang.Integer';
    case 'bigint':
      return 'java.math.BigInteger';
    case 'boolean':
      return 'java.lang.Boolean';
    default:
      return value.className;
  }
}

/** `toString()`, or `null` as Java prints it. */
export function textOf(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof JavaObject) return value.toText() ?? 'null';
  return String(value);
}

/** `equals()`, which a null has not: two nulls are equal. */
export function isEqual(left: Value, right: Value): boolean {
  return left instanceof JavaObject ? left.equals(right) : left === right;
}

export function hashCodeOf(value: Value): number {
  switch (typeof value) {
    case 'string':
      return hashText(value);
    case 'number':
      return value;
    case 'boolean':
      return value ? 1231 : 1237;
    case 'bigint':
      return hashBigInteger(value);
    default:
      return value === null ? 0 : value.hashCode();
  }
}

function hashText(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash;
}

/** Of the magnitude's 32-bit digits, the most significant first. */
function hashBigInteger(value: bigint): number {
  const digits: number[] = [];
  for (let rest = value < 0n ? -value : value; rest > 0n; rest >>= 32n) digits.unshift(Number(rest & 0xffffffffn));
  const hash = digits.reduce((sum, digit) => (Math.imul(sum, 31) + digit) | 0, 0);
  return Math.imul(hash, value < 0n ? -1 : 1);
}
