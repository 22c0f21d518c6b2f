import { JavaList, JavaMap } from '#local/vtl/java/collections.ts';
import {
  isNumber,
  JavaDouble,
  JavaFloat,
  JavaLong,
  type JavaNumber,
  toDouble,
  toInt,
  toLong,
} from '#local/vtl/java/numbers.ts';
import { JavaCharacter, textOf, type Value } from '#local/vtl/java/value.ts';
import { TemplateError } from '#local/vtl/limits.ts';

/** What Java's `void` methods give: Velocity prints nothing, but has a value. */
const VOID = '';

/** The arguments of a method whose signature they fit. */
export class Arguments {
  readonly values: readonly Value[];

  constructor(values: readonly Value[]) {
    this.values = values;
  }

  value(at: number): Value {
    return this.values[at] ?? null;
  }

  /** @throws TemplateError for null, as Java does */
  text(at: number): string {
    const value = this.value(at);
    if (value === null) throw new TemplateError(`A method got null as argument ${at + 1}.`);
    return textOf(value);
  }

  /** @throws TemplateError for null */
  number(at: number): JavaNumber {
    const value = this.value(at);
    if (!isNumber(value)) throw new TemplateError(`A method got null as argument ${at + 1}, which takes a number.`);
    return value;
  }

  int(at: number): number {
    return toInt(this.number(at));
  }

  long(at: number): bigint {
    return toLong(this.number(at));
  }

  double(at: number): number {
    return toDouble(this.number(at));
  }

  /** The elements of a list, a set or an array. @throws TemplateError for null */
  items(at: number): readonly Value[] {
    const value = this.value(at);
    if (value instanceof JavaList) return value.items;
    throw new TemplateError(`A method got null as argument ${at + 1}, which takes a list.`);
  }

  /** From here on, as `Object…` takes them. */
  rest(from: number): readonly Value[] {
    const values = this.values.slice(from);
    const [only] = values;
    return values.length === 1 && only instanceof JavaList && only.type.array ? only.items : values;
  }
}

/** `undefined`: void. */
type Run<T> = (target: T, args: Arguments) => Value | undefined;

interface Overload<T> {
  readonly parameters: readonly string[];
  /** The last parameter takes any number of arguments. */
  readonly variadic: boolean;
  readonly run: Run<T>;
}

/** A class's methods: name → overloads, of which the first that takes the arguments is called. */
export type MethodTable<T> = ReadonlyMap<string, readonly Overload<T>[]>;

/** Java signatures (`substring(int, int)`, `format(String, Object...)`) and what they do; of overloads the most specific first. */
export function methodTable<T>(methods: readonly (readonly [signature: string, run: Run<T>])[]): MethodTable<T> {
  const table = new Map<string, Overload<T>[]>();
  for (const [signature, run] of methods) {
    const [, name = '', list = ''] = /^(\w+)\((.*)\)$/.exec(signature) ?? [];
    const parameters = list === '' ? [] : list.split(', ');
    const variadic = list.endsWith('...');
    table.set(name, [...(table.get(name) ?? []), { parameters, variadic, run }]);
  }
  return table;
}

/**
 * Calls the method that Java's reflection finds for the arguments' classes.
 *
 * Source: Apache Velocity Engine 1.7, `MethodMap`, `IntrospectionUtils`.
 *
 * @returns `undefined` when the class has no method that takes them: a reference without a value
 */
export function callOverload<T>(
  table: MethodTable<T>,
  target: T,
  name: string,
  values: readonly Value[],
): Value | undefined {
  const overload = table.get(name)?.find((candidate) => takes(candidate, values));
  if (!overload) return undefined;
  const result = overload.run(target, new Arguments(values));
  return result === undefined ? VOID : result;
}

/** Whether the class has a method of this name that takes no arguments. */
export function takesNothing<T>(table: MethodTable<T>, name: string): boolean {
  return table.get(name)?.some(({ parameters }) => parameters.length === 0) ?? false;
}

function takes({ parameters, variadic }: Overload<never>, values: readonly Value[]): boolean {
  if (!variadic)
    return parameters.length === values.length && values.every((value, at) => fits(value, parameters[at] ?? ''));
  const fixed = parameters.length - 1;
  if (values.length < fixed) return false;
  const rest = (parameters[fixed] ?? '').slice(0, -'...'.length);
  return values.every((value, at) => fits(value, at < fixed ? (parameters[at] ?? '') : rest));
}

/** Whether an argument's class can be passed for a parameter's type; null can for all but the primitive ones. */
function fits(value: Value, type: string): boolean {
  switch (type) {
    case 'int':
      return typeof value === 'number';
    case 'long':
      return typeof value === 'number' || value instanceof JavaLong;
    case 'float':
      return typeof value === 'number' || value instanceof JavaLong || value instanceof JavaFloat;
    case 'double':
      return fits(value, 'float') || value instanceof JavaDouble;
    case 'boolean':
      return typeof value === 'boolean';
    case 'char':
      return value instanceof JavaCharacter;
    case 'Object':
      return true;
    default:
      return value === null || isInstance(value, type);
  }
}

function isInstance(value: Exclude<Value, null>, type: string): boolean {
  switch (type) {
    case 'String':
    case 'CharSequence':
      return typeof value === 'string';
    case 'Integer':
      return typeof value === 'number';
    case 'Number':
      return isNumber(value);
    case 'Boolean':
      return typeof value === 'boolean';
    case 'Long':
      return value instanceof JavaLong;
    case 'Double':
      return value instanceof JavaDouble;
    case 'BigInteger':
      return typeof value === 'bigint';
    case 'Iterable':
    case 'Collection':
      return value instanceof JavaList && !value.type.array;
    case 'array':
      return value instanceof JavaList && value.type.array === true;
    case 'Map':
      return value instanceof JavaMap;
    default:
      return false;
  }
}
