import { computedAttributes } from './computed/index.ts';
import type { EvaluatedResource } from './evaluation.ts';
import { ExpressionError } from './expression/expression-error.ts';
import { isList, isObject, type Json, LazyObject, Placeholder, type Value } from './expression/value.ts';

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
