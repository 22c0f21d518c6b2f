import { bounded, MAX_SIZE, TemplateError } from '#local/vtl/limits.ts';
import { printJson } from './json.ts';
import { hashCodeOf, isEqual, JavaObject, textOf, type Value } from './value.ts';

/** A part of a document that nothing has looked into yet. */
export interface Unread<T> {
  readonly plain: T;
  readonly convert: (value: unknown) => Value;
}

/** What distinguishes the lists, sets and arrays that a template meets. */
interface ListType {
  readonly className: string;
  /** Refuses to grow. */
  readonly fixed?: boolean;
  readonly array?: boolean;
  /** Prints as JSON. */
  readonly json?: boolean;
}

const ARRAY_LIST: ListType = { className: 'java.util.ArrayList' };
/**
 * A list of a JSON document: API Gateway prints it as JSON, in a map, too.
 *
 * Source: recorded on AWS; json-smart, the library below Jayway JsonPath, whose lists are `JSONArray` and whose maps are plain.
 */
export const DOCUMENT_LIST: ListType = { className: 'net.minidev.json.JSONArray', json: true };
export const STRING_ARRAY: ListType = { className: '[Ljava.lang.String;', fixed: true, array: true };
export const OBJECT_ARRAY: ListType = { className: '[Ljava.lang.Object;', fixed: true, array: true };
export const BYTE_ARRAY: ListType = { className: '[B', fixed: true, array: true };
export const CHARACTER_ARRAY: ListType = { className: '[C', fixed: true, array: true };
const KEY_SET: ListType = { className: 'java.util.LinkedHashMap$LinkedKeySet', fixed: true };
const VALUES: ListType = { className: 'java.util.LinkedHashMap$LinkedValues', fixed: true };
const ENTRY_SET: ListType = { className: 'java.util.LinkedHashMap$LinkedEntrySet', fixed: true };

/** A list, a set or an array. */
export class JavaList extends JavaObject {
  readonly type: ListType;
  #items: Value[] | undefined;
  readonly #unread: Unread<readonly unknown[]> | undefined;
  /** Of a map's keys, values or entries: the map. */
  readonly #owner: JavaMap | undefined;
  #changes = 0;

  constructor(items: Value[] | Unread<readonly unknown[]>, type = ARRAY_LIST, owner?: JavaMap) {
    super();
    if (Array.isArray(items)) this.#items = items;
    else this.#unread = items;
    this.type = type;
    this.#owner = owner;
  }

  get items(): Value[] {
    this.#items ??= this.#unread?.plain.map(this.#unread.convert) ?? [];
    return this.#items;
  }

  /** What it was made of, as long as nothing has looked into it. */
  get unread(): readonly unknown[] | undefined {
    return this.#items ? undefined : this.#unread?.plain;
  }

  /** Of a map's values: the entries that have them, in which they can be replaced meanwhile. */
  get entries(): readonly JavaEntry[] | undefined {
    return this.type === VALUES ? this.#owner?.entries : undefined;
  }

  /** How often it grew or shrank: a loop over it notices. */
  get changes(): number {
    return this.#owner?.changes ?? this.#changes;
  }

  get className(): string {
    return this.type.className;
  }

  override toText(): string {
    if (this.type.json) return printJson(this);
    return bounded(`[${this.items.map((item) => (item === this ? '(this Collection)' : textOf(item))).join(', ')}]`);
  }

  override equals(other: Value): boolean {
    if (this.type.array || !(other instanceof JavaList) || other.type.array) return this === other;
    return (
      this.items.length === other.items.length && this.items.every((item, at) => isEqual(item, other.items[at] ?? null))
    );
  }

  override hashCode(): number {
    return this.items.reduce<number>((hash, item) => (Math.imul(hash, 31) + hashCodeOf(item)) | 0, 1);
  }

  /** Before it changes its length. @throws TemplateError for what Java refuses, and beyond 1.3 million elements */
  resize(by: number): void {
    if (this.type.fixed) throw new TemplateError(`A list of class ${this.className} can not be changed.`);
    if (this.items.length + by > MAX_SIZE / 8)
      throw new TemplateError(`The template makes a list of more than ${MAX_SIZE / 8} elements.`);
    this.#changes++;
  }
}

/** An entry of a map: what is set in it is set in the map. */
export class JavaEntry extends JavaObject {
  readonly className = 'java.util.LinkedHashMap$Entry';
  readonly key: Value;
  value: Value;

