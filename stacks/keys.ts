import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { Construct } from 'constructs';
import { EncryptionKey, type KeyPlace, usedByLogs, usedByRoles } from '#constructs/encryption-key.ts';
import { hasOwnKeys, type RegionContext } from './context.ts';
import {
  bucketName,
  containerLogGroup,
  DATA_BUCKET,
  EXECUTION_LOGS,
  HTTP_ACCESS_LOGS,
  parameterPath,
  prefix,
  REST_ACCESS_LOGS,
  regionKeyAlias,
  tableKeyAlias,
  wafLogGroup,
} from './naming.ts';
import { partitionOf, serviceHost } from './settings/partitions.ts';
import type { Encrypted } from './settings/settings.ts';

/** ARN of a region's key for one kind of what it encrypts; undefined: AWS's own does. */
export type KeyFor = (kind: Encrypted) => string | undefined;

/**
 * Declares a region's key for its copies of the tables.
 *
 * @param tableNames - physical names
 */
export function declareTableKey(
  scope: Construct,
  context: RegionContext,
  { accountId, tableNames, provider }: { accountId: string; tableNames: readonly string[]; provider: AwsProvider },
): EncryptionKey {
  const place = placeOf(context, accountId);
  return new EncryptionKey(scope, `${context.regionType}-key`, {
    ...place,
    provider,
    aliasName: tableKeyAlias(context),
    description: `Tables of ${prefix(context)}`,
    uses: [
      usedByRoles(place, {
        sid: 'Tables',
        actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
        via: serviceHost('dynamodb', context.region),
        roleNames: [`${prefix(context)}-*`],
        context: { name: 'aws:dynamodb:tableName', values: [...tableNames] },
      }),
    ],
  });
}

/** Declares a region's key for everything but the tables. */
export function declareRegionKey(scope: Construct, context: RegionContext, accountId: string): KeyFor {
  if (!hasOwnKeys(context)) return () => undefined;
  const place = placeOf(context, accountId);
  const roleNames = [`${prefix(context)}-*`];
  const dataBucket = `arn:${place.partition}:s3:::${bucketName(context, DATA_BUCKET, accountId)}`;
  const parameters = `arn:${place.partition}:ssm:${context.region}:${accountId}:parameter${parameterPath(context, '*')}`;
  const { arn } = new EncryptionKey(scope, 'region-key', {
    ...place,
    aliasName: regionKeyAlias(context),
    description: `Buckets, logs, variables and parameters of ${prefix(context)}`,
    uses: [
      usedByLogs(place, serviceHost('logs', context.region), [
        ...['/aws/lambda/', REST_ACCESS_LOGS, HTTP_ACCESS_LOGS].map((start) => `${start}${prefix(context)}-*`),
        `${EXECUTION_LOGS}*`,
        `${wafLogGroup(context)}*`,
        containerLogGroup(context),
      ]),
      usedByRoles(place, {
        sid: 'Objects',
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        via: serviceHost('s3', context.region),
        roleNames,
        // With a bucket key it is the bucket, without one the object.
        context: { name: 'aws:s3:arn', values: [dataBucket, `${dataBucket}/*`] },
      }),
      usedByRoles(place, {
        sid: 'Parameters',
        actions: ['kms:Decrypt'],
        via: serviceHost('ssm', context.region),
        roleNames,
        context: { name: 'PARAMETER_ARN', values: [parameters] },
      }),
    ],
  });
  return (kind) => (context.settings.ownKeys.includes(kind) ? arn : undefined);
}

function placeOf({ region }: RegionContext, accountId: string): KeyPlace {
  return { accountId, partition: partitionOf(region), region };
}
