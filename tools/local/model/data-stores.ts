import { z } from 'zod';
import { blocks, optionalBlock } from '#local/terraform/block-schema.ts';
import { numeric } from './argument-schema.ts';
import type { Bucket, LogGroup, Table } from './model.ts';
import type { ResourceReader } from './resource-reader.ts';

const table = z.object({
  name: z.string(),
  arn: z.string(),
  hash_key: z.string(),
  range_key: z.string().optional(),
  attribute: blocks(z.object({ name: z.string(), type: z.enum(['B', 'N', 'S']) })),
  replica: blocks(z.object({ region_name: z.string(), arn: z.string() })),
});

/** Tables of every region: a global table stands once for its own region and once for each replica, with the ARN of that region. */
export function readTables(reader: ResourceReader): readonly (Table & { readonly region: string })[] {
  return reader.managed('aws_dynamodb_table', table).flatMap(({ region, values }) => {
    const places = [{ region, arn: values.arn }].concat(
      values.replica.map((replica) => ({ region: replica.region_name, arn: replica.arn })),
    );
    return places.map((place) => ({
      ...place,
      name: values.name,
      hashKey: values.hash_key,
      ...(values.range_key === undefined ? {} : { rangeKey: values.range_key }),
      attributes: values.attribute,
      global: values.replica.length > 0,
    }));
  });
}

const bucket = z.object({ bucket: z.string() });
const versioning = z.object({
  bucket: z.string(),
  versioning_configuration: optionalBlock(z.object({ status: z.enum(['Enabled', 'Suspended', 'Disabled']) })),
});

/** Buckets of every region. */
export function readBuckets(reader: ResourceReader): readonly (Bucket & { readonly region: string })[] {
  const versioned = new Set(
    reader
      .managed('aws_s3_bucket_versioning', versioning)
      .filter(({ values }) => values.versioning_configuration?.status === 'Enabled')
      .map(({ values }) => values.bucket),
  );
  return reader
    .managed('aws_s3_bucket', bucket)
    .map(({ region, values }) => ({ region, name: values.bucket, versioned: versioned.has(values.bucket) }));
}

const logGroup = z.object({ name: z.string(), retention_in_days: numeric.optional() });

/** Log groups of every region. What is written to them is kept by the runtime's log. */
export function readLogGroups(reader: ResourceReader): readonly (LogGroup & { readonly region: string })[] {
  return reader.managed('aws_cloudwatch_log_group', logGroup).map(({ region, values }) => ({
    region,
    name: values.name,
    // 0: CloudWatch Logs API, "PutRetentionPolicy"; Terraform's word for never.
    ...(values.retention_in_days ? { retentionDays: values.retention_in_days } : {}),
  }));
}