  constructor(key: Value, value: Value) {
    super();
    this.key = key;
    this.value = value;
  }

  override toText(): string {
    return `${textOf(this.key)}=${textOf(this.value)}`;
  }

  override equals(other: Value): boolean {
    return other instanceof JavaEntry && isEqual(this.key, other.key) && isEqual(this.value, other.value);
  }

  override hashCode(): number {
    return hashCodeOf(this.key) ^ hashCodeOf(this.value);
  }
}

/** A LinkedHashMap: keys of any class, in the order in which they came. */
export class JavaMap extends JavaObject {
  readonly className: string = 'java.util.LinkedHashMap';
  #loaded: Map<unknown, JavaEntry> | undefined;
  readonly #unread: Unread<object> | undefined;
  changes = 0;

  constructor(unread?: Unread<object>) {
    super();
    this.#unread = unread;
  }

  static of(entries: Iterable<readonly [string, Value]>): JavaMap {
    const map = new JavaMap();
    for (const [key, value] of entries) map.put(key, value);
    return map;
  }

  /** What it was made of, as long as nothing has looked into it. */
  get unread(): object | undefined {
    return this.#loaded ? undefined : this.#unread?.plain;
  }

  get #entries(): Map<unknown, JavaEntry> {
    if (this.#loaded) return this.#loaded;
    const entries = new Map<unknown, JavaEntry>();
    const { plain = {}, convert = () => null } = this.#unread ?? {};
    for (const [key, value] of Object.entries(plain)) entries.set(key, new JavaEntry(key, convert(value)));
    this.#loaded = entries;
    return entries;
  }

  get size(): number {
    return this.#entries.size;
  }

  get entries(): readonly JavaEntry[] {
    return [...this.#entries.values()];
  }

  get(key: Value): Value {
    const unread = this.unread;
    if (unread && typeof key === 'string') {
      // What holds nothing itself needs no entry: nothing can be changed in it.
      const value: unknown = Object.getOwnPropertyDescriptor(unread, key)?.value;
      if (typeof value !== 'object' || value === null) return this.#unread?.convert(value) ?? null;
    }
    return this.#entries.get(identity(key))?.value ?? null;
  }

  has(key: Value): boolean {
    if (this.unread) return typeof key === 'string' && Object.hasOwn(this.unread, key);
    return this.#entries.has(identity(key));
  }

  /** @returns the value before */
  put(key: Value, value: Value): Value {
    const entry = this.#entries.get(identity(key));
    if (!entry) {
      if (this.size > MAX_SIZE / 8)
        throw new TemplateError(`The template makes a map of more than ${MAX_SIZE / 8} entries.`);
      this.changes++;
      this.#entries.set(identity(key), new JavaEntry(key, value));
      return null;
    }
    const before = entry.value;
    entry.value = value;
    return before;
  }

  /** @returns the value before */
  remove(key: Value): Value {
    const before = this.get(key);
    if (this.#entries.delete(identity(key))) this.changes++;
    return before;
  }

  clear(): void {
    this.#entries.clear();
    this.changes++;
  }

  keySet(): JavaList {
    return new JavaList(
      this.entries.map(({ key }) => key),
      KEY_SET,
      this,
    );
  }

  values(): JavaList {
    return new JavaList(
      this.entries.map(({ value }) => value),
      VALUES,
      this,
    );
  }

  entrySet(): JavaList {
    return new JavaList([...this.entries], ENTRY_SET, this);
  }

  override toText(): string {
    const parts = this.entries.map(
      ({ key, value }) => `${textOf(key)}=${value === this ? '(this Map)' : textOf(value)}`,
    );
    return bounded(`{${parts.join(', ')}}`);
  }

  override equals(other: Value): boolean {
    if (!(other instanceof JavaMap) || other.size !== this.size) return false;
    return this.entries.every(({ key, value }) => other.has(key) && isEqual(value, other.get(key)));
  }

  override hashCode(): number {
    return this.entries.reduce((sum, entry) => (sum + entry.hashCode()) | 0, 0);
  }
}

/** Two keys that are equal in Java are one key of a JavaScript map. */
function identity(key: Value): unknown {
  return key instanceof JavaObject ? `\0${key.className}\0${textOf(key)}` : key;
}
