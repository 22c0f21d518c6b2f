import {
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type DynamoDbService, startDynamoDb } from '#local/dynamodb/dynamodb.ts';
import { type Replication, startReplication } from '#local/dynamodb/replication.ts';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import type { RegionType } from '#local/model/model.ts';
import { allowAll, clientSettings } from '#tests/tools/local/aws-endpoint/authorize-stubs.ts';
import { REGIONAL, TABLE_A } from './tables.ts';

/** Longer than any test: what has this lag arrives when the lag is taken away. */
const NEVER = 3_600_000;

interface Site {
  readonly service: DynamoDbService;
  readonly client: DynamoDBClient;
}

class Pair {
  readonly log = new RuntimeLog();
  private constructor(
    readonly sites: Readonly<Record<RegionType, Site>>,
    lagMilliseconds: number,
  ) {
    const { primary, secondary } = sites;
    this.replication = startReplication({
      primary: primary.service,
      secondary: secondary.service,
      lagMilliseconds,
      log: this.log,
    });
  }
  readonly replication: Replication;

  static async start(lagMilliseconds: number, secondaryTables = [TABLE_A, REGIONAL]): Promise<Pair> {
    const log = new RuntimeLog();
    const site = async (region: string, tables = [TABLE_A, REGIONAL]): Promise<Site> => {
      const service = await startDynamoDb({ region, tables, authorize: allowAll, log });
      return { service, client: new DynamoDBClient(clientSettings(service.url, region)) };
    };
    const sites = { primary: await site('eu-central-1'), secondary: await site('eu-west-1', secondaryTables) };
    return new Pair(sites, lagMilliseconds);
  }

  put(region: RegionType, id: string, value: string, TableName = 'table-a') {
    const Item = { id: { S: id }, value: { S: value } };
    return this.sites[region].client.send(new PutItemCommand({ TableName, Item }));
  }

  delete(region: RegionType, id: string) {
    return this.sites[region].client.send(new DeleteItemCommand({ TableName: 'table-a', Key: { id: { S: id } } }));
  }

  async get(region: RegionType, id: string, TableName = 'table-a'): Promise<string | undefined> {
    const { Item } = await this.sites[region].client.send(new GetItemCommand({ TableName, Key: { id: { S: id } } }));
    return Item?.value?.S;
  }

  async all(region: RegionType): Promise<Record<string, string | undefined>> {
    const { Items = [] } = await this.sites[region].client.send(new ScanCommand({ TableName: 'table-a' }));
    return Object.fromEntries(Items.map(({ id, value }) => [id?.S ?? '', value?.S]));
  }

  /** Lets everything arrive. */
  async deliver(): Promise<void> {
    this.replication.setLag(0);
    await this.replication.drained();
  }

  async close(): Promise<void> {
    await this.replication.close();
    for (const { service, client } of Object.values(this.sites)) {
      client.destroy();
      await service.close();
    }
  }
}

const open: Pair[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((pair) => pair.close()));
});
async function started(lagMilliseconds: number, ...rest: [(typeof TABLE_A)[]?]): Promise<Pair> {
  const pair = await Pair.start(lagMilliseconds, ...rest);
  open.push(pair);
  return pair;
}

