import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetBucketReplicationCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { awsObjectCopies } from '#operator/live/object-copies.ts';
import { objectFacts } from '#operator/parity/fact.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';

const ACCOUNT = '123456789012';
const twoWay = { ...context, settings: { ...context.settings, objectReplication: 'two-way' as const } };
const bucket = (region: string) => `two-region-api-dev-data-${region}-${ACCOUNT}`;

const mocks = [mockClient(S3Client), mockClient(STSClient), mockClient(CloudWatchClient)] as const;
const [s3, sts, cloudWatch] = mocks;
afterAll(() => {
  for (const mock of mocks) mock.restore();
});
afterEach(() => {
  for (const mocked of [s3, sts, cloudWatch]) mocked.reset();
});

function answering(to: string, latencies: readonly number[] = []) {
  sts.on(GetCallerIdentityCommand).resolves({ Account: ACCOUNT, Arn: 'arn:aws:iam::123456789012:user/ada' });
  cloudWatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [{ Id: 'latency', Values: [...latencies] }] });
  s3.on(GetBucketReplicationCommand).resolves({
    ReplicationConfiguration: {
      Role: 'arn:aws:iam::123456789012:role/r',
      Rules: [
        {
          Status: 'Enabled',
          Filter: { Prefix: '' },
          DeleteMarkerReplication: { Status: 'Enabled' },
          SourceSelectionCriteria: { ReplicaModifications: { Status: 'Enabled' } },
          Destination: {
            Bucket: `arn:aws:s3:::${bucket(to)}`,
            ReplicationTime: { Status: 'Enabled', Time: { Minutes: 15 } },
          },
        },
      ],
    },
  });
}

describe('what S3 does with the objects of a data bucket (B16)', () => {
  it("is the rule to the other region's bucket, and how late its objects are here; the other region is asked nothing", async () => {
    answering('eu-west-1', [3, 40, 7]);
    expect(await awsObjectCopies(twoWay)?.primary()).toEqual({
      to: 'eu-west-1',
      rule: 'within 15 min, with delete markers, with changes of replicas',
      lateSeconds: 40,
    });
    const [
      {
        args: [asked],
      } = { args: [] },
    ] = cloudWatch.commandCalls(GetMetricDataCommand);
    expect(asked?.input.MetricDataQueries?.[0]?.MetricStat?.Metric?.Dimensions).toEqual([
      { Name: 'SourceBucket', Value: bucket('eu-west-1') },
      { Name: 'DestinationBucket', Value: bucket('eu-central-1') },
      { Name: 'RuleId', Value: 'objects-to-other-region' },
    ]);
    const buckets = s3.commandCalls(GetBucketReplicationCommand).map(({ args: [{ input }] }) => input.Bucket);
    expect(buckets).toEqual([bucket('eu-central-1')]);
  });

  it('is nothing where the bucket has no rule, or one to somewhere else', async () => {
    answering('us-east-1');
    expect(await awsObjectCopies(twoWay)?.primary()).toEqual({ to: 'eu-west-1' });
    s3.on(GetBucketReplicationCommand).rejects(
      new S3ServiceException({
        name: 'ReplicationConfigurationNotFoundError',
        $fault: 'client',
        $metadata: { httpStatusCode: 404 },
      }),
    );
    expect(await awsObjectCopies(twoWay)?.primary()).toEqual({ to: 'eu-west-1' });
    expect(await objectFacts(awsObjectCopies(twoWay)?.primary)).toEqual([
      { kind: 'object replication', name: 'data bucket', value: 'off' },
    ]);
  });

  it('is the same fact in both regions, and not asked unless settings have objects copied', async () => {
    const facts = async (to: string, regionType: 'primary' | 'secondary') => {
      answering(to);
      return objectFacts(awsObjectCopies(twoWay)?.[regionType]);
    };
    expect(await facts('eu-west-1', 'primary')).toEqual(await facts('eu-central-1', 'secondary'));
    expect(awsObjectCopies(context)).toBeUndefined();
    expect(await objectFacts(undefined)).toEqual([]);
  });
});
