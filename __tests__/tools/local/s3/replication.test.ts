import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteObjectCommand,
  GetBucketReplicationCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Kept, openDataFolder } from '#local/data/data-folder.ts';
import type { BucketReplication, RegionType } from '#local/model/model.ts';
import { type ObjectReplication, replicateObjects } from '#local/s3/replication.ts';
import { type S3Service, startS3 } from '#local/s3/s3.ts';
import { allowAll, clientSettings } from '#tests/tools/local/aws-endpoint/authorize-stubs.ts';

/** Longer than any test: what has this lag arrives when the lag is taken away. */
const NEVER = 3_600_000;

const REGIONS = { primary: 'eu-central-1', secondary: 'eu-west-1' } as const;
const BUCKETS = { primary: 'data-eu-central-1', secondary: 'data-eu-west-1' } as const;
const other = (region: RegionType) => (region === 'primary' ? 'secondary' : 'primary');

const rule = (to: RegionType, changes: Partial<BucketReplication> = {}): BucketReplication => ({
  role: `arn:aws:iam::000000000000:role/to-${to}`,
  ruleId: 'objects-to-other-region',
  priority: 1,
  prefix: '',
  destination: `arn:aws:s3:::${BUCKETS[to]}`,
  copiesDeleteMarkers: true,
  copiesReplicaModifications: true,
  minutes: 15,
  ...changes,
});

class Pair {
  private constructor(
    readonly services: Readonly<Record<RegionType, S3Service>>,
    readonly clients: Readonly<Record<RegionType, S3Client>>,
    readonly replication: ObjectReplication,
  ) {}

  static async start(
    lagMilliseconds: number,
    changes: Partial<BucketReplication> = {},
    mayRole?: Parameters<typeof replicateObjects>[0]['mayRole'],
    kept?: Kept,
  ): Promise<Pair> {
    const serviceIn = (region: RegionType) => {
      const buckets = [{ name: BUCKETS[region], versioned: true, replication: rule(other(region), changes) }];
      return startS3({ region: REGIONS[region], buckets, authorize: allowAll, ...(kept && { kept }) });
    };
    const services = { primary: await serviceIn('primary'), secondary: await serviceIn('secondary') };
    const clientIn = (region: RegionType) => new S3Client(clientSettings(services[region].url, REGIONS[region]));
    const replication = replicateObjects({ ...services, lagMilliseconds, ...(mayRole && { mayRole }) });
    return new Pair(services, { primary: clientIn('primary'), secondary: clientIn('secondary') }, replication);
  }

  put(region: RegionType, Key: string, Body: string, more: object = {}) {
    return this.clients[region].send(new PutObjectCommand({ Bucket: BUCKETS[region], Key, Body, ...more }));
  }

  delete(region: RegionType, Key: string, VersionId?: string) {
    return this.clients[region].send(new DeleteObjectCommand({ Bucket: BUCKETS[region], Key, VersionId }));
  }

  async get(region: RegionType, Key: string): Promise<string | undefined> {
    const asked = this.clients[region].send(new GetObjectCommand({ Bucket: BUCKETS[region], Key }));
    return asked.then(
      ({ Body }) => Body?.transformToString(),
      (error: unknown) => {
        if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
        throw error;
      },
    );
  }

  head(region: RegionType, Key: string) {
    return this.clients[region].send(new HeadObjectCommand({ Bucket: BUCKETS[region], Key }));
  }

  tag(region: RegionType, Key: string, Value: string) {
    const Tagging = { TagSet: [{ Key: 'state', Value }] };
    return this.clients[region].send(new PutObjectTaggingCommand({ Bucket: BUCKETS[region], Key, Tagging }));
  }

  async tagOf(region: RegionType, Key: string): Promise<string | undefined> {
    const asked = new GetObjectTaggingCommand({ Bucket: BUCKETS[region], Key });
    return (await this.clients[region].send(asked)).TagSet?.[0]?.Value;
  }

  async versions(region: RegionType) {
    const { Versions = [], DeleteMarkers = [] } = await this.clients[region].send(
      new ListObjectVersionsCommand({ Bucket: BUCKETS[region] }),
    );
    return [...Versions, ...DeleteMarkers].map(({ Key, VersionId, IsLatest, LastModified }) => [
      Key,
      VersionId,
      IsLatest,
      LastModified?.toISOString(),
    ]);
  }

  async close() {
    await this.replication.close();
    for (const region of ['primary', 'secondary'] as const) {
      this.clients[region].destroy();
      await this.services[region].close();
    }
  }
}

let pair: Pair;
afterEach(() => pair.close());

