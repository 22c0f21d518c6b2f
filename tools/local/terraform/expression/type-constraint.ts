import { ExpressionError } from '#local/terraform/addressed-error.ts';
import { parseExpression } from './syntax/read-expression.ts';
import type { Expression } from './syntax/syntax.ts';
import { convert } from './value/convert.ts';
import { listOf, mapOf, objectOf, setOf, type Type } from './value/type.ts';
import { isNull, Mapping, Null, Sensitive, Sequence, type Value } from './value/value.ts';

/** A type as a variable declares it, and what stands for absent attributes of its objects. */
interface Constraint {
  readonly type: Type;
  readonly defaults?: Defaults;
}

interface Defaults {
  readonly attributes: ReadonlyMap<string, Value>;
  /** Of the elements of a collection, under the empty name; of a tuple's or object's parts. */
  readonly parts: ReadonlyMap<string, Defaults>;
}

const primitives: ReadonlySet<string> = new Set(['bool', 'number', 'string']);

/**
 * Converts a value to a type at every depth: `list(object({ name = string, size = optional(number, 3) }))`.
 * Source: Terraform, "Type Constraints".
 *
 * @throws ExpressionError
 */
export function convertToType(value: Value, written: string): Value {
  const { type, defaults } = readConstraint(parseExpression(written), true);
  return convert(defaults ? applyDefaults(value, defaults) : value, type);
}

function readConstraint(expression: Expression, isTop: boolean): Constraint {
  if (expression.kind === 'access' && expression.accessors.length === 0) return readConstraint(expression.of, isTop);
  if (expression.kind === 'template' || (expression.kind === 'literal' && typeof expression.value === 'string')) {
    // CDKTF writes a type as the text of an interpolation.
    return readConstraint(parseExpression(String(expression.kind === 'literal' ? expression.value : 'any')), isTop);
  }
  if (expression.kind === 'reference' && expression.accessors.length === 0)
    return { type: simpleType(expression.name) };
  if (expression.kind !== 'call')
    throw new ExpressionError('got a type that is neither a name nor such as list(string)');
  const [argument] = expression.args;
  switch (expression.name) {
    case 'list':
    case 'set':
    case 'map': {
      if (!argument) throw new ExpressionError(`the type ${expression.name} needs one of its elements`);
      const { type, defaults } = readConstraint(argument, false);
      const create = { list: listOf, set: setOf, map: mapOf }[expression.name];
      return { type: create(type), ...(defaults ? { defaults: partDefaults([['', defaults]]) } : {}) };
    }
    case 'tuple': {
      if (argument?.kind !== 'list') throw new ExpressionError('the type tuple needs a list of types');
      const parts = argument.items.map((item) => readConstraint(item, false));
      const defaults = parts.flatMap((part, position) =>
        part.defaults ? [[String(position), part.defaults] as const] : [],
      );
      const type: Type = { kind: 'tuple', elements: parts.map((part) => part.type) };
      return { type, ...(defaults.length > 0 ? { defaults: partDefaults(defaults) } : {}) };
    }
    case 'object':
      if (argument?.kind !== 'object') throw new ExpressionError('the type object needs its attributes');
      return readObject(argument);
    default:
      throw new ExpressionError(`got the type ${expression.name}(), which Terraform does not have`);
  }
}

function simpleType(name: string): Type {
  if (name === 'any') return 'dynamic';
  if (name === 'list') return listOf('dynamic');
  if (name === 'map') return mapOf('dynamic');
  if (name === 'set') return setOf('dynamic');
  if (primitives.has(name)) return name === 'bool' ? 'bool' : name === 'number' ? 'number' : 'string';
  throw new ExpressionError(`got the type ${name}, which Terraform does not have`);
}

function readObject({ entries }: Extract<Expression, { kind: 'object' }>): Constraint {
  const attributes = new Map<string, Type>();
  const optional = new Set<string>();
  const values = new Map<string, Value>();
  const parts = new Map<string, Defaults>();
  for (const { key, value } of entries) {
    const name = key.kind === 'literal' && typeof key.value === 'string' ? key.value : '';
    const isOptional = value.kind === 'call' && value.name === 'optional';
    const [inner, standsFor] = isOptional ? value.args : [value];
    const { type, defaults } = readConstraint(inner ?? value, false);
    attributes.set(name, type);
    if (isOptional) optional.add(name);
    if (standsFor) values.set(name, convert(literalValue(standsFor), type));
    if (defaults) parts.set(name, defaults);
  }
  const type = objectOf(attributes, optional);
  return { type, ...(values.size + parts.size > 0 ? { defaults: { attributes: values, parts } } : {}) };
}

function literalValue(expression: Expression): Value {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'list':
      return Sequence.tuple(expression.items.map(literalValue));
    case 'object':
      return Mapping.object(
        expression.entries.map(({ key, value }) => [String(literalValue(key)), literalValue(value)] as const),
      );
    case 'unary':
    case 'access':
      if (expression.kind === 'access') return literalValue(expression.of);
      return convertNegative(literalValue(expression.operand));
    default:
      throw new ExpressionError('a default of optional() must be a plain value');
  }
}

function convertNegative(value: Value): Value {
  const number = convert(value, 'number');
  return typeof number === 'object' && 'negate' in number ? number.negate() : number;
}

function partDefaults(parts: Iterable<readonly [string, Defaults]>): Defaults {
  return { attributes: new Map(), parts: new Map(parts) };
}

/** Fills in absent and null attributes before the conversion. Source: HCL, `typeexpr.Defaults`. */
function applyDefaults(value: Value, defaults: Defaults): Value {
  if (value instanceof Sensitive) return new Sensitive(applyDefaults(value.value, defaults));
  if (value instanceof Sequence) {
    const items = value.items.map((item, position) => {
      const inner = defaults.parts.get('') ?? defaults.parts.get(String(position));
      return inner ? applyDefaults(item, inner) : item;
    });
    return Sequence.tuple(items);
  }
  if (!(value instanceof Mapping)) return value;
  const members = new Map(value.members);
  for (const [name, standsFor] of defaults.attributes) {
    const given = members.get(name);
    if (given === undefined || isNull(given)) members.set(name, standsFor);
  }
  for (const [name, member] of members) {
    const inner = defaults.parts.get(name) ?? defaults.parts.get('');
    if (inner && !(member instanceof Null)) members.set(name, applyDefaults(member, inner));
  }
  return Mapping.object(members);
}
