import {
  type Destination,
  GetBucketReplicationCommand,
  PutBucketReplicationCommand,
  type ReplicationConfiguration,
  type ReplicationRule,
  type S3Client,
} from '@aws-sdk/client-s3';
import { type Setting, unless } from '#operator/aws/setting.ts';
import { partitionOf } from '#stacks/settings/partitions.ts';
import { bucketArn } from './bucket-settings.ts';
import type { Replication } from './replication-role.ts';
import type { OwnedBucket } from './state-bucket.ts';

const RULE_ID = 'state-to-secondary-region';

/**
 * S3 Replication Time Control: 99.99 % of the copies within 15 min, where S3 promises no time otherwise; with the metrics that it demands
 * (`ReplicationLatency`, `OperationsPendingReplication` in CloudWatch). 15 is the only value.
 *
 * Source: Amazon S3 API Reference, "ReplicationTimeValue"; User Guide, "Meeting compliance requirements with S3 Replication Time Control".
 */
const IN_TIME = {
  ReplicationTime: { Status: 'Enabled', Time: { Minutes: 15 } },
  Metrics: { Status: 'Enabled', EventThreshold: { Minutes: 15 } },
} as const satisfies Partial<Destination>;

/**
 * Every object of the primary's bucket is copied to the secondary's, and so are delete markers: a state that is deleted is deleted in both,
 * its versions stay in both. Rules of other ids stay, under the same role, as a bucket has one.
 *
 * Source: Amazon S3 User Guide, "Replication configuration file elements".
 *
 * @param s3 - of the region that is copied from
 */
export function bucketReplication(s3: S3Client, role: string, { from, to }: Replication): Setting {
  const roleArn = `arn:${partitionOf(from.region)}:iam::${from.account}:role/${role}`;
  const destination = bucketArn(to.bucket, to.region);
  const read = () => replicationOf(s3, from);
  return {
    name: 'replication',
    isSet: async () => {
      const found = await read();
      const rule = found?.Rules?.find(({ ID }) => ID === RULE_ID);
      return found?.Role === roleArn && rule !== undefined && copiesEverything(rule, destination);
    },
    set: async () => {
      const others = (await read())?.Rules?.filter(({ ID }) => ID !== RULE_ID) ?? [];
      const rule: ReplicationRule = {
        ID: RULE_ID,
        Status: 'Enabled',
        Priority: Math.max(0, ...others.map(({ Priority }) => Priority ?? 0)) + 1,
        Filter: { Prefix: '' },
        DeleteMarkerReplication: { Status: 'Enabled' },
        Destination: { Bucket: destination, ...IN_TIME },
      };
      const ReplicationConfiguration = { Role: roleArn, Rules: [...others, rule] };
      await s3.send(new PutBucketReplicationCommand({ ...ownedBy(from), ReplicationConfiguration }));
    },
  };
}

/** What a bucket copies, and where to; `undefined` for nothing. */
export async function replicationOf(s3: S3Client, bucket: OwnedBucket): Promise<ReplicationConfiguration | undefined> {
  const answer = s3.send(new GetBucketReplicationCommand(ownedBy(bucket)));
  return (await unless(['ReplicationConfigurationNotFoundError'], answer))?.ReplicationConfiguration;
}

function ownedBy({ bucket, account }: OwnedBucket) {
  return { Bucket: bucket, ExpectedBucketOwner: account };
}

function copiesEverything(rule: ReplicationRule, destination: string): boolean {
  return (
    rule.Status === 'Enabled' &&
    rule.Destination?.Bucket === destination &&
    rule.Destination.ReplicationTime?.Status === 'Enabled' &&
    rule.Destination.Metrics?.Status === 'Enabled' &&
    rule.DeleteMarkerReplication?.Status === 'Enabled' &&
    (rule.Filter?.Prefix ?? '') === '' &&
    rule.Filter?.Tag === undefined &&
    rule.Filter?.And === undefined
  );
}
