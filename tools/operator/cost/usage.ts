import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import * as z from 'zod/mini';
import { errorReason } from '#functions/error-reason.ts';
import { UsageError } from '#operator/cli/errors.ts';

const count = z.number().check(z.nonnegative());
const regional = z.record(z.string(), count);

/**
 * What is used in a month, by resource type, in the keys of Infracost's usage files, version 0.1 (infracost-usage-example.yml of
 * infracost/infracost). Figures are of each resource of the type, where all traffic goes to one region and one environment.
 */
const usageSchema = z.strictObject({
  aws_api_gateway_rest_api: z.optional(z.strictObject({ monthly_requests: count })),
  aws_apigatewayv2_api: z.optional(z.strictObject({ monthly_requests: count, request_size_kb: z._default(count, 1) })),
  aws_lambda_function: z.optional(z.strictObject({ monthly_requests: count, request_duration_ms: count })),
  aws_lambda_provisioned_concurrency_config: z.optional(z.strictObject({ monthly_duration_hrs: count })),
  aws_dynamodb_table: z.optional(
    z.strictObject({
      monthly_write_request_units: count,
      monthly_read_request_units: count,
      storage_gb: count,
      pitr_backup_storage_gb: count,
    }),
  ),
  aws_s3_bucket: z.optional(
    z.strictObject({
      standard: z.strictObject({ storage_gb: count, monthly_tier_1_requests: count, monthly_tier_2_requests: count }),
    }),
  ),
  aws_cloudwatch_log_group: z.optional(z.strictObject({ storage_gb: count, monthly_data_ingested_gb: count })),
  aws_route53_record: z.optional(z.strictObject({ monthly_standard_queries: count })),
  aws_wafv2_web_acl: z.optional(z.strictObject({ monthly_requests: count })),
  aws_sns_topic: z.optional(z.strictObject({ email_subscriptions: count })),
  aws_cloudfront_distribution: z.optional(
    z.strictObject({ monthly_https_requests: regional, monthly_data_transfer_to_internet_gb: regional }),
  ),
  aws_data_transfer: z.optional(z.strictObject({ monthly_outbound_internet_gb: count })),
  aws_nat_gateway: z.optional(z.strictObject({ monthly_data_processed_gb: count })),
  aws_lb: z.optional(z.strictObject({ new_connections: count, active_connections: count, processed_bytes_gb: count })),
  aws_ecr_repository: z.optional(z.strictObject({ storage_gb: count })),
});

export type Usage = z.infer<typeof usageSchema>;

const fileSchema = z.object({
  version: z.union([z.literal(0.1), z.literal('0.1')]),
  resource_type_default_usage: usageSchema,
});

export const USAGE_LEVELS = ['low', 'medium', 'high'] as const;

export type UsageLevel = (typeof USAGE_LEVELS)[number];

/** Requests to the two APIs in a month, and what follows from them. */
const REQUESTS: Record<UsageLevel, { readonly rest: number; readonly http: number; readonly storedGb: number }> = {
  low: { rest: 800_000, http: 200_000, storedGb: 1 },
  medium: { rest: 20_000_000, http: 5_000_000, storedGb: 25 },
  high: { rest: 400_000_000, http: 100_000_000, storedGb: 500 },
};

const GB = 1e9;
const ACCESS_LINE_BYTES = 600;
const FUNCTION_LINES_BYTES = 900;
const RESPONSE_BYTES = 2_000;

/**
 * The usage of a level. Requests are spread evenly over functions, tables and log groups; each writes half a table item and reads one, and
 * takes 60 ms of a function.
 *
 * @param counts - how many functions, tables and log groups the stage uses for its traffic
 */
export function usageOf(
  level: UsageLevel,
  counts: { readonly functions: number; readonly tables: number; readonly logGroups: number },
): Usage {
  const { rest, http, storedGb } = REQUESTS[level];
  const requests = rest + http;
  const each = (total: number, among: number) => round(total / Math.max(1, among));
  const logsGb = (requests * (ACCESS_LINE_BYTES + FUNCTION_LINES_BYTES)) / GB;
  const outGb = round((requests * RESPONSE_BYTES) / GB);
  return {
    aws_api_gateway_rest_api: { monthly_requests: rest },
    aws_apigatewayv2_api: { monthly_requests: http, request_size_kb: 1 },
    aws_lambda_function: { monthly_requests: each(requests, counts.functions), request_duration_ms: 60 },
    aws_lambda_provisioned_concurrency_config: { monthly_duration_hrs: 730 },
    aws_dynamodb_table: {
      monthly_write_request_units: each(requests / 2, counts.tables),
      monthly_read_request_units: each(requests, counts.tables),
      storage_gb: each(storedGb, counts.tables),
      pitr_backup_storage_gb: each(storedGb, counts.tables),
    },
    aws_s3_bucket: {
      standard: {
        storage_gb: storedGb,
        monthly_tier_1_requests: round(requests / 20),
        monthly_tier_2_requests: round(requests / 20),
      },
    },
    aws_cloudwatch_log_group: {
      monthly_data_ingested_gb: each(logsGb, counts.logGroups),
      storage_gb: each(logsGb, counts.logGroups),
    },
    aws_route53_record: { monthly_standard_queries: 0 },
    aws_wafv2_web_acl: { monthly_requests: rest },
    aws_sns_topic: { email_subscriptions: 100 },
    aws_cloudfront_distribution: {
      monthly_https_requests: { europe: requests },
      monthly_data_transfer_to_internet_gb: { europe: outGb },
    },
    aws_data_transfer: { monthly_outbound_internet_gb: outGb },
    aws_nat_gateway: { monthly_data_processed_gb: outGb },
    aws_lb: { new_connections: 1, active_connections: 100, processed_bytes_gb: outGb },
    aws_ecr_repository: { storage_gb: 2 },
  };
}

function round(value: number): number {
  return Number(value.toPrecision(6));
}

/**
 * Reads a usage file in Infracost's format.
 *
 * @throws UsageError with every problem and the key that it is about
 */
export function readUsage(file: string): Usage {
  const text = readText(file);
  let document: unknown;
  try {
    document = parse(text);
  } catch (error) {
    throw new UsageError(`${file} is not valid YAML: ${errorReason(error)}`);
  }
  const result = fileSchema.safeParse(document);
  if (result.success) return result.data.resource_type_default_usage;
  const problems = result.error.issues.map(
    ({ path, message }) => `${file}: ${path.length > 0 ? path.join('.') : 'the document'}: ${message}`,
  );
  throw new UsageError(
    `${problems.join('\n')}\nAllowed: version 0.1 and resource_type_default_usage; \`two-region cost STAGE --infracost FILE\` writes one.`,
  );
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`--usage: got ${file}, allowed: ${USAGE_LEVELS.join(', ')}, or a readable usage file.`);
  }
}

/** The usage as a file that Infracost and `--usage` take. */
export function usageFile(usage: Usage): string {
  return stringify({ version: 0.1, resource_type_default_usage: usage });
}
