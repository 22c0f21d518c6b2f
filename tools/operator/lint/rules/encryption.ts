import * as z from 'zod/mini';
import type { Fault, Rule } from '#operator/lint/rule.ts';

const KEY = z.optional(z.nullable(z.string()));
const tableSchema = z.object({
  name: z.string(),
  server_side_encryption: z.optional(z.object({ kms_key_arn: KEY })),
  replica: z._default(z.array(z.object({ region_name: z.string(), kms_key_arn: KEY })), []),
});
const bucketSchema = z.object({
  bucket: z.string(),
  rule: z.array(
    z.object({ apply_server_side_encryption_by_default: z.optional(z.object({ kms_master_key_id: KEY })) }),
  ),
});
const logSchema = z.object({ name: z.string(), kms_key_id: KEY });
const functionSchema = z.object({ function_name: z.string(), kms_key_arn: KEY });
const topicSchema = z.object({ name: z.string(), kms_master_key_id: KEY });
const keySchema = z.object({
  description: z._default(z.string(), ''),
  enable_key_rotation: z._default(z.boolean(), false),
});

/** Something in a region, and the key that encrypts it there, if it is one of the account's own. */
interface Encrypted extends Pick<Fault, 'address' | 'stack'> {
  readonly name: string;
  readonly region: string;
  readonly key: string | null | undefined;
}

/** What the loss of a region may lock. */
export const ENCRYPTION_RULES: readonly Rule[] = [
  {
    id: 'key-of-other-region',
    title: 'What is encrypted with a key of your own has one of its own region, in both regions or in none.',
    why: 'With the key of a region that is lost, or in which somebody disabled it, the other one could not read its own data.',
    find: (stage) => {
      const all = encrypted(stage);
      const far = all.flatMap(({ name, region, key, ...place }) => {
        const [, of] = /^arn:[^:]+:kms:([^:]+):/.exec(key ?? '') ?? [];
        if (of === undefined || of === region) return [];
        return [
          {
            ...place,
            found: `${name} in ${region} is encrypted with a key of ${of}.`,
            fix: `Give it the key of ${region}; a key of its own per region is what OWN_KEYS of settings.conf makes.`,
          },
        ];
      });
      const names = [...new Set(all.map(({ name }) => name))];
      const half = names.flatMap((each) => {
        const copies = all.filter(({ name }) => name === each);
        const bare = copies.find(({ key }) => !key);
        const owned = copies.find(({ key }) => key);
        if (bare === undefined || owned === undefined) return [];
        const { address, stack, name } = bare;
        return [
          {
            address,
            stack,
            found: `${name} has a key of your own in ${owned.region} and none in ${bare.region}.`,
            fix: 'Give it one in both, or in none.',
          },
        ];
      });
      return [...far, ...half];
    },
  },
  {
    id: 'key-rotation',
    title: 'A key is rotated every year.',
    why: 'What one version of a key has encrypted is all that its loss can open.',
    find: (stage) =>
      stage
        .of('aws_kms_key', keySchema)
        .filter(({ values }) => !values.enable_key_rotation)
        .map((key) => ({
          ...key,
          found: `The key "${key.values.description}" in ${key.region} is never rotated.`,
          fix: 'Turn enable_key_rotation on.',
        })),
  },
];

function encrypted(stage: Parameters<Rule['find']>[0]): readonly Encrypted[] {
  const tables = stage.of('aws_dynamodb_table', tableSchema).flatMap(({ values, ...of }): Encrypted[] => [
    { ...of, name: `table ${values.name}`, key: values.server_side_encryption?.kms_key_arn },
    ...values.replica.map((copy) => ({
      ...of,
      name: `table ${values.name}`,
      region: copy.region_name,
      key: copy.kms_key_arn,
    })),
  ]);
  const buckets = stage.of('aws_s3_bucket_server_side_encryption_configuration', bucketSchema);
  return [
    ...tables,
    // The same but for the region that is in its name.
    ...buckets.map(({ values, ...of }) => ({
      ...of,
      name: `bucket ${values.bucket.replace(of.region, 'REGION')}`,
      key: values.rule[0]?.apply_server_side_encryption_by_default?.kms_master_key_id,
    })),
    ...stage.of('aws_cloudwatch_log_group', logSchema).map(({ values, ...of }) => ({
      ...of,
      name: `log group ${values.name.replace(/(?<=^API-Gateway-Execution-Logs_)\w+/, 'API')}`,
      key: values.kms_key_id,
    })),
    ...stage
      .of('aws_lambda_function', functionSchema)
      .map(({ values, ...of }) => ({ ...of, name: `function ${values.function_name}`, key: values.kms_key_arn })),
    ...stage
      .of('aws_sns_topic', topicSchema)
      .map(({ values, ...of }) => ({ ...of, name: `topic ${values.name}`, key: values.kms_master_key_id })),
  ];
}
