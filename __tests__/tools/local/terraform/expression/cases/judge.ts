import { ExpressionError, UndeclaredError } from '#local/terraform/addressed-error.ts';
import type { Scope } from '#local/terraform/expression/scope.ts';
import { encodeJson, fromJson } from '#local/terraform/expression/value/json.ts';
import type { Type } from '#local/terraform/expression/value/type.ts';
import { isSensitive, type Json, Mapping, Placeholder, typeOf } from '#local/terraform/expression/value/value.ts';
import { evaluated } from '#tests/tools/local/terraform/expression/scope-fixture.ts';

interface Judgement {
  /** `jsonencode` of the value; absent where the template is refused, or gives what an output would not show. */
  readonly json?: string;
  /** The value's type, as Terraform's state writes it. */
  readonly type?: string;
  /** What was wrong. */
  readonly refused?: string;
  readonly isKnown: boolean;
}

/** What the local runtime makes of a template, with `local.d` in scope. */
export function judge(template: string, locals: Json, folder: string): Judgement {
  const local = Mapping.object([['d', fromJson(locals)]]);
  const scope: Scope = {
    folder,
    resolve(name, accessors) {
      const [first] = accessors;
      if (name !== 'local') throw new UndeclaredError(`refers to ${name}, which is not declared`);
      if (first?.kind !== 'attribute') throw new UndeclaredError('local must be followed by a name');
      const value = local.members.get(first.name);
      if (value === undefined) throw new UndeclaredError(`refers to local.${first.name}, which is not declared`);
      return { value, applied: 1 };
    },
  };
  try {
    const value = evaluated(template, scope);
    if (value instanceof Placeholder) return { isKnown: false };
    if (isSensitive(value)) return { isKnown: true, refused: 'sensitive' };
    return { isKnown: true, json: encodeJson(value), type: JSON.stringify(typeJson(typeOf(value))) };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return { isKnown: true, refused: error.message };
  }
}

/** Source: go-cty, `Type.MarshalJSON`. */
function typeJson(type: Type): unknown {
  if (typeof type === 'string') return type;
  if (type.kind === 'tuple') return ['tuple', type.elements.map(typeJson)];
  if (type.kind !== 'object') return [type.kind, typeJson(type.element)];
  return ['object', Object.fromEntries([...type.attributes].map(([name, one]) => [name, typeJson(one)]))];
}
