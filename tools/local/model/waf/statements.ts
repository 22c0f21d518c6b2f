import { z } from 'zod';
import { numeric } from '#local/model/arguments/argument-schema.ts';
import { blocks, optionalBlock } from '#local/terraform/block-schema.ts';
import type { ByteMatch, RateBased, WafStatement } from './web-acl-model.ts';

/** Which part of a request is looked at: by the names of its blocks. */
export const fieldToMatch = z.object({
  method: optionalBlock(z.object({})),
  query_string: optionalBlock(z.object({})),
  uri_path: optionalBlock(z.object({})),
  single_header: optionalBlock(z.object({ name: z.string() })),
});

const byteMatch = z.object({
  positional_constraint: z.enum(['CONTAINS', 'CONTAINS_WORD', 'ENDS_WITH', 'EXACTLY', 'STARTS_WITH']),
  search_string: z.string(),
  field_to_match: optionalBlock(fieldToMatch),
  text_transformation: blocks(z.object({ priority: numeric, type: z.string() })),
});

// What stands in statements within statements is looked at by `statementOf`.
const inner = z.object({ statement: blocks(z.unknown()) });

export const statement = z.object({
  byte_match_statement: optionalBlock(byteMatch),
  and_statement: optionalBlock(inner),
  or_statement: optionalBlock(inner),
  not_statement: optionalBlock(inner),
  rate_based_statement: optionalBlock(
    z.object({
      limit: numeric,
      // Source: AWS WAF API Reference, RateBasedStatement.
      evaluation_window_sec: numeric.default(300),
      aggregate_key_type: z.string().default('IP'),
      forwarded_ip_config: optionalBlock(
        z.object({ header_name: z.string(), fallback_behavior: z.enum(['MATCH', 'NO_MATCH']) }),
      ),
      scope_down_statement: optionalBlock(z.unknown()),
    }),
  ),
});

/** What a rule asks of a request. @returns undefined: something that is not served */
export function statementOf(json: unknown): WafStatement | undefined {
  const parsed = statement.safeParse(json);
  // Of the kinds of statements exactly one stands there.
  if (!parsed.success || Object.keys(Object(json)).length !== 1) return undefined;
  const { byte_match_statement: match, rate_based_statement: rate, ...nested } = parsed.data;
  if (match) return byteMatchOf(match);
  if (rate) return rateOf(rate);
  if (nested.not_statement) {
    const [only] = nested.not_statement.statement.map(statementOf);
    return only && { kind: 'not', statement: only };
  }
  const kind = nested.and_statement ? 'and' : 'or';
  const statements = (nested.and_statement ?? nested.or_statement)?.statement.map(statementOf);
  const known = statements?.filter((each) => each !== undefined);
  return known && known.length === statements?.length ? { kind, statements: known } : undefined;
}

function byteMatchOf(match: z.infer<typeof byteMatch>): ByteMatch | undefined {
  const field = match.field_to_match && fieldOf(match.field_to_match);
  const transformations = match.text_transformation.map(({ type }) => type).filter((type) => type !== 'NONE');
  if (!field || transformations.some((type) => type !== 'LOWERCASE')) return undefined;
  return {
    kind: 'byte-match',
    constraint: match.positional_constraint,
    text: match.search_string,
    field,
    isLowercased: transformations.length > 0,
  };
}

/** @returns undefined: the body, cookies or another part that is not looked at here */
export function fieldOf(field: z.infer<typeof fieldToMatch>): ByteMatch['field'] | undefined {
  if (field.single_header) return `header:${field.single_header.name.toLowerCase()}`;
  return (['method', 'query_string', 'uri_path'] as const).find((name) => field[name]);
}

function rateOf(rate: NonNullable<z.infer<typeof statement>['rate_based_statement']>): RateBased | undefined {
  const { aggregate_key_type: type, forwarded_ip_config: forwarded, scope_down_statement: scopeDown } = rate;
  const key =
    type === 'FORWARDED_IP' && forwarded
      ? { header: forwarded.header_name.toLowerCase(), fallback: forwarded.fallback_behavior }
      : (['CONSTANT', 'IP'] as const).find((name) => name === type);
  const scope = scopeDown === undefined ? undefined : statementOf(scopeDown);
  if (!key || (scopeDown !== undefined && !scope)) return undefined;
  return {
    kind: 'rate',
    limit: rate.limit,
    windowSeconds: rate.evaluation_window_sec,
    key,
    ...(scope && { scope }),
  };
}
