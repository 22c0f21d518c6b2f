import * as z from 'zod/mini';
import { journeyMetric } from '#constructs/watch/journeys.ts';
import { HEARTBEAT } from '#functions/environment.ts';
import type { RegionType } from '#stacks/context.ts';
import { JOURNEYS, SCHEDULED_FUNCTIONS } from '#stacks/naming.ts';
import type { CostedResource } from './costed-resources.ts';
import { journeyQuantities } from './journey-charges.ts';
import { CHECKERS, MONTH_HOURS, type PriceItem } from './prices.ts';
import type { Usage } from './usage.ts';

/** Units of an item that one resource uses in a month. */
export interface Charge {
  readonly item: PriceItem;
  readonly quantity: number;
  readonly regionType: RegionType;
}

/** How the regions share what is used. */
export interface Load {
  readonly usage: Usage;
  /** Part of the clients' traffic that a region takes: 1 and 0 with failover. */
  readonly share: Readonly<Record<RegionType, number>>;
  /** Regions that hold a copy of the data. */
  readonly copies: readonly RegionType[];
  /** Requests of health checkers in a month, by the API that they ask. */
  readonly checks: Readonly<Record<'http' | 'rest', Readonly<Record<RegionType, number>>>>;
}

const MILLION = 1e6;
const GB = 1e9;
/** Access log and function's lines of one health check; its function runs 20 ms. */
const CHECK_LOG_BYTES = 500;
const CHECK_MILLISECONDS = 20;

/**
 * Traces of a month that X-Ray keeps of requests at an even load: so many of each second, and a part of the others. A function behind an HTTP API keeps one,
 * and 5 %, whatever the rules say.
 */
function kept(requests: number, perSecond: number, part: number): number {
  const sure = Math.min(requests, perSecond * MONTH_HOURS * 3600);
  return sure + (requests - sure) * part;
}

type Calculate = (resource: CostedResource, load: Load) => readonly Charge[];

