import { ExpressionError } from './addressed-error.ts';
import { computedAttributes } from './computed/index.ts';
import type { EvaluatedResource } from './evaluation.ts';
import type { Scope } from './expression/scope.ts';
import type { Accessor } from './expression/syntax.ts';
import { isList, isObject, type Json, LazyObject, Placeholder, type Value } from './expression/value.ts';
import type { Stack } from './stack.ts';

/** Readers of what a stack declares, by name: `target_env`, for resources `aws_s3_bucket.data`, for data sources `data.aws_region.current`. */
interface Declarations {
  readonly variables: ReadonlyMap<string, () => Value>;
  readonly locals: ReadonlyMap<string, () => Value>;
  readonly resources: ReadonlyMap<string, () => Value>;
}

/** What names mean in a stack. Source: Terraform, "References to Named Values". */
export function createStackScope(stack: Stack, declarations: Declarations): Scope {
  const constants: Readonly<Record<string, Value>> = {
    path: { module: stack.folder, root: stack.folder, cwd: stack.folder },
    terraform: { workspace: 'default' },
  };
  const read = (readers: ReadonlyMap<string, () => Value>, name: string, applied: number) => {
    const reader = readers.get(name);
    if (!reader) throw new ExpressionError(`refers to ${name}, which the stack doesn't declare`);
    return { value: reader(), applied };
  };
  return {
    folder: stack.folder,
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

function attributeName(name: string, accessors: readonly Accessor[], position: number): string {
  const accessor = accessors[position];
  if (accessor?.kind === 'attribute') return accessor.name;
  throw new ExpressionError(`"${name}" must be followed by a name; it means nothing by itself`);
}

/**
 * What an expression sees of a resource. An attribute that neither the configuration nor the computed attributes have is an error; of a type
 * that the runtime knows nothing of it is a placeholder, at any depth.
 */
export function resourceValue(
  { stack, mode, type, address }: Pick<EvaluatedResource, 'address' | 'mode' | 'stack' | 'type'>,
  read: () => EvaluatedResource,
): Value {
  const isKnown = computedAttributes(mode, type) !== undefined;
  const attribute = (name: string): Value => {
    const { values } = read();
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    const path = `${stack}: ${address}.${name}`;
    if (!isKnown) return value === undefined ? new Placeholder(path) : withPlaceholders(value, path);
    if (value !== undefined) return value;
    const known = Object.keys(values).sort().join(', ');
    throw new ExpressionError(`the local runtime can't tell ${address}.${name}; it knows ${known}`);
  };
  return new LazyObject(attribute, () => read().values);
}

function withPlaceholders(json: Json, path: string): Value {
  if (isList(json)) return json.map((item, position) => withPlaceholders(item, `${path}[${position}]`));
  if (!isObject(json)) return json;
  const attribute = (name: string): Value => {
    const value = Object.hasOwn(json, name) ? json[name] : undefined;
    if (value !== undefined) return withPlaceholders(value, `${path}.${name}`);
    // A block that stands once is a list of one to Terraform.
    return name === '0' ? withPlaceholders(json, path) : new Placeholder(`${path}.${name}`);
  };
  return new LazyObject(attribute, () => json);
}
