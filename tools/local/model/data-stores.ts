import { z } from 'zod';
import { flag, numeric } from '#local/model/arguments/argument-schema.ts';
import { blocks, optionalBlock } from '#local/terraform/block-schema.ts';
import { policyText } from './iam/policy.ts';
import type { Bucket, BucketReplication, LogGroup, PolicyStatement, Table, TableIndex } from './model.ts';
import type { ResourceReader } from './resource-reader.ts';

const projected = {
  projection_type: z.enum(['ALL', 'INCLUDE', 'KEYS_ONLY']),
  non_key_attributes: z.array(z.string()).nullish(),
};
const globalIndex = z.object({ name: z.string(), hash_key: z.string(), range_key: z.string().nullish(), ...projected });
const localIndex = z.object({ name: z.string(), range_key: z.string(), ...projected });

const table = z.object({
  name: z.string(),
  arn: z.string(),
  hash_key: z.string(),
  range_key: z.string().optional(),
  attribute: blocks(z.object({ name: z.string(), type: z.enum(['B', 'N', 'S']) })),
  replica: blocks(z.object({ region_name: z.string(), arn: z.string() })),
  global_secondary_index: blocks(globalIndex),
  local_secondary_index: blocks(localIndex),
});

/** Tables of every region: a global table stands once for its own region and once for each replica, with the ARN of that region. */
export function readTables(reader: ResourceReader): readonly (Table & { readonly region: string })[] {
  return reader.managed('aws_dynamodb_table', table).flatMap(({ region, values }) => {
    const places = [{ region, arn: values.arn }].concat(
      values.replica.map((replica) => ({ region: replica.region_name, arn: replica.arn })),
    );
    const globalIndexes = values.global_secondary_index.map(toIndex);
    const localIndexes = values.local_secondary_index.map((index) => toIndex({ ...index, hash_key: values.hash_key }));
    return places.map((place) => ({
      ...place,
      name: values.name,
      hashKey: values.hash_key,
      ...(values.range_key === undefined ? {} : { rangeKey: values.range_key }),
      attributes: values.attribute,
      global: values.replica.length > 0,
      ...(values.replica.length > 0 && { replicaRegions: otherRegions(places, place) }),
      ...(globalIndexes.length > 0 && { globalIndexes }),
      ...(localIndexes.length > 0 && { localIndexes }),
    }));
  });
}

const otherRegions = (places: readonly { readonly region: string }[], { region }: { readonly region: string }) =>
  places.map((place) => place.region).filter((other) => other !== region);

function toIndex(index: z.infer<typeof globalIndex>): TableIndex {
  return {
    name: index.name,
    hashKey: index.hash_key,
    ...(index.range_key && { rangeKey: index.range_key }),
    projection: { type: index.projection_type, attributes: index.non_key_attributes ?? [] },
  };
}

const bucket = z.object({
  bucket: z.string(),
  // As configurations before version 4 of the provider have it.
  versioning: optionalBlock(z.object({ enabled: flag.default(false) })),
});
const versioning = z.object({
  bucket: z.string(),
  versioning_configuration: optionalBlock(z.object({ status: z.enum(['Enabled', 'Suspended', 'Disabled']) })),
});
const bucketPolicy = z.object({ bucket: z.string(), policy: policyText.optional() });
const bucketObject = z.object({ bucket: z.string(), key: z.string(), content: z.string().optional() });

/** The default. Source: Amazon S3 User Guide, "Controlling ownership of objects and disabling ACLs for your bucket". */
const ENFORCED = 'BucketOwnerEnforced';

const ownership = z.object({
  bucket: z.string(),
  rule: optionalBlock(z.object({ object_ownership: z.string() })),
});

const status = z.string().nullish();
const anything = z.unknown().optional();
const switched = optionalBlock(z.object({ status }));
const minutes = optionalBlock(z.object({ minutes: numeric.nullish() }));
const replicationRule = z.object({
  id: z.string().nullish(),
  status,
  priority: numeric.nullish(),
  // Of version 1, which has no filter.
  prefix: anything,
  filter: optionalBlock(
    z.object({
      prefix: z.string().nullish(),
      tag: optionalBlock(z.object({ key: anything, value: anything })),
      and: optionalBlock(z.object({ prefix: anything, tags: anything })),
    }),
  ),
  delete_marker_replication: switched,
  source_selection_criteria: optionalBlock(z.object({ replica_modifications: switched })),
  destination: optionalBlock(
    z.object({
      bucket: z.string().nullish(),
      replication_time: optionalBlock(z.object({ status, time: minutes })),
      metrics: optionalBlock(z.object({ status, event_threshold: minutes })),
    }),
  ),
});
const replication = z.object({ bucket: z.string(), role: z.string(), rule: blocks(replicationRule) });

