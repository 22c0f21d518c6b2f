import { ExpressionError } from './expression/expression-error.ts';
import type { Scope } from './expression/scope.ts';
import type { Accessor } from './expression/syntax.ts';
import type { Value } from './expression/value.ts';
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
