import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { addCatchUp, type Lacking } from '#operator/regions/catch-up.ts';
import { ofRegion } from '#operator/regions/region-gone.ts';
import type { ComparedTable } from '#operator/return/compare-items.ts';
import { type ReturnPlace, returnRegion } from '#operator/return/return-region.ts';
import { describeReturn } from '#operator/return/run-return.ts';
import type { RouteStore } from '#operator/route/route-store.ts';
import type { RegionType } from '#stacks/context.ts';
import { context, memoryStore } from '#tests/tools/operator/parameters/stores.ts';
import { FakedPlace } from '#tests/tools/operator/switch/faked-place.ts';
import { killedAtFirstLook } from '#tests/tools/operator/switch/run-on-faked-place.ts';

const differing = { key: 'id "a"', primary: '{"name":"Ada"}', secondary: '{"name":"Bea"}' };
const table = (more: Partial<ComparedTable> = {}): ComparedTable => ({
  table: 'user',
  items: 1,
  differing: [],
  alike: new Map(),
  ...more,
});

/** A stage that was rolled back and given a parameter in the secondary region while the primary was lost, and from which traffic keeps away. */
async function lost(region: RegionType = 'primary') {
  const stage = new FakedPlace();
  const left = region === 'primary' ? 'secondary' : 'primary';
  stage.parts[`entry-${left}`] = 'envB';
  const { place } = stage;
  await addCatchUp(place.catchUp, region, { kind: 'target', what: 'names', environment: 'envB' });
  await addCatchUp(place.catchUp, region, { kind: 'parameters', what: 'map', names: ['replacement_map'] });
  const stores = { primary: memoryStore('eu-central-1'), secondary: memoryStore('eu-west-1') };
  stores[left].values.set('replacement_map', 'new');
  stores[region].values.set('replacement_map', 'old');
  stores[left].values.set('alarm_email', 'left@example.com');
  let route: 'away' | 'home' = 'away';
  const home: RouteStore = {
    region: left,
    read: async () => ({ document: { route }, version: '1' }),
    write: async (document) => {
      route = document.route;
      return true;
    },
  };
  const asked: string[] = [];
  let told: readonly string[] = [];
  const returning: ReturnPlace = {
    ...place,
    targetOf: async (type) => stage.parts[`entry-${type}`],
    stores,
    returnState: async () => void asked.push('state'),
    release: async (type, environments) => {
      asked.push(`release ${type} ${environments.join(' ')}`);
      return ['Deployed.'];
    },
    admitKeys: async (type, parameters) => void asked.push(`keys ${type} ${parameters.join(' ')}`),
    parity: async () => ({ regions: { primary: '', secondary: '' }, same: 10, differences: [], allowed: [] }),
    compareTables: async () => [table()],
    route: {
      stage: 'dev',
      isProduction: false,
      flags: '',
      active: 'primary',
      stores: { primary: home, secondary: home },
      responding: async () => region,
      timeScale: 1000,
      watchAtLeast: 0,
    },
    patience: { whole: 0, pause: 0 },
  };
  const confirm = async (owed: readonly string[]) => {
    told = owed;
    asked.push('level');
  };
  const hooks = { confirm, confirmRoute: async () => void asked.push('route'), onPhase: () => undefined };
  const run = (more: Partial<ReturnPlace> = {}) => returnRegion({ ...returning, ...more }, region, hooks);
  const owe = (lacking: Lacking) => addCatchUp(place.catchUp, region, lacking);
  return { owe, stage, stores, asked, run, route: () => route, told: () => told };
}

