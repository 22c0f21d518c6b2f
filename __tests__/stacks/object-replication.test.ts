import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { synthesizeStage } from '#tests/support/synthesized-stage.ts';

const bucketOf = (regionType: string) => expect.stringMatching(new RegExp(`base-${regionType}\\.outputs.+data-bucket`));

describe('OBJECT_REPLICATION="two-way" (B16)', async () => {
  const twoWay = await synthesizeStage('dev', { objectReplication: 'two-way' });
  const data = twoWay('data');
  const none = await synthesizeStage('dev', { objectReplication: 'none' });

  it('copies each data bucket to the other one, in the stack that reads both and so comes after them', () => {
    expect(data.resources('aws_s3_bucket_replication_configuration')).toMatchObject([
      { bucket: bucketOf('primary'), provider: 'aws', rule: [{ destination: { bucket: bucketOf('secondary') } }] },
      {
        bucket: bucketOf('secondary'),
        provider: 'aws.secondary',
        rule: [{ destination: { bucket: bucketOf('primary') } }],
      },
    ]);
    const read = remoteStates(data.json);
    expect(Object.keys(read).map((name) => name.replace(/^.+-dev-/, ''))).toEqual(['base-primary', 'base-secondary']);
    for (const name of ['base-primary', 'base-secondary']) {
      expect(twoWay(name).resources('aws_s3_bucket_replication_configuration')).toEqual([]);
      const versioned = twoWay(name).resources('aws_s3_bucket_versioning');
      expect(versioned).toContainEqual(
        expect.objectContaining({ versioning_configuration: expect.objectContaining({ status: 'Enabled' }) }),
      );
    }
  });

  it('has one rule of version 2: every object, delete markers and tags of replicas, within 15 minutes', () => {
    for (const { rule } of data.resources('aws_s3_bucket_replication_configuration')) {
      expect(rule).toEqual([
        {
          id: 'objects-to-other-region',
          status: 'Enabled',
          priority: 1,
          filter: { prefix: '' },
          delete_marker_replication: { status: 'Enabled' },
          source_selection_criteria: { replica_modifications: { status: 'Enabled' } },
          destination: {
            bucket: expect.any(String),
            replication_time: { status: 'Enabled', time: { minutes: 15 } },
            metrics: { status: 'Enabled', event_threshold: { minutes: 15 } },
          },
        },
      ]);
    }
  });

  it('lets S3 read one bucket and write the other, by a role for each direction that is there before the rule', () => {
    expect(data.resources('aws_iam_role').map(({ name }) => name)).toEqual([
      'two-region-api-dev-object-replication-primary',
      'two-region-api-dev-object-replication-secondary',
    ]);
    const granted = data
      .dataSources('aws_iam_policy_document')
      .flatMap(({ statement }) => statements.parse(statement))
      .filter(({ actions }) => actions.some((action) => action.startsWith('s3:')))
      .map(({ actions, resources }) => [actions.join(' '), /base-(\w+)\.outputs/.exec(resources.join())?.[1]]);
    const reads = 's3:GetObjectVersionAcl s3:GetObjectVersionForReplication s3:GetObjectVersionTagging';
    const direction = (from: string, to: string) => [
      ['s3:GetReplicationConfiguration s3:ListBucket', from],
      [reads, from],
      ['s3:ReplicateDelete s3:ReplicateObject s3:ReplicateTags', to],
    ];
    expect(granted).toEqual([...direction('primary', 'secondary'), ...direction('secondary', 'primary')]);
    for (const { depends_on } of data.resources('aws_s3_bucket_replication_configuration')) {
      expect(depends_on).toEqual([expect.stringMatching(/^aws_iam_role_policy\./)]);
    }
  });

  it('tells in the region that receives of copies that are late, in the one that sends of those that failed', () => {
    const alarms = data.resources('aws_cloudwatch_metric_alarm');
    expect(
      alarms.map(({ alarm_name, metric_name, provider, threshold, statistic }) => [
        alarm_name,
        metric_name,
        provider,
        statistic,
        threshold,
      ]),
    ).toEqual([
      ['two-region-api-dev-objects-failed', 'OperationsFailedReplication', 'aws', 'Sum', 0],
      ['two-region-api-dev-objects-replication', 'ReplicationLatency', 'aws.secondary', 'Maximum', 900],
      ['two-region-api-dev-objects-failed', 'OperationsFailedReplication', 'aws.secondary', 'Sum', 0],
      ['two-region-api-dev-objects-replication', 'ReplicationLatency', 'aws', 'Maximum', 900],
    ]);
    for (const { alarm_actions, dimensions, provider } of alarms) {
      const told = provider === 'aws' ? 'base-primary' : 'base-secondary';
      expect(alarm_actions).toEqual([expect.stringContaining(`${told}.outputs`)]);
      expect(dimensions).toMatchObject({ RuleId: 'objects-to-other-region' });
    }
    const body = String(twoWay('observability').resources('aws_cloudwatch_dashboard')[0]?.dashboard_body);
    expect(body.match(/objects-to-other-region/g)).toHaveLength(2);
  });

  it('adds no right to any function', () => {
    for (const name of ['api-primary', 'api-secondary']) expect(twoWay(name).json).toBe(none(name).json);
  });

  it('is nothing at all unless it is set', () => {
    expect(none('data').resources('aws_s3_bucket_replication_configuration')).toEqual([]);
    expect(none('data').resources('aws_iam_role')).toEqual([]);
    expect(remoteStates(none('data').json)).toEqual({});
  });

  it('can be taken back: what made the rules of the other region stays declared, or Terraform could not take them away', () => {
    const providers = z.object({ provider: z.object({ aws: z.array(z.object({ alias: z.string().optional() })) }) });
    const [before, after] = [data, none('data')].map(({ json }) => providers.parse(JSON.parse(json)).provider.aws);
    expect(after).toEqual(before);
    expect(after?.map(({ alias }) => alias)).toEqual([undefined, 'secondary']);
  });
});

function remoteStates(json: string) {
  const states = z.record(z.string(), z.unknown()).default({});
  return z.object({ data: z.object({ terraform_remote_state: states }) }).parse(JSON.parse(json)).data
    .terraform_remote_state;
}

const statements = z.array(z.object({ actions: z.array(z.string()), resources: z.array(z.string()).default([]) }));