describe('S0.8, B1: global tables of the local runtime', () => {
  it('without lag a write is in the other region when the client asks there, both ways', async () => {
    const pair = await started(0);
    await pair.put('primary', '1', 'from primary');
    expect(await pair.get('secondary', '1')).toBe('from primary');
    await pair.put('secondary', '1', 'from secondary');
    expect(await pair.get('primary', '1')).toBe('from secondary');
    await pair.delete('primary', '1');
    expect(await pair.get('secondary', '1')).toBeUndefined();
  });

  it('a write stays away from the other region until its lag is over', async () => {
    const pair = await started(NEVER);
    await pair.put('primary', '1', 'x');
    expect([await pair.get('primary', '1'), await pair.get('secondary', '1')]).toEqual(['x', undefined]);
    expect(pair.replication.pending()).toBe(1);
    await pair.deliver();
    expect(await pair.get('secondary', '1')).toBe('x');
  });

  it('a write is sent once and not sent back', async () => {
    const pair = await started(0);
    const captured: string[] = [];
    pair.sites.secondary.service.onWrite(({ key }) => captured.push(key));
    await pair.put('primary', '1', 'x');
    await pair.replication.drained();
    expect(await pair.get('secondary', '1')).toBe('x');
    expect(captured).toEqual([]);
    expect(pair.replication.pending()).toBe(0);
  });

  it.each<[RegionType, RegionType]>([
    ['primary', 'secondary'],
    ['secondary', 'primary'],
  ])(
    'of two writes on their way past each other, first %s then %s, the last one wins in both regions',
    async (first, last) => {
      const pair = await started(NEVER);
      await pair.put(first, '1', 'first');
      await pair.put(last, '1', 'last');
      await pair.deliver();
      expect([await pair.get('primary', '1'), await pair.get('secondary', '1')]).toEqual(['last', 'last']);
    },
  );

  it.each<[RegionType, RegionType]>([
    ['primary', 'secondary'],
    ['secondary', 'primary'],
  ])('a delete in %s after a put in %s wins, and leaves nothing behind', async (deleting, putting) => {
    const pair = await started(NEVER);
    await pair.put(deleting, '1', 'old');
    await pair.put(putting, '1', 'new');
    await pair.delete(deleting, '1');
    await pair.deliver();
    expect([await pair.get('primary', '1'), await pair.get('secondary', '1')]).toEqual([undefined, undefined]);
  });

  it('a put after a delete in the other region wins', async () => {
    const pair = await started(NEVER);
    await pair.put('primary', '1', 'old');
    await pair.delete('primary', '1');
    await pair.put('secondary', '1', 'new');
    await pair.deliver();
    expect([await pair.get('primary', '1'), await pair.get('secondary', '1')]).toEqual(['new', 'new']);
  });

  it('a failed region neither sends nor receives; both catch up when it is back', async () => {
    const pair = await started(0);
    pair.replication.pause('primary');
    await pair.put('primary', 'p', 'made in primary');
    await pair.put('secondary', 's', 'made in secondary');
    expect([await pair.get('secondary', 'p'), await pair.get('primary', 's')]).toEqual([undefined, undefined]);
    pair.replication.resume('primary');
    await pair.replication.drained();
    expect(await pair.all('primary')).toEqual({ p: 'made in primary', s: 'made in secondary' });
    expect(await pair.all('secondary')).toEqual(await pair.all('primary'));
  });

  it('with both regions paused, the return of one of them delivers nothing yet', async () => {
    const pair = await started(0);
    pair.replication.pause('primary');
    pair.replication.pause('secondary');
    await pair.put('primary', '1', 'x');
    pair.replication.resume('primary');
    expect(await pair.get('secondary', '1')).toBeUndefined();
    pair.replication.resume('secondary');
    await pair.replication.drained();
    expect(await pair.get('secondary', '1')).toBe('x');
  });

  it('a table that is not global stays in its region', async () => {
    const pair = await started(0);
    await pair.put('primary', '1', 'x', 'regional');
    await pair.replication.drained();
    expect(await pair.get('secondary', '1', 'regional')).toBeUndefined();
  });

  it('a table that is global in one region only is not replicated, and a warning says so', async () => {
    const pair = await started(0, [{ ...TABLE_A, global: false }]);
    await pair.put('primary', '1', 'x');
    expect(await pair.get('secondary', '1')).toBeUndefined();
    const [warning] = pair.log.query(({ kind }) => kind === 'warning');
    expect(warning).toMatchObject({ message: expect.stringMatching(/'table-a'.*primary region only/) });
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('a lag of %s is refused', async (lag) => {
    const pair = await started(0);
    expect(() => pair.replication.setLag(lag)).toThrow(RangeError);
  });

  it('drained ends when the replication is closed, even with a region paused', async () => {
    const pair = await started(0);
    pair.replication.pause('secondary');
    await pair.put('primary', '1', 'x');
    const drained = pair.replication.drained();
    await pair.replication.close();
    await expect(drained).resolves.toBeUndefined();
  });

  it('whatever is written where and in whichever order it arrives, both regions end up with the last write of each item', async () => {
    const pair = await started(0);
    const region = fc.constantFrom<RegionType>('primary', 'secondary');
    const id = fc.constantFrom('a', 'b', 'c');
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('put' as const), region, id, value: fc.string() }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('delete' as const), region, id }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('lag' as const), lag: fc.constantFrom(0, 1, NEVER) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('pause' as const), region }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('resume' as const), region }) },
    );
    const expected = new Map<string, string>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        for (const each of steps) {
          if (each.kind === 'put') {
            await pair.put(each.region, each.id, each.value);
            expected.set(each.id, each.value);
          } else if (each.kind === 'delete') {
            await pair.delete(each.region, each.id);
            expected.delete(each.id);
          } else if (each.kind === 'lag') pair.replication.setLag(each.lag);
          else pair.replication[each.kind](each.region);
        }
        pair.replication.resume('primary');
        pair.replication.resume('secondary');
        await pair.deliver();
        expect(await pair.all('primary')).toEqual(Object.fromEntries(expected));
        expect(await pair.all('secondary')).toEqual(Object.fromEntries(expected));
      }),
      { numRuns: 60 },
    );
  });
});
