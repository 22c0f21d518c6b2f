import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy';
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { S3BucketReplicationConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-replication-configuration';
import { Construct } from 'constructs';
import { assumedByService } from './assume-role.ts';
import { type Metric, MetricAlarm } from './watch/metric-alarm.ts';

/** A bucket at one end: versioned, of the stage's account. */
export interface ReplicatedBucket {
  readonly bucketName: string;
  readonly arn: string;
  /** What encrypts it: a key of that region, and the host by which S3 uses it. @default - S3's own key */
  readonly key?: { readonly arn: string; readonly via: string } | undefined;
  /** AWS region. */
  readonly region: string;
  /** Of that region. */
  readonly provider: AwsProvider;
  /** Topic of that region's alarms. */
  readonly topicArn: string;
}

export interface ObjectReplicationProps {
  readonly from: ReplicatedBucket;
  readonly to: ReplicatedBucket;
  /** Of the one rule that the bucket has. It is a dimension of the metrics. */
  readonly ruleId: string;
  /** Of the role that S3 copies with. */
  readonly roleName: string;
  /** What the alarms' names start with. */
  readonly alarmName: string;
}

/** What Replication Time Control is for: 99.99 % of the objects within it. 15 is the only value. Source: Amazon S3 API Reference, "ReplicationTimeValue". */
const TIME_CONTROL_MINUTES = 15;

/**
 * One way of the replication of objects between two buckets: each version that is written to `from`, its tags, and delete markers, to `to`. With one in
 * each direction objects are the same in both. A replica is not copied again, so nothing goes round.
 *
 * Delete markers are copied: an object that is deleted in one region would be there again after a failover. Versions that are deleted by their id stay
 * in the other bucket, whatever a rule says, and so nobody who empties one bucket empties both. With `replica_modifications` tags that are set on a
 * replica come back, too; without it the two would differ from then on.
 *
 * Source: Amazon S3 User Guide, "What does Amazon S3 replicate?", "Replicating delete markers between buckets", "Replicating metadata changes with
 * replica modification sync", "Meeting compliance requirements with S3 Replication Time Control".
 */
export class ObjectReplication extends Construct {
  constructor(scope: Construct, id: string, { from, to, ruleId, roleName, alarmName }: ObjectReplicationProps) {
    super(scope, id);
    const role = new IamRole(this, 'role', {
      name: roleName,
      description: `Lets S3 copy objects from ${from.bucketName} to ${to.bucketName}`,
      // Without conditions, as S3 says nowhere that it names bucket and account here: tools/operator/state/storage/replication-role.ts.
      assumeRolePolicy: assumedByService(this, 's3.amazonaws.com'),
    });
    const permissions = new IamRolePolicy(this, 'policy', {
      name: 'replicate-objects',
      role: role.name,
      policy: new DataAwsIamPolicyDocument(this, 'permissions', {
        statement: [...statementsOf(from.arn, to.arn), ...keyStatements(from, to)],
      }).json,
    });
    new S3BucketReplicationConfigurationA(this, 'configuration', {
      provider: from.provider,
      bucket: from.bucketName,
      role: role.arn,
      rule: [
        {
          id: ruleId,
          status: 'Enabled',
          priority: 1,
          // With a filter, be it of everything, it is version 2: only that knows of delete markers, time control and replicas.
          filter: { prefix: '' },
          deleteMarkerReplication: { status: 'Enabled' },
          sourceSelectionCriteria: {
            replicaModifications: { status: 'Enabled' },
            ...(to.key && { sseKmsEncryptedObjects: { status: 'Enabled' } }),
          },
          destination: {
            bucket: to.arn,
            ...(to.key && { encryptionConfiguration: { replicaKmsKeyId: to.key.arn } }),
            replicationTime: { status: 'Enabled', time: { minutes: TIME_CONTROL_MINUTES } },
            metrics: { status: 'Enabled', eventThreshold: { minutes: TIME_CONTROL_MINUTES } },
          },
        },
      ],
      // A copy that the role may not make yet fails for good.
      dependsOn: [permissions],
    });
    const ends = { from: from.bucketName, to: to.bucketName, ruleId };
    new MetricAlarm(this, 'late', {
      alarmName: `${alarmName}-replication`,
      description: `Objects of ${from.region} reach ${to.region} later than S3 promises: by more than ${TIME_CONTROL_MINUTES} minutes.`,
      watched: replicationLatency(ends),
      above: TIME_CONTROL_MINUTES * 60,
      // S3 sends it while something waits.
      missingData: 'notBreaching',
      topicArn: to.topicArn,
      provider: to.provider,
    });
    new MetricAlarm(this, 'failed', {
      alarmName: `${alarmName}-failed`,
      description: `S3 could not copy objects of ${from.region} to ${to.region}, and does not try again.`,
      watched: metricOf(ends, 'OperationsFailedReplication', 'Sum'),
      above: 0,
      // Each is an object that the other region lacks.
      periods: { bad: 1, of: 5 },
      missingData: 'notBreaching',
      topicArn: from.topicArn,
      provider: from.provider,
    });
  }
}

interface Ends {
  /** Names of the buckets. */
  readonly from: string;
  readonly to: string;
  readonly ruleId: string;
}

/** How many seconds the copies are behind; a metric of the region that they arrive in. */
export function replicationLatency(ends: Ends): Metric {
  return metricOf(ends, 'ReplicationLatency', 'Maximum');
}

/** Source: Amazon S3 User Guide, "Metrics and dimensions"; in which region each is published: "Using S3 Replication metrics". */
function metricOf({ from, to, ruleId }: Ends, name: string, statistic: string): Metric {
  const dimensions = { SourceBucket: from, DestinationBucket: to, RuleId: ruleId };
  return { namespace: 'AWS/S3', name, dimensions, statistic };
}

/** What S3 needs and no more: both buckets by name. Source: Amazon S3 User Guide, "Setting up permissions for live replication". */
function statementsOf(from: string, to: string) {
  return [
    { actions: ['s3:GetReplicationConfiguration', 's3:ListBucket'], resources: [from] },
    {
      actions: ['s3:GetObjectVersionAcl', 's3:GetObjectVersionForReplication', 's3:GetObjectVersionTagging'],
      resources: [`${from}/*`],
    },
    { actions: ['s3:ReplicateDelete', 's3:ReplicateObject', 's3:ReplicateTags'], resources: [`${to}/*`] },
  ];
}

/**
 * With keys of one's own S3 opens an object by the key of the one region and closes the copy by the other's; a bucket key is used for a bucket as a whole.
 * What was written before the keys stays as it was, and a rule copies either.
 *
 * Source: Amazon S3 User Guide, "Replicating encrypted objects (SSE-S3, SSE-KMS, DSSE-KMS, SSE-C)".
 */
function keyStatements(from: ReplicatedBucket, to: ReplicatedBucket) {
  const use = (action: string, { arn, key }: ReplicatedBucket) => {
    if (key === undefined) return [];
    const condition = [
      { test: 'StringEquals', variable: 'kms:ViaService', values: [key.via] },
      { test: 'StringLike', variable: 'kms:EncryptionContext:aws:s3:arn', values: [arn, `${arn}/*`] },
    ];
    return [{ actions: [action], resources: [key.arn], condition }];
  };
  return [...use('kms:Decrypt', from), ...use('kms:Encrypt', to)];
}
