import { ExpressionError, within } from './addressed-error.ts';
import type { JsonEvaluator } from './evaluate-json.ts';

import { type Scope, withNames } from './expression/scope.ts';
import { isList, type Json, toJson } from './expression/value.ts';
import { forEachItems } from './for-each.ts';
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

/** The configuration of a resource with templates evaluated and `dynamic` blocks written out. */
export function evaluateBody(body: Body, scope: Scope, evaluate: JsonEvaluator): Record<string, Json> {
  const values: Record<string, Json> = {};
  for (const [name, json] of Object.entries(body)) {
    if (metaArguments.has(name)) continue;
    if (name === 'dynamic') Object.assign(values, expandDynamicBlocks(json, scope, evaluate));
    else values[name] = within(name, () => toJson(evaluate(json, scope)));
  }
  return values;
}

/** Source: Terraform, "dynamic Blocks". CDKTF writes one where a block's list comes from an iterator. */
function expandDynamicBlocks(json: Json, scope: Scope, evaluate: JsonEvaluator): Record<string, Json> {
  const blocks: Record<string, Json> = {};
  for (const [name, declaration] of Object.entries(asBody(json, 'dynamic'))) {
    blocks[name] = within(`dynamic ${name}`, () => {
      const { for_each: items = null, content = {}, iterator = name } = asBody(declaration, name);
      if (typeof iterator !== 'string') throw new ExpressionError('the iterator must be a name');
      return forEachItems(evaluate(items, scope)).map(([key, value]) =>
        evaluateBody(asBody(content, 'content'), withNames(scope, { [iterator]: { key, value } }), evaluate),
      );
    });
  }
  return blocks;
}

function asBody(json: Json, name: string): Body {
  const single = isList(json) && json.length === 1 ? json[0] : json;
  if (single === null || typeof single !== 'object' || isList(single)) {
    throw new ExpressionError(`${name} must be a block`);
  }
  return single ?? {};
}