/** Resource type → what it is charged for. */
const CALCULATORS: Readonly<Record<string, Calculate>> = {
  aws_api_gateway_rest_api: (resource, { usage, share, checks }) => {
    const clients = (usage.aws_api_gateway_rest_api?.monthly_requests ?? 0) * share[resource.regionType];
    return here(resource, { 'rest-request': (clients + checks.rest[resource.regionType]) / MILLION });
  },
  aws_apigatewayv2_api: (resource, { usage, share, checks }) => {
    const { monthly_requests = 0, request_size_kb = 1 } = usage.aws_apigatewayv2_api ?? {};
    const steps = Math.max(1, Math.ceil(request_size_kb / 512));
    const clients = monthly_requests * share[resource.regionType] * steps;
    return here(resource, { 'http-request': (clients + checks.http[resource.regionType]) / MILLION });
  },
  aws_lambda_function: (resource, { usage, share, checks }) => {
    const { memory_size: memory = 128, architectures } = functionConfig.parse(resource.config);
    // Charged by its schedule.
    if (resource.path.includes(`/${JOURNEYS}/`)) return [];
    if (SCHEDULED_FUNCTIONS.some((name) => resource.path.includes(`/${name}/`)))
      return scheduledCharges(resource, memory);
    const { monthly_requests = 0, request_duration_ms = 0 } = usage.aws_lambda_function ?? {};
    const clients = monthly_requests * share[resource.regionType];
    const checked = checksOfFunction(resource, checks);
    const seconds = (clients * request_duration_ms + checked * CHECK_MILLISECONDS) / 1000;
    return here(resource, {
      'lambda-request': (clients + checked) / MILLION,
      [architectures?.[0] === 'arm64' ? 'lambda-arm' : 'lambda-x86']: (seconds * memory) / 1024,
    });
  },
  aws_lambda_provisioned_concurrency_config: (resource, { usage }) => {
    const { provisioned_concurrent_executions: kept } = provisionedConfig.parse(resource.config);
    const hours = usage.aws_lambda_provisioned_concurrency_config?.monthly_duration_hrs ?? MONTH_HOURS;
    return here(resource, { 'lambda-provisioned-arm': kept * hours * 3600 * 0.25 });
  },
  aws_dynamodb_table: (resource, { usage, share, copies }) => {
    const { replica = [] } = tableConfig.parse(resource.config);
    const used = resource.hasTraffic ? usage.aws_dynamodb_table : undefined;
    const held = copies.filter((regionType) => regionType === 'primary' || replica.length > 0);
    if (resource.path.includes(`/${HEARTBEAT}/`)) {
      return held.flatMap((regionType) => beatCharges({ ...resource, regionType }));
    }
    return held.flatMap((regionType) =>
      here(
        { ...resource, regionType },
        {
          // A write anywhere is written in each copy; a replicated unit costs what a unit costs.
          'dynamodb-write': (used?.monthly_write_request_units ?? 0) / MILLION,
          'dynamodb-read': ((used?.monthly_read_request_units ?? 0) * share[regionType]) / MILLION,
          'dynamodb-storage': used?.storage_gb ?? 0,
          'dynamodb-recovery': used?.pitr_backup_storage_gb ?? 0,
        },
      ),
    );
  },
  aws_s3_bucket: (resource, { usage, share }) => {
    const used = /\/packages-bucket\//.test(resource.path) ? undefined : usage.aws_s3_bucket?.standard;
    const part = share[resource.regionType];
    return here(resource, {
      's3-storage': (used?.storage_gb ?? 0) * part,
      's3-write': ((used?.monthly_tier_1_requests ?? 0) * part) / 1000,
      's3-read': ((used?.monthly_tier_2_requests ?? 0) * part) / 1000,
    });
  },
  aws_s3_bucket_replication_configuration: ({ path }, { usage, share, copies }) => {
    const [from, to]: readonly RegionType[] = /secondary/.test(path)
      ? ['secondary', 'primary']
      : ['primary', 'secondary'];
    if (from === undefined || to === undefined || copies.length === 1) return [];
    const { storage_gb = 0, monthly_tier_1_requests = 0 } = usage.aws_s3_bucket?.standard ?? {};
    // All that is stored is taken to be written anew in a month.
    const gb = storage_gb * share[from];
    return [
      { regionType: from, item: 's3-time-control', quantity: gb },
      { regionType: from, item: 'transfer-region', quantity: gb },
      { regionType: to, item: 's3-storage', quantity: gb },
      { regionType: to, item: 's3-write', quantity: (monthly_tier_1_requests * share[from]) / 1000 },
      // Bytes and operations that wait, operations that failed, latency: charged like metrics of one's own.
      { regionType: to, item: 'custom-metric', quantity: 4 },
    ];
  },
  aws_cloudwatch_log_group: (resource, { usage, share, checks }) => {
    if (!resource.hasTraffic) return [];
    const part = share[resource.regionType];
    const { storage_gb = 0, monthly_data_ingested_gb = 0 } = usage.aws_cloudwatch_log_group ?? {};
    const [, kind] = /\/(rest|http)\/access-log/.exec(resource.path) ?? [];
    const ofGateway = kind === 'rest' || kind === 'http' ? checks[kind][resource.regionType] : 0;
    const checksGb = ((ofGateway + checksOfFunction(resource, checks)) * CHECK_LOG_BYTES) / GB;
    return here(resource, {
      'logs-ingested': monthly_data_ingested_gb * part + checksGb,
      'logs-stored': storage_gb * part + checksGb,
    });
  },
  aws_xray_sampling_rule: (resource, { usage, share, checks }) => {
    const { reservoir_size: perSecond, fixed_rate: part, url_path: path } = samplingConfig.parse(resource.config);
    // The rule of health checks keeps none of them.
    if (path !== '*') return [];
    const clientsOf = (requests = 0) => requests * share[resource.regionType];
    const rest = clientsOf(usage.aws_api_gateway_rest_api?.monthly_requests);
    const http = clientsOf(usage.aws_apigatewayv2_api?.monthly_requests) + checks.http[resource.regionType];
    const traces = kept(rest, perSecond, part) + kept(http, 1, 0.05);
    return here(resource, { 'xray-trace': traces / MILLION });
  },
  aws_cloudwatch_metric_alarm: (resource) => {
    const { metric_query = [], namespace, metric_name } = alarmConfig.parse(resource.config);
    const metrics = metric_query.filter(({ metric }) => isThere(metric)).length;
    // Of the metrics that are a stage's own, each has an alarm; a journey's duration has none.
    const isOwn = namespace ? !namespace.startsWith('AWS/') : false;
    const own = metric_name === journeyMetric('', 'failed', { journey: '', at: '' }).name ? 2 : 1;
    return here(resource, { 'alarm-metric': Math.max(1, metrics), 'custom-metric': isOwn ? own : 0 });
  },
  aws_cloudwatch_event_rule: (resource) =>
    resource.path.includes(`/${JOURNEYS}/`) ? here(resource, journeyQuantities(resource.config)) : [],
  aws_cloudwatch_composite_alarm: (resource) => here(resource, { 'alarm-composite': 1 }),
  aws_cloudwatch_dashboard: (resource) => here(resource, { dashboard: 1 }),
  aws_route53_health_check: (resource) => {
    const { type, request_interval, measure_latency } = checkConfig.parse(resource.config);
    const options = [type.startsWith('HTTPS'), type.endsWith('STR_MATCH'), request_interval === 10, measure_latency];
    // A control check reads its object from S3.
    const seconds = request_interval === 10 ? 10 : 30;
    const reads = type.endsWith('STR_MATCH') ? (CHECKERS / seconds) * MONTH_HOURS * 3600 : 0;
    return here(resource, {
      'health-check': 1,
      'health-check-option': options.filter(Boolean).length,
      's3-read': reads / 1000,
    });
  },
  aws_route53_record: (resource, { usage }) => {
    const queries = isThere(resource.config.alias) ? 0 : (usage.aws_route53_record?.monthly_standard_queries ?? 0);
    return here(resource, { 'dns-query': queries / MILLION });
  },
  aws_wafv2_web_acl: (resource, { usage, share }) => {
    const { rule = [] } = aclConfig.parse(resource.config);
    const requests = (usage.aws_wafv2_web_acl?.monthly_requests ?? 0) * share[resource.regionType];
    return here(resource, { 'web-acl': 1, 'web-acl-rule': rule.length, 'web-acl-request': requests / MILLION });
  },
  // The data stack has the other region's, too.
  aws_kms_key: (resource) =>
    here(
      { ...resource, regionType: /\/secondary-key\//.test(resource.path) ? 'secondary' : resource.regionType },
      { 'kms-key': 1 },
    ),
  aws_sns_topic: (resource, { usage }) =>
    here(resource, { 'sns-mail': (usage.aws_sns_topic?.email_subscriptions ?? 0) / 1000 }),
  aws_ssm_parameter: (resource) => here(resource, { 'ssm-advanced': resource.config.tier === 'Advanced' ? 1 : 0 }),
  aws_cloudfront_distribution: (resource, { usage }) => {
    const used = usage.aws_cloudfront_distribution;
    const sum = (regions: Readonly<Record<string, number>> = {}) =>
      Object.values(regions).reduce((total, value) => total + value, 0);
    return here(resource, {
      'cloudfront-request': sum(used?.monthly_https_requests) / MILLION,
      'cloudfront-transfer': sum(used?.monthly_data_transfer_to_internet_gb),
    });
  },
  aws_nat_gateway: (resource, { usage, share }) =>
    here(resource, {
      'nat-hour': MONTH_HOURS,
      'ip-hour': MONTH_HOURS,
      'nat-gb': (usage.aws_nat_gateway?.monthly_data_processed_gb ?? 0) * share[resource.regionType],
    }),
  aws_vpc_endpoint: (resource) => {
    const { vpc_endpoint_type, subnet_ids = [] } = endpointConfig.parse(resource.config);
    const zones = vpc_endpoint_type === 'Interface' ? Math.max(1, subnet_ids.length) : 0;
    return here(resource, { 'endpoint-hour': zones * MONTH_HOURS });
  },
  aws_lb: (resource, { usage, share }) => {
    const { new_connections = 0, active_connections = 0, processed_bytes_gb = 0 } = usage.aws_lb ?? {};
    const part = share[resource.regionType];
    // A capacity unit: 25 new connections a second, 3,000 active ones, 1 GB an hour; the largest counts.
    const units = Math.max(new_connections / 25, active_connections / 3000, processed_bytes_gb / MONTH_HOURS) * part;
    return here(resource, { 'alb-hour': MONTH_HOURS, 'alb-lcu': units * MONTH_HOURS });
  },
  aws_ecs_service: (resource) => {
    const { desired_count = 1, cpu, memory } = serviceConfig.parse(resource.config);
    const hours = desired_count * MONTH_HOURS;
    return here(resource, { 'fargate-vcpu': (hours * cpu) / 1024, 'fargate-gb': (hours * memory) / 1024 });
  },
  aws_ecr_repository: (resource, { usage }) =>
    here(resource, { 'ecr-storage': usage.aws_ecr_repository?.storage_gb ?? 0 }),
};

const functionConfig = z.object({
  memory_size: z.optional(z.number()),
  architectures: z.optional(z.array(z.string())),
});
const provisionedConfig = z.object({ provisioned_concurrent_executions: z.number() });
const tableConfig = z.object({ replica: z.optional(z.array(z.unknown())) });
const samplingConfig = z.object({ reservoir_size: z.number(), fixed_rate: z.number(), url_path: z.string() });
const alarmConfig = z.object({
  metric_query: z.optional(z.array(z.object({ metric: z.optional(z.unknown()) }))),
  namespace: z.optional(z.nullable(z.string())),
  metric_name: z.optional(z.nullable(z.string())),
});
const checkConfig = z.object({
  type: z.string(),
  request_interval: z.optional(z.number()),
  measure_latency: z.optional(z.boolean()),
});
const aclConfig = z.object({ rule: z.optional(z.array(z.unknown())) });
const endpointConfig = z.object({
  vpc_endpoint_type: z.optional(z.string()),
  subnet_ids: z.optional(z.array(z.unknown())),
});
/** CPU units (1,024 are a vCPU) and MiB of a task, which stand in the task definition where it is not told here. */
const serviceConfig = z.object({
  desired_count: z.optional(z.number()),
  cpu: z._default(z.number(), 512),
  memory: z._default(z.number(), 1024),
});

/** Types that AWS charges nothing for, or whose cost another type carries. */
const FREE =
  /^aws_(acm_|iam_|api_gateway_(?!rest_api)|apigatewayv2_(?!api$)|lambda_(alias|permission)|s3_(bucket_|object$)|dynamodb_table_item|cloudfront_cache_policy|cloudwatch_(log_delivery|event_target|log_metric_filter|log_resource_policy|query_definition|log_subscription_filter)|sns_topic_|kms_(alias|key_policy)|wafv2_(web_acl_|ip_set)|security_group|subnet$|vpc$|route|internet_gateway|lb_(listener|target_group)|ecs_(cluster|task_definition)|appautoscaling_|ecr_lifecycle|codedeploy_|vpc_security_group|eip$|default_)|^terraform_data$|^random_|^null_/;

/** @returns undefined for a type that no price is known for */
export function chargesOf(resource: CostedResource, load: Load): readonly Charge[] | undefined {
  const calculate = Object.hasOwn(CALCULATORS, resource.type) ? CALCULATORS[resource.type] : undefined;
  if (calculate) return calculate(resource, load);
  return FREE.test(resource.type) ? [] : undefined;
}

function here({ regionType }: CostedResource, quantities: Readonly<Partial<Record<PriceItem, number>>>): Charge[] {
  return items(quantities).flatMap(([item, quantity]) => (quantity > 0 ? [{ item, quantity, regionType }] : []));
}

function items(quantities: Readonly<Partial<Record<PriceItem, number>>>): [PriceItem, number][] {
  const found: [PriceItem, number][] = [];
  let item: PriceItem;
  for (item in quantities) found.push([item, quantities[item] ?? 0]);
  return found;
}

/** A block of a configuration. A state has every block, those that were not declared as empty lists. */
function isThere(block: unknown): boolean {
  return block !== undefined && block !== null && !(Array.isArray(block) && block.length === 0);
}

const RUNS = MONTH_HOURS * 60;

/** Some 100 ms each time. */
function scheduledCharges(resource: CostedResource, memory: number): readonly Charge[] {
  return here(resource, { 'lambda-request': RUNS / MILLION, 'lambda-arm': (RUNS * 0.1 * memory) / 1024 });
}

/** Both regions write, and each copy takes both their writes; each reads once a minute. */
function beatCharges(resource: CostedResource): readonly Charge[] {
  return here(resource, { 'dynamodb-write': (2 * RUNS) / MILLION, 'dynamodb-read': RUNS / MILLION });
}

/** How often health checkers call the function that a resource is of. */

function checksOfFunction({ path, regionType }: CostedResource, checks: Load['checks']): number {
  if (path.includes('/healthcheck/')) return checks.rest[regionType];
  return path.includes('/events/') ? checks.http[regionType] : 0;
}
