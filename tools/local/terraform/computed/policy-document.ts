import { z } from 'zod';
import { ExpressionError, within } from '#local/terraform/addressed-error.ts';
import { blocks } from '#local/terraform/block-schema.ts';

import type { Attributes } from './computed-attributes.ts';

const texts = z.array(z.string()).default([]);
const principal = z.object({ type: z.string(), identifiers: texts });

const statement = z.object({
  sid: z.string().optional(),
  effect: z.enum(['Allow', 'Deny']).default('Allow'),
  actions: texts,
  not_actions: texts,
  resources: texts,
  not_resources: texts,
  principals: blocks(principal),
  not_principals: blocks(principal),
  condition: blocks(z.object({ test: z.string(), variable: z.string(), values: texts })),
});
type Statement = z.infer<typeof statement>;

const argumentsSchema = z.object({
  version: z.string().default('2012-10-17'),
  policy_id: z.string().optional(),
  statement: blocks(statement),
  source_policy_documents: texts,
  override_policy_documents: texts,
});

const document = z.object({
  Statement: z.union([z.array(z.looseObject({ Sid: z.string().optional() })), z.looseObject({})]),
});

type PolicyStatement = Readonly<Record<string, unknown>>;

/** The policy that `aws_iam_policy_document` writes. Source: AWS IAM, "Grammar of the IAM JSON policy language". */
export function policyDocumentJson(values: Attributes): string {
  const parsed = argumentsSchema.safeParse(values);
  if (!parsed.success) throw new ExpressionError(z.prettifyError(parsed.error));
  const {
    version,
    policy_id: id,
    source_policy_documents: sources,
    override_policy_documents: overrides,
  } = parsed.data;
  const base = [...statementsOf('source_policy_documents', sources), ...parsed.data.statement.map(toPolicyStatement)];
  const statements = override(base, statementsOf('override_policy_documents', overrides));
  return JSON.stringify(
    { Version: version, ...(id === undefined ? {} : { Id: id }), Statement: statements },
    undefined,
    2,
  );
}

function statementsOf(name: string, documents: readonly string[]): PolicyStatement[] {
  return within(name, () =>
    documents.flatMap((text) => {
      const { Statement: statements } = document.parse(JSON.parse(text));
      return Array.isArray(statements) ? statements : [statements];
    }),
  );
}

/** A statement of an override replaces the one with its `Sid`. */
function override(statements: PolicyStatement[], overriding: readonly PolicyStatement[]): PolicyStatement[] {
  const result = [...statements];
  for (const one of overriding) {
    const position = one.Sid ? result.findIndex((candidate) => candidate.Sid === one.Sid) : -1;
    if (position < 0) result.push(one);
    else result[position] = one;
  }
  return result;
}

function toPolicyStatement(from: Statement): PolicyStatement {
  const members = {
    Sid: from.sid,
    Effect: from.effect,
    Action: shorten(from.actions),
    NotAction: shorten(from.not_actions),
    Resource: shorten(from.resources),
    NotResource: shorten(from.not_resources),
    Principal: principals(from.principals),
    NotPrincipal: principals(from.not_principals),
    Condition: conditions(from.condition),
  };
  return Object.fromEntries(Object.entries(members).filter(([, member]) => member !== undefined));
}

/** A list of one is written as the text itself, an empty one not at all. */
function shorten(items: readonly string[]): string | readonly string[] | undefined {
  return items.length > 1 ? items : items[0];
}

function principals(found: Statement['principals']): unknown {
  if (found.length === 0) return undefined;
  if (found.some(({ type }) => type === '*')) return '*';
  const types = [...new Set(found.map(({ type }) => type))];
  return Object.fromEntries(
    types.map((type) => [
      type,
      shorten(found.filter((block) => block.type === type).flatMap(({ identifiers }) => identifiers)),
    ]),
  );
}

function conditions(found: Statement['condition']): unknown {
  if (found.length === 0) return undefined;
  const tests = [...new Set(found.map(({ test }) => test))];
  return Object.fromEntries(
    tests.map((test) => [
      test,
      Object.fromEntries(
        found.filter((block) => block.test === test).map(({ variable, values }) => [variable, shorten(values)]),
      ),
    ]),
  );
}
