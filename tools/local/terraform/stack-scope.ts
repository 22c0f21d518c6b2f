import { ExpressionError, UndeclaredError } from './addressed-error.ts';
import { computedAttributes } from './computed/index.ts';
import { defaultOf, providerSchema } from './computed/provider-schema.ts';
import type { EvaluatedInstance } from './evaluate-resource.ts';
import type { EvaluatedResource } from './evaluation.ts';
import type { Scope } from './expression/scope.ts';
import type { Accessor } from './expression/syntax/syntax.ts';
import { fromJson } from './expression/value/json.ts';
import { LazyObject, Mapping, Placeholder, Sequence, type Value } from './expression/value/value.ts';
import type { Stack } from './stack.ts';

/** Readers of what a stack declares, by name: `target_env`, for resources `aws_s3_bucket.data`, for data sources `data.aws_region.current`. */
interface Declarations {
  readonly variables: ReadonlyMap<string, () => Value>;
  readonly locals: ReadonlyMap<string, () => Value>;
  readonly resources: ReadonlyMap<string, () => Value>;
}

/** Functions of providers that were called, by stack and name. */
export type UnknownFunctions = Map<string, { readonly stack: string; readonly name: string }>;

/** What names mean in a stack. Source: Terraform, "References to Named Values". */
export function createStackScope(stack: Stack, declarations: Declarations, unknownFunctions: UnknownFunctions): Scope {
  const constants: Readonly<Record<string, Value>> = {
    path: Mapping.object(['module', 'root', 'cwd'].map((name) => [name, stack.folder] as const)),
    terraform: Mapping.object([['workspace', 'default']]),
  };
  const read = (readers: ReadonlyMap<string, () => Value>, name: string, applied: number) => {
    const reader = readers.get(name);
    if (!reader) throw new UndeclaredError(`refers to ${name}, which the stack doesn't declare`);
    return { value: reader(), applied };
  };
  return {
    folder: stack.folder,
    unknownFunction: (name) => {
      const value = providerFunction(stack, name);
      unknownFunctions.set(`${stack.name} ${name}`, { stack: stack.name, name });
      return value;
    },
    resolve(name, accessors) {
      const constant = Object.hasOwn(constants, name) ? constants[name] : undefined;
      if (constant !== undefined) return { value: constant, applied: 0 };
      if (name === 'var') return read(declarations.variables, attributeName(name, accessors, 0), 1);
      if (name === 'local') return read(declarations.locals, attributeName(name, accessors, 0), 1);
      if (name !== 'data') return read(declarations.resources, `${name}.${attributeName(name, accessors, 0)}`, 1);
      const type = attributeName(name, accessors, 0);
      return read(declarations.resources, `data.${type}.${attributeName(name, accessors, 1)}`, 2);
    },
  };
}

/** A function of a provider that the stack names is known only to that provider; any other name is a mistake. */
function providerFunction(stack: Stack, name: string): Value {
  const [, provider] = /^provider::([^:]+)::/.exec(name) ?? [];
  const { terraform, provider: providers } = stack.json;
  const isNamed =
    provider !== undefined &&
    (Object.hasOwn(providers, provider) || Object.hasOwn(terraform.required_providers, provider));
  if (!isNamed) throw new UndeclaredError(`there is no function named ${name}()`);
  return new Placeholder(`${stack.name}: ${name}()`);
}

function attributeName(name: string, accessors: readonly Accessor[], position: number): string {
  const accessor = accessors[position];
  if (accessor?.kind === 'attribute') return accessor.name;
  throw new UndeclaredError(`"${name}" must be followed by a name; it means nothing by itself`);
}

/**
 * What an expression sees of a resource. An argument that is not set has its default, else null; an attribute that only AWS could tell is a
 * placeholder; one that the provider does not have is an error. Of a type that the runtime knows nothing of every other attribute is a
 * placeholder, at any depth.
 */
export function resourceValue(
  { stack, mode, type, address }: Pick<EvaluatedResource, 'address' | 'mode' | 'stack' | 'type'>,
  read: () => EvaluatedInstance,
): Value {
  const isKnown = computedAttributes(mode, type) !== undefined;
  const attribute = (name: string): Value => {
    const { attributes } = read();
    const value = attributes.get(name);
    const path = `${stack}: ${address}.${name}`;
    if (!isKnown) return value === undefined ? new Placeholder(path) : withPlaceholders(value, path);
    if (value !== undefined) return value;
    const schema = providerSchema(mode, type);
    if (schema?.arguments.has(name)) return fromJson(defaultOf(type, name));
    if (schema?.isComputed(name)) return new Placeholder(path);
    const known = [...attributes.keys()].sort().join(', ');
    throw new ExpressionError(`the local runtime can't tell ${address}.${name}; it knows ${known}`);
  };
  return new LazyObject(attribute, () => Mapping.object(read().attributes));
}

function withPlaceholders(value: Value, path: string): Value {
  if (value instanceof Sequence) {
    return Sequence.tuple(value.items.map((item, position) => withPlaceholders(item, `${path}[${position}]`)));
  }
  if (!(value instanceof Mapping)) return value;
  const attribute = (name: string): Value => {
    const member = value.members.get(name);
    if (member !== undefined) return withPlaceholders(member, `${path}.${name}`);
    // A block that stands once is a list of one to Terraform.
    return name === '0' ? withPlaceholders(value, path) : new Placeholder(`${path}.${name}`);
  };
  return new LazyObject(attribute, () => value);
}