describe('the return of a region that was lost (B16)', () => {
  it.each(['primary', 'secondary'] as const)(
    'brings states, parameters and target of the %s level, shows parity, and only then lets traffic go there',
    async (region) => {
      const { stage, stores, asked, run, route } = await lost(region);
      const report = await run();
      expect(report).toMatchObject({ region, outcome: 'level', problems: [], parity: { same: 10 } });
      expect(stage.parts).toEqual({ 'entry-primary': 'envB', 'entry-secondary': 'envB' });
      expect(stage.taken).toEqual([`move entry-${region} envB`, `verify ${region} envB`]);
      // What was not set while it was gone stays as it is: parity would tell.
      expect([...stores[region].values]).toEqual([['replacement_map', 'new']]);
      expect(asked).toEqual(region === 'primary' ? ['level', 'state', 'route'] : ['level', 'route']);
      expect([stage.catchUp[region], route(), stage.lock]).toEqual([[], 'home', undefined]);
      const text = describeReturn(report, pc.createColors(false));
      expect(text).toMatch(/replacement_map are set.+lead to envB.+10 facts are the same.+user 1.+is level with/s);
      // Again: nothing is left to do.
      expect(await run()).toMatchObject({ outcome: 'level', done: [] });
    },
  );

  it('deploys there what was deployed without it, once for each environment, and has it admit its keys, before names are moved', async () => {
    const { stage, asked, owe, run, route } = await lost();
    await owe({ kind: 'release', what: 'envB', environments: ['envB', 'preview'] });
    await owe({ kind: 'release', what: 'envB is to run user as promoted', environments: ['envB'] });
    await owe({ kind: 'keys', what: 'key', names: ['api_key'] });
    stage.onStep = (step) => void asked.push(step);
    expect(await run()).toMatchObject({ outcome: 'level', done: expect.arrayContaining(['Deployed.']) });
    const [deploy, admit, move] = ['release primary envB preview', 'keys primary api_key', 'move entry-primary envB'];
    expect(asked.filter((each) => [deploy, admit, move].includes(each))).toEqual([deploy, admit, move]);
    expect([stage.catchUp.primary, route()]).toEqual([[], 'home']);
  });

  it('goes on where a deploy fails, says why, and keeps traffic away', async () => {
    const { stage, owe, run, route } = await lost();
    await owe({ kind: 'release', what: 'envB', environments: ['envB'] });
    const report = await run({ release: () => Promise.reject(new Error('Deploy of dev failed in envB-primary.')) });
    expect(report.problems.join('\n')).toMatch(
      /could not be deployed there: Deploy of dev failed in envB-primary.+the secondary region runs, take that.+two-region return dev primary/s,
    );
    expect([report.outcome, route()]).toEqual(['behind', 'away']);
    expect(stage.catchUp.primary).toContainEqual(expect.objectContaining({ kind: 'release' }));
  });

  it('takes weights that a canary left there which was put back without the region, and none of one that is under way (B8)', async () => {
    const { stage, run } = await lost();
    stage.weights.primary = 10;
    expect(await run()).toMatchObject({
      outcome: 'level',
      done: expect.arrayContaining(['envA runs its own versions alone: a canary had left it weights.']),
    });
    expect([stage.weights.primary, stage.taken[0]]).toEqual([0, 'weigh primary 0']);
    const baking = await killedAtFirstLook({
      kind: 'switch',
      environment: 'envB',
      canary: { percent: 10, bakeSeconds: 10_000_000 },
    });
    const other = await lost();
    other.stage.weights.primary = 10;
    other.stage.journal = baking.journal;
    await other.run();
    expect([other.stage.weights.primary, other.stage.taken]).toEqual([
      10,
      expect.not.arrayContaining(['weigh primary 0']),
    ]);
  });

  it('tells what it owes before it asks', async () => {
    const { owe, run, told } = await lost('secondary');
    await owe({ kind: 'release', what: 'envB is to be deployed', environments: ['envB'] });
    await run();
    expect(told().join()).toMatch(/The secondary region has to catch up: .+envB is to be deployed, since/);
  });

  it.each<[string, Partial<ReturnPlace>, RegExp]>([
    [
      'facts differ',
      {
        parity: async () => ({
          regions: { primary: '', secondary: '' },
          same: 9,
          differences: [{ kind: 'version', name: 'user', primary: '1', secondary: '2' }],
          allowed: [],
        }),
      },
      /1 facts differ, see two-region parity dev/,
    ],
    [
      'items differ',
      { compareTables: async () => [table({ differing: [differing] })] },
      /user have not become the same.+id "a"/,
    ],
  ])('keeps traffic away while %s, and owes what it owed', async (_, more, said) => {
    const { stage, asked, run, route } = await lost();
    const report = await run(more);
    expect(report).toMatchObject({ outcome: 'behind', problems: [expect.stringMatching(said)] });
    expect(report.route).toBeUndefined();
    expect([route(), asked.includes('route')]).toEqual(['away', false]);
    expect(stage.catchUp.primary).toHaveLength(3);
    expect(describeReturn(report, pc.createColors(false))).toMatch(/is not level, and traffic is kept as it was/);
  });

  it.each([
    ['what came meanwhile alone is on its way', { ...differing, key: 'id "new"' }, 'level'],
    [
      'an item is written over and over, and arrives',
      { ...differing, primary: '{"n":2}', secondary: '{"n":3}' },
      'level',
    ],
    ['an item does not arrive', differing, 'behind'],
    ['an item that does not arrive is written again', { ...differing, secondary: '{"n":3}' }, 'behind'],
  ])('holds a region that clients write to against what it was at first: %s', async (_, next, outcome) => {
    const { run } = await lost();
    let looks = 0;
    const compareTables = async () => {
      looks += 1;
      return [table({ differing: looks <= 2 ? [differing] : [next] })];
    };
    expect(await run({ compareTables, patience: { whole: 200, pause: 10 } })).toMatchObject({ outcome });
  });

  it('leads names to nothing that the region does not hold alike', async () => {
    const { stage, run, route } = await lost();
    stage.obstacles = [{ regionType: undefined, message: 'envB has different content in the regions: …' }];
    const report = await run({ ports: stage.place.ports });
    expect(report.problems).toEqual([expect.stringContaining('different content')]);
    expect([stage.parts['entry-primary'], route()]).toEqual(['envA', 'away']);
  });

  it('changes nothing while the region does not answer', async () => {
    const { stage, asked, run } = await lost();
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const targetOf = (type: RegionType) => ofRegion(context, type, () => Promise.reject(refused));
    await expect(run({ targetOf })).rejects.toThrow(/The primary region .+ did not answer/);
    expect([asked, stage.taken]).toEqual([[], []]);
  });

  it('names what was written in both regions, whose write stayed, and what is too much to compare', async () => {
    const { run } = await lost();
    const looks = [
      [
        table({ differing: [differing, { ...differing, key: 'id "b"', primary: null }] }),
        table({ table: 'log', items: null }),
      ],
      [table({ alike: new Map([[differing.key, differing.secondary]]) }), table({ table: 'log', items: null })],
    ];
    const report = await run({ compareTables: async () => looks.shift() ?? [] });
    expect(report.conflicts).toEqual([{ table: 'user', ...differing, stayed: 'secondary' }]);
    expect(describeReturn(report, pc.createColors(false))).toMatch(
      /more than 5000 items: log.+Written in both regions: user id "a"; the secondary region's write stayed/s,
    );
  });
});
