import * as z from 'zod/mini';
import { edgePattern, matchesPattern } from '#contract/edge-pattern.ts';
import type { Operation } from '#contract/operation.ts';
import type { Found, LintedStage } from '#operator/lint/linted-stage.ts';
import type { Rule } from '#operator/lint/rule.ts';

const behaviorSchema = z.object({
  path_pattern: z._default(z.string(), '*'),
  target_origin_id: z.string(),
  allowed_methods: z.array(z.string()),
});
const distributionSchema = z.object({
  aliases: z._default(z.array(z.string()), []),
  web_acl_id: z._default(z.string(), ''),
  default_cache_behavior: z.union([behaviorSchema, z.array(behaviorSchema)]),
  ordered_cache_behavior: z._default(z.array(behaviorSchema), []),
  origin_group: z._default(z.array(z.object({ origin_id: z.string() })), []),
  custom_error_response: z._default(
    z.array(z.object({ error_code: z.number(), error_caching_min_ttl: z._default(z.number(), 10) })),
    [],
  ),
});
const mappingSchema = z.object({ api_id: z.string(), domain_name: z.string() });
const checkSchema = z.object({
  id: z.string(),
  request_interval: z._default(z.number(), 30),
  failure_threshold: z._default(z.number(), 3),
  child_healthchecks: z._default(z.array(z.string()), []),
});
const recordSchema = z.object({
  name: z.string(),
  type: z.literal('A'),
  set_identifier: z.string(),
  health_check_id: z.string(),
});

const WRITES = ['DELETE', 'PATCH', 'POST', 'PUT'];

/** Seconds that an alias record is kept. Source: Amazon Route 53 Developer Guide, "Choosing between alias and non-alias records". */
const ALIAS_SECONDS = 60;

/** Statuses that CloudFront keeps by itself. Source: CloudFront Developer Guide, "HTTP 4xx and 5xx status codes that CloudFront caches". */
const KEPT_STATUSES = [404, 414, 500, 501, 502, 503, 504];

/** What stands before both regions, and how long they take to stand in for each other. */
export const EDGE_RULES: readonly Rule[] = [
  {
    id: 'edge-failover-of-writes',
    title: 'An origin group of the edge is for reads alone.',
    why: 'CloudFront sends no write to the second origin, and a GET that writes twice: what looks as if it failed over does not, or is done in both regions.',
    find: (stage) =>
      distributions(stage).flatMap((distribution) => {
        const groups = new Set(distribution.values.origin_group.map(({ origin_id: id }) => id));
        return behaviorsOf(distribution)
          .filter(({ target_origin_id: target }) => groups.has(target))
          .flatMap((behavior) => {
            const { path_pattern: pattern, allowed_methods: methods } = behavior;
            const writing = methods.filter((method) => WRITES.includes(method));
            const unsafe = stage.operations.filter((operation) => isUnsafeGet(operation, pattern)).map(({ id }) => id);
            if (writing.length === 0 && unsafe.length === 0) return [];
            const what =
              writing.length > 0 ? `takes ${writing.join(', ')}` : `has ${unsafe.join(', ')}, which may write`;
            return [
              {
                ...distribution,
                found: `The behavior for ${pattern} has an origin group and ${what}.`,
                fix: 'Let it have the origin whose name fails over, and give origin groups to paths that only read: `edge: { otherRegion: true }` in the contract.',
              },
            ];
          });
      }),
  },
  {
    id: 'edge-keeps-errors',
    title: 'The edge keeps no error.',
    why: 'A 503 of one second, or a 404 of an item that is just being written, is what everybody gets for ten.',
    find: (stage) =>
      distributions(stage).flatMap((distribution) => {
        const told = new Map(
          distribution.values.custom_error_response.map((each) => [each.error_code, each.error_caching_min_ttl]),
        );
        const kept = [...new Set([...KEPT_STATUSES, ...told.keys()])].filter((status) => told.get(status) !== 0);
        if (kept.length === 0) return [];
        return [
          {
            ...distribution,
            found: `It keeps responses with ${kept.join(', ')}.`,
            fix: 'Give it a custom_error_response with error_caching_min_ttl 0 for each of them.',
          },
        ];
      }),
  },
  {
    id: 'recovery-over-objective',
    title: 'A failover is done within RTO_SECONDS.',
    why: 'The objective is missed by the checks and the records alone, before anything else takes its time.',
    find: (stage) => {
      const { rtoSeconds } = stage.context.settings.objectives;
      if (rtoSeconds === undefined) return [];
      const checks = new Map(
        stage.of('aws_route53_health_check', checkSchema).map(({ values }) => [values.id, values]),
      );
      const secondsOf = (id: string): number => {
        const check = checks.get(id);
        if (check === undefined) return 0;
        const { child_healthchecks: children, request_interval: interval, failure_threshold: threshold } = check;
        return children.length > 0 ? Math.max(...children.map(secondsOf)) : interval * threshold;
      };
      return stage.of('aws_route53_record', recordSchema).flatMap((record) => {
        const seconds = secondsOf(record.values.health_check_id);
        if (seconds + ALIAS_SECONDS <= rtoSeconds) return [];
        return [
          {
            ...record,
            found: `${record.values.name} fails over after up to ${seconds} s of failed checks and ${ALIAS_SECONDS} s of kept answers; RTO_SECONDS is ${rtoSeconds}.`,
            fix: 'Shorten request_interval or failure_threshold of its health checks, or set RTO_SECONDS to what they allow.',
          },
        ];
      });
    },
  },
];

function distributions(stage: LintedStage) {
  return stage.of('aws_cloudfront_distribution', distributionSchema);
}

function behaviorsOf({ values }: Found<z.infer<typeof distributionSchema>>) {
  const { default_cache_behavior: usual, ordered_cache_behavior: ordered } = values;
  return [...ordered, ...(Array.isArray(usual) ? usual : [usual])];
}

/** A GET of a pattern whose function may change data. */
function isUnsafeGet(operation: Operation, pattern: string): boolean {
  const { method, access } = operation;
  if (method !== 'GET' || !matchesPattern(pattern, edgePattern(operation))) return false;
  return Object.values(access).some((actions) =>
    actions.some((action) => /:(Put|Update|Delete|Batch[A-Z]\w*Write|Transact)/.test(action)),
  );
}

/** Distributions without a web ACL; and the HTTP APIs whose names lead to one that has it, by their ids. */
export function edgeCoverage(stage: LintedStage) {
  const found = distributions(stage);
  const covered = found.filter(({ values }) => values.web_acl_id !== '').flatMap(({ values }) => values.aliases);
  const mappings = stage.of('aws_apigatewayv2_api_mapping', mappingSchema);
  return {
    bare: found.filter(({ values }) => values.web_acl_id === ''),
    apiIds: mappings.filter(({ values }) => covered.includes(values.domain_name)).map(({ values }) => values.api_id),
  };
}
