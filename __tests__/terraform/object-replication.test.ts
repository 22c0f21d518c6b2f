import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { GetBucketReplicationCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inRegion, otherRegion, type RegionType } from '#stacks/context.ts';
import { bucketName, DATA_BUCKET, prefix } from '#stacks/naming.ts';
import { type StageOnMoto, stageOnMoto } from './operator/stage-on-moto.ts';
import { clientSettings } from './support/account.ts';
import { BUCKET_REPLICATIONS } from './support/transformations.ts';

const ACCOUNT = '123456789012';
const LONG = 1_200_000;

let stage: StageOnMoto;
beforeAll(async () => {
  stage = await stageOnMoto({ deployedBefore: true });
});
afterAll(() => stage?.close());

/** Writes the setting into the settings.conf of the command line. */
async function set(value: 'none' | 'two-way'): Promise<void> {
  const file = join(stage.directory, 'settings.conf');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/^OBJECT_REPLICATION=.*$/m, `OBJECT_REPLICATION="${value}"`));
}

const bucketIn = (regionType: RegionType) => bucketName(inRegion(stage.context, regionType), DATA_BUCKET, ACCOUNT);

async function replicationIn(regionType: RegionType) {
  const { region } = inRegion(stage.context, regionType);
  const s3 = new S3Client({ ...clientSettings(stage.moto, region), forcePathStyle: true });
  const answer = s3.send(new GetBucketReplicationCommand({ Bucket: bucketIn(regionType) }));
  return answer.then(
    ({ ReplicationConfiguration }) => ReplicationConfiguration,
    (error: Error) => error.name,
  );
}

async function deploy(...args: readonly string[]) {
  const { exitCode, stdout } = await stage.run('deploy', stage.context.stage, ...args, '--yes', '--json');
  const { error, stacks = [] } = JSON.parse(stdout);
  const outcomes: [string, string][] = stacks.map((each: { stack: string; outcome: string }) => [
    each.stack,
    each.outcome,
  ]);
  return { exitCode, error, stacks: outcomes };
}

const REGION_TYPES = ['primary', 'secondary'] as const;

describe.sequential('objects in both regions, on moto (B16)', () => {
  it('a first deploy makes both buckets before either is told to copy to the other', { timeout: LONG }, async () => {
    await set('two-way');
    const { exitCode, error, stacks } = await deploy('--stack', 'data');
    console.log(`moto: ${BUCKET_REPLICATIONS}`);
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: undefined });
    expect(stacks).toEqual([
      ['base-primary', 'applied'],
      ['base-secondary', 'applied'],
      ['data', 'applied'],
    ]);
    for (const regionType of REGION_TYPES) {
      expect(await replicationIn(regionType)).toMatchObject({
        Role: expect.stringMatching(new RegExp(`role/${prefix(stage.context)}-object-replication-${regionType}$`)),
        Rules: [
          {
            Status: 'Enabled',
            DeleteMarkerReplication: { Status: 'Enabled' },
            SourceSelectionCriteria: { ReplicaModifications: { Status: 'Enabled' } },
            Destination: {
              Bucket: `arn:aws:s3:::${bucketIn(otherRegion(regionType))}`,
              ReplicationTime: { Status: 'Enabled', Time: { Minutes: 15 } },
              Metrics: { Status: 'Enabled', EventThreshold: { Minutes: 15 } },
            },
          },
        ],
      });
      const { region } = inRegion(stage.context, regionType);
      const { MetricAlarms = [] } = await new CloudWatchClient(clientSettings(stage.moto, region)).send(
        new DescribeAlarmsCommand({ AlarmNamePrefix: `${prefix(stage.context)}-objects-` }),
      );
      const watched = MetricAlarms.map(({ MetricName }) => MetricName).sort();
      expect(watched).toEqual(['OperationsFailedReplication', 'ReplicationLatency']);
    }
  });

  it('a second plan is empty', { timeout: LONG }, async () => {
    const { exitCode, stdout } = await stage.run('diff', stage.context.stage, 'data', 'base', '--json');
    const { stacks } = JSON.parse(stdout);
    expect(stacks.map((each: { stack: string; outcome: string }) => [each.stack, each.outcome])).toEqual([
      ['base-primary', 'none'],
      ['base-secondary', 'none'],
      ['data', 'none'],
    ]);
    expect(exitCode).toBe(0);
  });

  it('taken back, rules, roles and alarms go, and tables and buckets stay', { timeout: LONG }, async () => {
    await set('none');
    expect(await deploy('--only', 'data')).toMatchObject({ exitCode: 0, stacks: [['data', 'applied']] });
    for (const regionType of REGION_TYPES) {
      expect(await replicationIn(regionType)).toBe('ReplicationConfigurationNotFoundError');
    }
  });

  it('a destroy takes the rules away before the buckets', { timeout: LONG }, async () => {
    await set('two-way');
    expect(await deploy('--only', 'data')).toMatchObject({ exitCode: 0 });
    const { exitCode, stdout } = await stage.run('destroy', stage.context.stage, '--yes', '--json');
    const { error, stacks } = JSON.parse(stdout);
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: undefined });
    expect(stacks[0]).toMatchObject({ stack: 'data', outcome: 'destroyed' });
    expect(stacks.map((each: { stack: string }) => each.stack).sort()).toEqual([
      'base-primary',
      'base-secondary',
      'data',
    ]);
  });
});