describe('S3 of the local runtime: objects in both regions (B16)', () => {
  it('arrive in the other one with id, time, metadata and tags, from either side', async () => {
    pair = await Pair.start(0);
    const { VersionId } = await pair.put('primary', 'a', '1', { Metadata: { by: 'test' }, Tagging: 'state=new' });
    await pair.put('secondary', 'b', '2');
    await pair.replication.drained();
    expect([await pair.get('secondary', 'a'), await pair.get('primary', 'b')]).toEqual(['1', '2']);
    const [source, replica] = [await pair.head('primary', 'a'), await pair.head('secondary', 'a')];
    expect(source).toMatchObject({ VersionId, ReplicationStatus: 'COMPLETED' });
    expect(replica).toMatchObject({ VersionId, ReplicationStatus: 'REPLICA', Metadata: { by: 'test' } });
    expect(replica.LastModified).toEqual(source.LastModified);
    expect(await pair.tagOf('secondary', 'a')).toBe('new');
  });

  it('do not go round: what has arrived is not sent back, and nothing is on its way afterwards', async () => {
    const copies: string[] = [];
    pair = await Pair.start(0, {}, (_, { action }) => {
      if (/Replicate(?:Object|Delete)$/.test(action)) copies.push(action);
      return true;
    });
    await pair.put('primary', 'a', '1');
    await pair.replication.drained();
    await pair.tag('primary', 'a', 'x');
    await pair.delete('secondary', 'a');
    await pair.replication.drained();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(pair.replication.pending()).toBe(0);
    expect(copies.sort()).toEqual(['s3:ReplicateDelete', 's3:ReplicateObject', 's3:ReplicateObject']);
    const versions = await pair.versions('primary');
    expect(versions).toHaveLength(2);
    expect(await pair.versions('secondary')).toEqual(versions);
  });

  it('wait while a region is away, PENDING, and arrive when it is back', async () => {
    pair = await Pair.start(0);
    pair.replication.pause('secondary');
    await pair.put('primary', 'a', '1');
    await pair.put('secondary', 'b', '2');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([await pair.get('secondary', 'a'), await pair.get('primary', 'b')]).toEqual([undefined, undefined]);
    expect(await pair.head('primary', 'a')).toMatchObject({ ReplicationStatus: 'PENDING' });
    expect(pair.replication.pending()).toBe(2);
    pair.replication.resume('secondary');
    await pair.replication.drained();
    expect([await pair.get('secondary', 'a'), await pair.get('primary', 'b')]).toEqual(['1', '2']);
  });

  it('of one key written in both regions: both versions in both, and the one that was written last is current', async () => {
    pair = await Pair.start(NEVER);
    await pair.put('secondary', 'a', 'first');
    await pair.put('primary', 'a', 'last');
    pair.replication.setLag(0);
    await pair.replication.drained();
    expect([await pair.get('primary', 'a'), await pair.get('secondary', 'a')]).toEqual(['last', 'last']);
    expect(await pair.versions('primary')).toHaveLength(2);
    expect(await pair.versions('secondary')).toEqual(await pair.versions('primary'));
  });

  it('are deleted in both by a delete marker, and by a version id in that bucket alone', async () => {
    pair = await Pair.start(0);
    const { VersionId } = await pair.put('primary', 'a', '1');
    await pair.put('primary', 'b', '2');
    await pair.replication.drained();
    await pair.delete('secondary', 'a', VersionId);
    await pair.delete('secondary', 'b');
    await pair.replication.drained();
    expect([await pair.get('primary', 'a'), await pair.get('secondary', 'a')]).toEqual(['1', undefined]);
    expect([await pair.get('primary', 'b'), await pair.get('secondary', 'b')]).toEqual([undefined, undefined]);
  });

  it('take tags that are set later along, of replicas where the rule says so', async () => {
    pair = await Pair.start(0);
    await pair.put('primary', 'a', '1');
    await pair.replication.drained();
    await pair.tag('secondary', 'a', 'of a replica');
    await pair.replication.drained();
    expect(await pair.tagOf('primary', 'a')).toBe('of a replica');
    await pair.close();

    pair = await Pair.start(0, { copiesReplicaModifications: false, copiesDeleteMarkers: false });
    await pair.put('primary', 'a', '1');
    await pair.replication.drained();
    await pair.tag('secondary', 'a', 'of a replica');
    await pair.delete('primary', 'a');
    await pair.replication.drained();
    expect([await pair.get('primary', 'a'), await pair.get('secondary', 'a')]).toEqual([undefined, '1']);
    expect(await pair.tagOf('secondary', 'a')).toBe('of a replica');
  });

  it('stay where no rule is about them, and fail where S3 may not copy them', async () => {
    const asked: string[] = [];
    pair = await Pair.start(0, { prefix: 'shared/' }, (role, { action, resources }) => {
      asked.push(`${role} ${action} ${resources.join()}`);
      return !action.includes('ReplicateObject');
    });
    await pair.put('primary', 'own', '1');
    await pair.put('primary', 'shared/a', '2');
    await pair.replication.drained();
    expect((await pair.head('primary', 'own')).ReplicationStatus).toBeUndefined();
    expect(await pair.head('primary', 'shared/a')).toMatchObject({ ReplicationStatus: 'FAILED' });
    expect(await pair.get('secondary', 'shared/a')).toBeUndefined();
    const role = 'arn:aws:iam::000000000000:role/to-secondary';
    expect(asked.at(-1)).toBe(`${role} s3:ReplicateObject arn:aws:s3:::data-eu-west-1/shared/a`);
  });

  it('are level in both regions after any writes and cuts', async () => {
    const step = fc.record({
      region: fc.constantFrom('primary' as const, 'secondary' as const),
      key: fc.constantFrom('a', 'b'),
      what: fc.constantFrom('put', 'delete', 'tag', 'cut', 'heal'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        pair = await Pair.start(0);
        for (const [at, { region, key, what }] of steps.entries()) {
          if (what === 'cut') pair.replication.pause(region);
          if (what === 'heal') pair.replication.resume(region);
          if (what === 'put') await pair.put(region, key, String(at));
          if (what === 'delete') await pair.delete(region, key);
          if (what === 'tag' && (await pair.get(region, key)) !== undefined) await pair.tag(region, key, String(at));
        }
        pair.replication.resume('primary');
        pair.replication.resume('secondary');
        await pair.replication.drained();
        expect(await pair.versions('secondary')).toEqual(await pair.versions('primary'));
        for (const key of ['a', 'b']) {
          const text = await pair.get('primary', key);
          expect(await pair.get('secondary', key)).toBe(text);
          if (text !== undefined) expect(await pair.tagOf('secondary', key)).toBe(await pair.tagOf('primary', key));
        }
        await pair.close();
      }),
      { numRuns: 15 },
    );
    pair = await Pair.start(0);
  });

  it('that had not arrived when the runtime ended are sent at the next start', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kept-objects-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const run = async (lagMilliseconds: number, act: () => Promise<unknown>) => {
      const data = openDataFolder(folder, 'dev');
      pair = await Pair.start(lagMilliseconds, {}, undefined, data.open('s3'));
      await act();
      await pair.close();
      await data.close();
    };
    await run(NEVER, async () => {
      await pair.put('primary', 'a', 'first');
      await pair.put('secondary', 'a', 'last');
    });
    await run(0, async () => {
      await pair.replication.drained();
      expect([await pair.get('primary', 'a'), await pair.get('secondary', 'a')]).toEqual(['last', 'last']);
      expect(await pair.head('secondary', 'a')).toMatchObject({ ReplicationStatus: 'COMPLETED' });
    });
    await run(NEVER, async () => {
      expect(pair.replication.pending()).toBe(0);
      expect(await pair.versions('primary')).toEqual(await pair.versions('secondary'));
    });
    pair = await Pair.start(0);
  });

  it('have a rule that GetBucketReplication tells, and none where there is none', async () => {
    pair = await Pair.start(0);
    const { ReplicationConfiguration } = await pair.clients.primary.send(
      new GetBucketReplicationCommand({ Bucket: BUCKETS.primary }),
    );
    expect(ReplicationConfiguration).toEqual({
      Role: 'arn:aws:iam::000000000000:role/to-secondary',
      Rules: [
        {
          ID: 'objects-to-other-region',
          Priority: 1,
          Filter: { Prefix: '' },
          Status: 'Enabled',
          SourceSelectionCriteria: { ReplicaModifications: { Status: 'Enabled' } },
          DeleteMarkerReplication: { Status: 'Enabled' },
          Destination: {
            Bucket: 'arn:aws:s3:::data-eu-west-1',
            ReplicationTime: { Status: 'Enabled', Time: { Minutes: 15 } },
            Metrics: { Status: 'Enabled', EventThreshold: { Minutes: 15 } },
          },
        },
      ],
    });
    pair.services.primary.addBuckets([{ name: BUCKETS.primary, versioned: true }]);
    await expect(
      pair.clients.primary.send(new GetBucketReplicationCommand({ Bucket: BUCKETS.primary })),
    ).rejects.toMatchObject({ name: 'ReplicationConfigurationNotFoundError' });
  });
});
