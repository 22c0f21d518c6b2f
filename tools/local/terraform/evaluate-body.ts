import { ExpressionError, within } from './addressed-error.ts';
import type { JsonEvaluator } from './evaluate-json.ts';
import { type Scope, withNames } from './expression/scope.ts';
import { toText } from './expression/value/convert.ts';
import { isJsonList } from './expression/value/json.ts';
import { isNull, type Json, Mapping, Sensitive, Sequence, type Value } from './expression/value/value.ts';
import { dynamicItems, keyAndValue } from './for-each.ts';
import type { Body } from './stack.ts';

/** What steers Terraform and is no configuration of the resource. Source: Terraform, "Meta-Arguments". */
const metaArguments: ReadonlySet<string> = new Set([
  '//',
  'connection',
  'count',
  'depends_on',
  'for_each',
  'lifecycle',
  'provider',
  'provisioner',
]);

/** The configuration of a resource with templates evaluated and `dynamic` blocks written out. What is null is unset. */
export function evaluateBody(body: Body, scope: Scope, evaluate: JsonEvaluator): ReadonlyMap<string, Value> {
  const configuration = Object.entries(body).filter(([name]) => !metaArguments.has(name));
  return evaluateMembers(configuration, scope, evaluate);
}

function evaluateMembers(
  members: readonly (readonly [string, Json])[],
  scope: Scope,
  evaluate: JsonEvaluator,
): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  const add = (name: string, value: Value) => {
    if (isNull(value instanceof Sensitive ? value.value : value)) return;
    const earlier = values.get(name);
    // Blocks that are written out stand beside those that are written as they are.
    values.set(name, earlier === undefined ? value : Sequence.tuple([...asBlocks(earlier), ...asBlocks(value)]));
  };
  for (const [name, json] of members) {
    if (name !== 'dynamic' || !isDynamic(json)) {
      add(
        toText(evaluate(name, scope)),
        within(name, () => evaluateMember(json, scope, evaluate)),
      );
      continue;
    }
    for (const [block, declaration] of Object.entries(asBody(json, 'dynamic'))) {
      add(
        block,
        within(`dynamic ${block}`, () => writeOut(block, asBody(declaration, block), scope, evaluate)),
      );
    }
  }
  return values;
}

/** An argument, or a block with what it holds. */
function evaluateMember(json: Json, scope: Scope, evaluate: JsonEvaluator): Value {
  if (json === null || typeof json !== 'object') return blockValue(evaluate(json, scope));
  if (isJsonList(json)) {
    return Sequence.tuple(
      json.map((item, position) => within(`[${position}]`, () => evaluateMember(item, scope, evaluate))),
    );
  }
  return Mapping.block(evaluateMembers(Object.entries(json), scope, evaluate));
}

/** Members that are null are unset within what an expression gives, too. */
function blockValue(value: Value): Value {
  if (value instanceof Sequence && value.kind !== 'set') {
    return value.items.some((item) => item instanceof Mapping) ? Sequence.tuple(value.items.map(blockValue)) : value;
  }
  if (!(value instanceof Mapping) || value.kind === 'map') return value;
  return Mapping.block(
    [...value.members].filter(([, member]) => !isNull(member)).map(([name, member]) => [name, blockValue(member)]),
  );
}

function asBlocks(value: Value): readonly Value[] {
  return value instanceof Sequence ? value.items : [value];
}

/** Source: Terraform, "dynamic Blocks". CDKTF writes one where a block's list comes from an iterator. */
function writeOut(name: string, declaration: Body, scope: Scope, evaluate: JsonEvaluator): Value {
  const { for_each: items = null, content = {}, iterator = name } = declaration;
  if (typeof iterator !== 'string') throw new ExpressionError('the iterator must be a name');
  const members = Object.entries(asBody(content, 'content'));
  return Sequence.tuple(
    dynamicItems(evaluate(items, scope)).map(([key, value]) =>
      Mapping.block(evaluateMembers(members, withNames(scope, { [iterator]: keyAndValue(key, value) }), evaluate)),
    ),
  );
}

/** Whether a member of this name holds `dynamic` blocks, and is no argument that happens to be called so. */
function isDynamic(json: Json): boolean {
  const blocks = isJsonList(json) ? json[0] : json;
  if (blocks === null || typeof blocks !== 'object' || isJsonList(blocks ?? null)) return false;
  return Object.values(blocks ?? {}).every((block) => {
    const declaration = isJsonList(block) ? block[0] : block;
    return (
      declaration !== null && typeof declaration === 'object' && 'for_each' in declaration && 'content' in declaration
    );
  });
}

function asBody(json: Json, name: string): Body {
  const single = isJsonList(json) && json.length === 1 ? json[0] : json;
  if (single === null || typeof single !== 'object' || isJsonList(single)) {
    throw new ExpressionError(`${name} must be a block`);
  }
  return single ?? {};
}