/** What S3 copies from buckets, by their names. Served is one rule of version 2, for all keys or those of a prefix; others are told of. */
function readReplications(reader: ResourceReader): ReadonlyMap<string, BucketReplication> {
  const resources = reader.managed('aws_s3_bucket_replication_configuration', replication);
  const found = resources.flatMap((resource): [string, BucketReplication][] => {
    const { bucket: name, role, rule: rules } = resource.values;
    const [rule] = rules;
    const target = rule?.destination;
    if (rules.length !== 1 || !rule?.filter || rule.filter.tag || rule.filter.and || !target?.bucket) {
      reader.leaveUnserved(resource);
      return [];
    }
    if (rule.status !== 'Enabled') return [];
    const isOn = (block: { readonly status?: string | null | undefined } | undefined) => block?.status === 'Enabled';
    const inTime = isOn(target.replication_time) ? target.replication_time?.time?.minutes : undefined;
    const served: BucketReplication = {
      role,
      ruleId: rule.id ?? '',
      priority: rule.priority ?? 0,
      prefix: rule.filter.prefix ?? '',
      destination: target.bucket,
      copiesDeleteMarkers: isOn(rule.delete_marker_replication),
      copiesReplicaModifications: isOn(rule.source_selection_criteria?.replica_modifications),
      ...(inTime && { minutes: inTime }),
    };
    return [[name, served]];
  });
  return new Map(found);
}

/** Buckets of every region. Of their policies only what everybody may read is served. */
export function readBuckets(reader: ResourceReader): readonly (Bucket & { readonly region: string })[] {
  const versionings = new Map(
    reader
      .managed('aws_s3_bucket_versioning', versioning)
      .map(({ values }) => [values.bucket, values.versioning_configuration?.status]),
  );
  const owners = new Map(
    reader
      .managed('aws_s3_bucket_ownership_controls', ownership)
      .map(({ values }) => [values.bucket, values.rule?.object_ownership]),
  );
  const policies = reader.managed('aws_s3_bucket_policy', bucketPolicy).map((resource) => {
    const publicObjects = publicReads(resource.values.policy ?? []);
    if (publicObjects.length === 0) reader.leaveUnserved(resource);
    return [resource.values.bucket, publicObjects] as const;
  });
  const publicObjects = new Map(policies);
  const objects = reader.managed('aws_s3_object', bucketObject).filter((resource) => {
    if (resource.values.content === undefined) reader.leaveUnserved(resource);
    return resource.values.content !== undefined;
  });
  const contentsOf = (name: string) =>
    objects.flatMap(({ values }) => (values.bucket === name ? [[values.key, values.content ?? ''] as const] : []));
  const replications = readReplications(reader);
  return reader.managed('aws_s3_bucket', bucket).map(({ region, values }) => {
    const replicates = replications.get(values.bucket);
    const contents = contentsOf(values.bucket);
    const open = publicObjects.get(values.bucket) ?? [];
    return {
      region,
      name: values.bucket,
      versioned: versionings.get(values.bucket) === 'Enabled' || values.versioning?.enabled === true,
      ...(versionings.get(values.bucket) === 'Suspended' && { suspended: true }),
      ...((owners.get(values.bucket) ?? ENFORCED) !== ENFORCED && { takesAcls: true }),
      ...(replicates && { replication: replicates }),
      ...(open.length > 0 && { publicObjects: open }),
      ...(contents.length > 0 && { objects: Object.fromEntries(contents) }),
    };
  });
}

/** What a bucket's policy lets everybody read. */
function publicReads(statements: readonly PolicyStatement[]): readonly string[] {
  const open = statements.filter(
    ({ effect, principals = [], actions }) =>
      effect === 'Allow' && principals.includes('*') && actions.includes('s3:GetObject'),
  );
  return open.flatMap(({ resources }) => resources);
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
