import { z } from 'zod';
import { flag, notServed, numeric } from '#local/model/arguments/argument-schema.ts';
import { blocks, optionalBlock } from '#local/terraform/block-schema.ts';
import type { Read, ResourceReader } from './resource-reader.ts';

/** A distribution of CloudFront. */
export interface Distribution {
  /** What alias records lead to: `d111111abcdef8.cloudfront.net`. */
  readonly domainName: string;
  readonly aliases: readonly string[];
  readonly origins: readonly EdgeOrigin[];
  readonly groups: readonly OriginGroup[];
  /** The first whose pattern matches a path counts; the last, without one, is the default. */
  readonly behaviors: readonly EdgeBehavior[];
  /** Status → seconds that an error is kept. @default - ten */
  readonly errorSeconds: Readonly<Record<number, number>>;
}

export interface EdgeOrigin {
  readonly id: string;
  readonly domainName: string;
  /** 1 to 3. */
  readonly connectionAttempts: number;
  readonly connectionSeconds: number;
  readonly readSeconds: number;
  /** Names and values that every request to it has. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Two origins: the second one is asked where the first one fails a read. */
export interface OriginGroup {
  readonly id: string;
  readonly statuses: readonly number[];
  /** Ids of origins, first that which is always asked first. */
  readonly members: readonly string[];
}

export interface EdgeBehavior {
  /** @default - it is for every path */
  readonly pathPattern?: string;
  /** Id of an origin or of a group. */
  readonly target: string;
  readonly methods: readonly string[];
  /** Those whose responses are kept where something is. */
  readonly keptMethods: readonly string[];
  /** @default - nothing is kept */
  readonly cache?: CachePolicy;
  /** Whether the origin sees the client's `Host`. */
  readonly forwardsHost: boolean;
  readonly addsSecurityHeaders: boolean;
}

/** What CloudFront keeps, and by what it tells responses apart, besides the path. Seconds. */
export interface CachePolicy {
  readonly least: number;
  readonly usual: number;
  readonly most: number;
  /** `all`, or the names of parameters. */
  readonly query: 'all' | readonly string[];
  /** In small letters. */
  readonly headers: readonly string[];
}

/** AWS's own policies by their ids. Source: Amazon CloudFront Developer Guide, "Use managed cache policies" and its sisters. */
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const FORWARDS: Readonly<Record<string, { readonly host: boolean }>> = {
  '216adef6-5c7f-47e4-b989-5493eafa07d3': { host: true },
  'b689b0a8-53d0-40ab-baf2-68738e2966ac': { host: false },
};
const SECURITY_HEADERS = '67f7725c-6f97-4210-82d7-5512b31e9d03';

const named = optionalBlock(z.object({ items: z.array(z.string()).default([]) }));
const cachePolicy = z.object({
  id: z.string(),
  min_ttl: numeric.default(0),
  default_ttl: numeric.default(86_400),
  max_ttl: numeric.default(31_536_000),
  parameters_in_cache_key_and_forwarded_to_origin: blocks(
    z.object({
      cookies_config: blocks(
        z.object({ cookie_behavior: z.literal('none', { error: notServed('cookies in the cache key') }) }),
      ),
      headers_config: blocks(
        z.object({ header_behavior: z.enum(['none', 'whitelist']).default('none'), headers: named }),
      ),
      query_strings_config: blocks(
        z.object({
          query_string_behavior: z.enum(['none', 'whitelist', 'all'], {
            error: notServed('all query parameters but some'),
          }),
          query_strings: named,
        }),
      ),
    }),
  ),
});

const behavior = {
  target_origin_id: z.string(),
  allowed_methods: z.array(z.string()),
  cached_methods: z.array(z.string()),
  cache_policy_id: z.string({
    error: 'is needed: behaviors without a cache policy (forwarded_values) are not served locally',
  }),
  origin_request_policy_id: z.string().optional(),
  response_headers_policy_id: z.string().optional(),
};

const distribution = z.object({
  enabled: flag,
  domain_name: z.string(),
  aliases: z.array(z.string()).default([]),
  origin: blocks(
    z.object({
      origin_id: z.string(),
      domain_name: z.string(),
      connection_attempts: numeric.default(3),
      connection_timeout: numeric.default(10),
      custom_header: blocks(z.object({ name: z.string(), value: z.string() })),
      custom_origin_config: blocks(z.object({ origin_read_timeout: numeric.default(30) })),
    }),
  ),
  origin_group: blocks(
    z.object({
      origin_id: z.string(),
      failover_criteria: blocks(z.object({ status_codes: z.array(numeric) })),
      member: blocks(z.object({ origin_id: z.string() })),
    }),
  ),
  default_cache_behavior: blocks(z.object(behavior)),
  ordered_cache_behavior: blocks(z.object({ ...behavior, path_pattern: z.string() })),
  restrictions: blocks(
    z.object({
      geo_restriction: blocks(
        z.object({ restriction_type: z.literal('none', { error: notServed('restrictions by country') }) }),
      ),
    }),
  ),
  custom_error_response: blocks(z.object({ error_code: numeric, error_caching_min_ttl: numeric.default(10) })),
});

type Values = z.infer<typeof distribution>;

/** Distributions that are switched on. */
export function readDistributions(reader: ResourceReader): readonly Distribution[] {
  const policies = new Map<string, CachePolicy | undefined>([[CACHING_DISABLED, undefined]]);
  for (const { values } of reader.managed('aws_cloudfront_cache_policy', cachePolicy))
    policies.set(values.id, toPolicy(values));
  return reader
    .managed('aws_cloudfront_distribution', distribution)
    .filter(({ values }) => values.enabled)
    .map((read) => toDistribution(read, policies, reader));
}

function toPolicy(values: z.infer<typeof cachePolicy>): CachePolicy {
  const [parameters] = values.parameters_in_cache_key_and_forwarded_to_origin;
  const [query] = parameters?.query_strings_config ?? [];
  const [headers] = parameters?.headers_config ?? [];
  return {
    least: values.min_ttl,
    usual: values.default_ttl,
    most: values.max_ttl,
    query: query?.query_string_behavior === 'all' ? 'all' : (query?.query_strings?.items ?? []),
    headers: (headers?.headers?.items ?? []).map((name) => name.toLowerCase()),
  };
}

function toDistribution(
  read: Read<Values>,
  policies: ReadonlyMap<string, CachePolicy | undefined>,
  reader: ResourceReader,
): Distribution {
  const { values } = read;
  const toBehavior = (found: Values['default_cache_behavior'][number], pathPattern?: string): EdgeBehavior => {
    const { cache_policy_id: policy, origin_request_policy_id: request, response_headers_policy_id: response } = found;
    for (const [known, id] of [
      [policies.has(policy), policy],
      [request === undefined || Object.hasOwn(FORWARDS, request), request],
      [response === undefined || response === SECURITY_HEADERS, response],
    ] as const) {
      if (!known) reader.fail(read, notServed(`the policy ${id}`));
    }
    const cache = policies.get(policy);
    return {
      ...(pathPattern !== undefined && { pathPattern }),
      target: found.target_origin_id,
      methods: found.allowed_methods,
      keptMethods: found.cached_methods,
      ...(cache && { cache }),
      forwardsHost: request !== undefined && FORWARDS[request]?.host === true,
      addsSecurityHeaders: response === SECURITY_HEADERS,
    };
  };
  return {
    domainName: values.domain_name,
    aliases: values.aliases,
    origins: values.origin.map((origin) => ({
      id: origin.origin_id,
      domainName: origin.domain_name,
      connectionAttempts: origin.connection_attempts,
      connectionSeconds: origin.connection_timeout,
      readSeconds: origin.custom_origin_config[0]?.origin_read_timeout ?? 30,
      headers: origin.custom_header.map(({ name, value }) => [name, value] as const),
    })),
    groups: values.origin_group.map((group) => ({
      id: group.origin_id,
      statuses: group.failover_criteria.flatMap((criteria) => criteria.status_codes),
      members: group.member.map((member) => member.origin_id),
    })),
    behaviors: [
      ...values.ordered_cache_behavior.map((found) => toBehavior(found, found.path_pattern)),
      ...values.default_cache_behavior.map((found) => toBehavior(found)),
    ],
    errorSeconds: Object.fromEntries(
      values.custom_error_response.map(({ error_code: status, error_caching_min_ttl: seconds }) => [status, seconds]),
    ),
  };
}
