import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { RouteDocument } from '#contract/route-document.ts';
import type { RegionSources } from '#operator/live/read-region.ts';
import { describeStatus } from '#operator/status/describe-status.ts';
import { readStatus } from '#operator/status/read-status.ts';
import { concludeStatus, type RegionStatus } from '#operator/status/stage-status.ts';
import { killedSwitch, recorded, staggeredSwitch } from '#tests/tools/operator/journal/recorded.ts';
import { context, type FakedRegion, fakedLive } from '#tests/tools/operator/live/faked-live.ts';
import { keptCatchUp } from '#tests/tools/operator/regions/kept-catch-up.ts';

const released: FakedRegion = { target: 'envA', versions: { envA: '3', envB: '4', preview: '$LATEST' } };
type Failback = (typeof context.settings)['failback'];
const nothing = async (): Promise<readonly string[]> => [];
const status = (
  primary: FakedRegion,
  secondary: FakedRegion,
  journal = recorded(),
  account = nothing,
  catchUp = keptCatchUp(),
) => readStatus(context, fakedLive({ primary, secondary }), { journal, catchUp, flags: '' }, account);

describe('the status of a stage (S0.15)', () => {
  it('says where traffic goes, what is idle, what is newest, and what runs in each region', async () => {
    const read = await status(released, released);
    expect(read).toMatchObject({
      names: { rest: 'api.example.com', http: 'events.example.com' },
      target: 'envA',
      idle: ['envB'],
      newest: 'envB',
      disagreements: [],
    });
    const text = describeStatus(read, pc.createColors(false));
    expect(text).toMatch(/target +envA/);
    expect(text).toMatch(
      /primary eu-central-1\n {2}REST API rest-id, HTTP API http-id\n {2}health check eu-central-1\.api\.example\.com\/healthcheck\?shallow=true healthy\n {2}health check eu-central-1\.events\.example\.com\/events\/healthcheck\?shallow=true healthy/,
    );
    expect(text).toMatch(/\* envA +[0-9a-f]{12} +2026-01-03T00:00:00Z +all 3/);
  });

  it('names a switch that is unfinished, and how to end it (B3)', async () => {
    const { disagreements } = await status(released, released, recorded(killedSwitch));
    expect(disagreements).toEqual([expect.stringMatching(/envA to envB.+ada@desk.+unfinished.+--resume.+--revert/s)]);
  });

  it('says that the regions differ on purpose while a switch is staggered, and nothing of a disagreement (B28)', async () => {
    const onB = { ...released, target: 'envB', healthCheckAsks: 'envA' };
    const read = await status(released, onB, recorded(staggeredSwitch));
    expect(read).toMatchObject({ target: undefined, idle: [], stagger: { regionType: 'secondary', to: 'envB' } });
    expect(read.disagreements).toEqual([
      expect.stringMatching(
        /^dev is staggered until 2026-01-02T03:20:00Z: envB in the secondary region.+--resume.+--revert/s,
      ),
    ]);
    const text = describeStatus(read, pc.createColors(false));
    expect(text).toMatch(
      /target +staggered until 2026-01-02T03:20:00Z: envB in the secondary region, envA in the primary region\n/,
    );
    expect(text).toMatch(/primary eu-central-1.+\* envA.+secondary eu-west-1.+\* envB/s);
  });

  it('names a disagreement that a stagger does not explain (B28)', async () => {
    const { stagger, disagreements } = await status(
      { ...released, target: 'envB' },
      released,
      recorded(staggeredSwitch),
    );
    expect(stagger).toBeUndefined();
    expect(disagreements).toContainEqual(expect.stringContaining('do not lead to one environment'));
    expect(disagreements[0]).toMatch(/^The switch of dev from envA to envB .+ is unfinished\..+--resume/s);
  });

  it("says how old the other region's heartbeat is, and that one is late where nobody says that a region is lost (B26)", async () => {
    const alarms = { ...context.settings.alarms, heartbeatAgeSeconds: 180 };
    const stage = { ...context, settings: { ...context.settings, alarms } };
    const heartbeats = {
      primary: async () => ({ of: 'eu-west-1', ageSeconds: 181 }),
      secondary: async () => ({ of: 'eu-central-1', ageSeconds: null }),
    };
    const ask = (without?: 'secondary') => {
      const sources = { ...fakedLive({ primary: released, secondary: released }), heartbeats };
      const switches = { journal: recorded(), catchUp: keptCatchUp(), flags: '' };
      return readStatus(stage, sources, switches, nothing, without);
    };
    const read = await ask();
    expect(read.regions[0]?.heartbeat).toEqual({ of: 'eu-west-1', ageSeconds: 181 });
    expect(read.disagreements).toEqual([
      'The last heartbeat of eu-west-1 that has arrived in eu-central-1 is 181 s old: what is written there may be lacking here. Which alarms say so: two-region alarms dev',
    ]);
    const text = describeStatus(read, pc.createColors(false));
    expect(text).toMatch(/ {2}heartbeat of eu-west-1 181 s old\n.+ {2}no heartbeat of eu-central-1 has arrived yet\n/s);
    expect((await ask('secondary')).disagreements).not.toContainEqual(expect.stringContaining('heartbeat'));
  });

  it('says where objects are copied to, and where they are not or come late (B16)', async () => {
    const objects = {
      primary: async () => ({ to: 'eu-west-1', rule: 'within 15 min', lateSeconds: 1200 }),
      secondary: async () => ({ to: 'eu-central-1' }),
    };
    const sources = { ...fakedLive({ primary: released, secondary: released }), objects };
    const switches = { journal: recorded(), catchUp: keptCatchUp(), flags: '' };
    const read = await readStatus(context, sources, switches, nothing);
    expect(read.disagreements).toEqual([
      'Objects of eu-west-1 reached eu-central-1 up to 1200 s late in the last 15 minutes: what is written there may be lacking here.',
      'S3 does not copy objects from eu-west-1 to eu-central-1, as settings.conf says. Deploy it: two-region deploy dev --stack data',
    ]);
    const text = describeStatus(read, pc.createColors(false));
    expect(text).toContain(
      '  objects are copied to eu-west-1 within 15 min; those of eu-west-1 were up to 1200 s late here\n',
    );
    expect(text).toContain('  objects are not copied to eu-central-1\n');
  });

  it('says what runs of the container API, and where a region has another image (S3.13)', async () => {
    const [one, other] = ['a', 'b'].map((digit) => `sha256:${digit.repeat(64)}`);
    const containers = {
      primary: async () => ({ image: one ?? '', running: 2, desired: 2 }),
      secondary: async () => ({ image: other ?? '', running: 2, desired: 2 }),
    };
    const sources = { ...fakedLive({ primary: released, secondary: released }), containers };
    const switches = { journal: recorded(), catchUp: keptCatchUp(), flags: '' };
    const read = await readStatus(context, sources, switches, nothing);
    expect(read.disagreements).toEqual([
      expect.stringMatching(/^The regions serve different images of the container API/),
    ]);
    const text = describeStatus(read, pc.createColors(false));
    expect(text).toContain('  container API sha256:aaaaaaaaaaaa, 2 of 2 tasks run\n');
  });

  it('says that nothing holds traffic after a failover, and what does (B24)', async () => {
    const route = (document: RouteDocument) => ({ read: async () => ({ document, version: '1' }) });
    const ask = async (says: RouteDocument, secondary: FakedRegion = released, failback: Failback = 'manual') => {
      const sources = fakedLive({ primary: { ...released, unhealthy: true }, secondary });
      const routes = { primary: route({ route: 'home' }), secondary: route(says) };
      const stage = { ...context, settings: { ...context.settings, failback } };
      const read = await readStatus(
        stage,
        sources,
        { journal: recorded(), catchUp: keptCatchUp(), flags: '', routes },
        nothing,
      );
      return read.disagreements;
    };
    const away: RouteDocument = { route: 'away', since: '2026-01-02T03:04:05.000Z', by: 'latch', reason: 'It moved.' };
    expect(await ask({ route: 'home' })).toEqual([
      expect.stringMatching(/returns to it by itself.+two-region route-away dev primary --latch$/),
    ]);
    expect(await ask(away)).toEqual([
      'Traffic keeps away from the primary region since 2026-01-02T03:04:05.000Z, held where a failover brought it (It moved), healthy or not. Let it go there again: two-region route-back dev primary',
    ]);
    // Nothing has moved: with both unhealthy Route 53 answers with the primary region.
    expect(await ask({ route: 'home' }, { ...released, unhealthy: true })).toEqual([]);
    expect(await ask({ route: 'home' }, released, 'automatic')).toEqual([]);
  });

  it('says so of the region that the settings make the active one, and of none where both are (S4.2)', async () => {
    const route = { read: async () => ({ document: { route: 'home' } as const, version: '1' }) };
    const shown: unknown[] = [];
    const ask = async (changes: Partial<typeof context.settings>) => {
      const sources = fakedLive({ primary: released, secondary: { ...released, unhealthy: true } });
      const stage = { ...context, settings: { ...context.settings, failback: 'manual' as const, ...changes } };
      const switches = {
        journal: recorded(),
        catchUp: keptCatchUp(),
        flags: '',
        routes: { primary: route, secondary: route },
      };
      const read = await readStatus(stage, sources, switches, nothing);
      shown.push(/^routing +(.*)$/m.exec(describeStatus(read, pc.createColors(false)))?.[1]);
      return read.disagreements;
    };
    expect(await ask({})).toEqual([]);
    expect(await ask({ activeRegion: 'secondary' })).toEqual([
      expect.stringMatching(/^The secondary region is unhealthy.+two-region route-away dev secondary --latch$/),
    ]);
    expect(await ask({ activeRegion: 'secondary', routingPolicy: 'weighted' })).toEqual([]);
    expect(shown).toEqual([undefined, 'failover: the secondary region is active', 'weighted: both regions are active']);
  });

  it('is shown where the journal cannot be read', async () => {
    const journal = { read: () => Promise.reject(new Error('no bucket')) };
    expect(await status(released, released, journal)).toMatchObject({ target: 'envA', disagreements: [] });
  });

  it('says that nothing is deployed before the first deploy', async () => {
    const read = await status({}, {});
    expect(read).toMatchObject({ target: undefined, idle: [], newest: undefined, disagreements: [] });
    expect(describeStatus(read, pc.createColors(false))).toMatch(/target +none yet.+no environment is deployed/s);
  });

  it('names every disagreement between the regions, in red', async () => {
    const read = await status(released, {
      target: 'envB',
      versions: { envA: '5', envB: '4' },
      unchecked: ['http'],
    });
    expect(read.target).toBeUndefined();
    expect(read.disagreements).toEqual([
      'The public names do not lead to one environment (primary: REST envA, HTTP envA; secondary: REST envB, HTTP envB).',
      "No health check asks the HTTP API of the secondary region by the region's own name. Deploy it: two-region deploy dev --stack routing",
      expect.stringMatching(/^envA has different content: primary [0-9a-f]{12}, secondary [0-9a-f]{12}\.$/),
      'preview is not deployed in the secondary region.',
    ]);
    expect(describeStatus(read, pc.createColors(true))).toContain(`\u001b[31m${read.disagreements[0]}`);
  });

  it('names what an interrupted deploy left in the middle, in both regions alike', () => {
    const region = (regionType: 'primary' | 'secondary'): RegionStatus => ({
      regionType,
      region: regionType,
      targets: { rest: 'envA', http: 'envA' },
      apiIds: { rest: 'r', http: 'h' },
      environments: [
        { name: 'envA', versions: { test: '1', user: '1' }, hash: 'a', lacks: [], gateways: ['rest', 'http'] },
        { name: 'envB', hash: 'b', lacks: ['The function user has no alias envB.'], gateways: ['rest'] },
      ],
    });
    expect(concludeStatus(context, {}, [region('primary'), region('secondary')]).disagreements).toEqual([
      'In the primary region: The function user has no alias envB.',
      'envB has no stage in the HTTP API of the primary region.',
      'In the secondary region: The function user has no alias envB.',
      'envB has no stage in the HTTP API of the secondary region.',
    ]);
  });

  it('names functions, roles, permissions and routes that a live environment lost, in each region (B12)', async () => {
    const version = { version: '3', package: { bucket: 'b', key: 'k', version: 'v', sha256: 's' }, tables: {} };
    const route = { id: 'test', api: 'rest', method: 'GET', path: '/test', auth: 'open' } as const;
    const functions = {
      test: { ...version, role: { hash: '1', name: 'role-of-test', policy: '{}' }, routes: [route] },
    };
    const whole: FakedRegion = { ...released, records: [{ environment: 'envA', functions }] };
    expect((await status(whole, whole)).disagreements).toEqual([]);
    const { disagreements } = await status(
      { ...whole, lostRoles: ['role-of-test'] },
      { ...whole, versions: { envB: '4' } },
    );
    expect(disagreements).toContain(
      'In the primary region: The role role-of-test, which envA runs test with, does not exist or has lost its policy.',
    );
    expect(disagreements).toContain('envA is not deployed in the secondary region.');
    const [complete, lacking] = [
      { ...whole, routes: ['GET /test'] },
      { ...whole, routes: ['GET /user/{id}'] },
    ];
    expect((await status(complete, lacking)).disagreements).toEqual([
      'In the secondary region: What envA serves of the REST API has no route GET /test.',
    ]);
  });

  it('shows the other region when one does not answer, and fails only when neither does', async () => {
    const failure = new Error('connect ETIMEDOUT');
    const read = await status({ failure }, released);
    expect(read).toMatchObject({ target: 'envA', names: { rest: 'api.example.com' } });
    expect(read.disagreements).toEqual(['The primary region eu-central-1 did not answer: connect ETIMEDOUT']);
    await expect(status({ failure }, { failure })).rejects.toThrow('ETIMEDOUT');
  });

  it('waits for a silent region once: each is asked for its parameters a single time', async () => {
    const { regions, health } = fakedLive({
      primary: { failure: new Error('nothing came in time') },
      secondary: released,
    });
    const asked: string[] = [];
    const counted = ({ parameters, ...rest }: RegionSources): RegionSources => ({
      ...rest,
      parameters: {
        ...parameters,
        readAll: () => {
          asked.push(parameters.region);
          return parameters.readAll();
        },
      },
    });
    const sources = { regions: { primary: counted(regions.primary), secondary: counted(regions.secondary) }, health };
    const { names } = await readStatus(
      context,
      sources,
      { journal: recorded(), catchUp: keptCatchUp(), flags: '' },
      nothing,
    );
    expect(names).toEqual({ rest: 'api.example.com', http: 'events.example.com' });
    expect(asked.sort()).toEqual(['eu-central-1', 'eu-west-1']);
  });

  it('says what of the account is not as the stage needs it, after what is wrong with the stage (B29)', async () => {
    const account = async () => ["API Gateway logs: no role for API Gateway's logs in eu-west-1."];
    const read = await status(released, { ...released, target: 'envB' }, recorded(), account);
    expect(read.disagreements.at(-1)).toBe("API Gateway logs: no role for API Gateway's logs in eu-west-1.");
    expect(read.disagreements.length).toBeGreaterThan(1);
  });

  it('does not take refused credentials for a region that is down', async () => {
    const failure = Object.assign(new Error('The security token is expired'), { name: 'ExpiredTokenException' });
    await expect(status({ failure }, released)).rejects.toMatchObject({ name: 'CredentialsError' });
  });
});

describe('what a region has to catch up on (B16)', () => {
  const item = { id: 'a', who: 'ada@here', at: '2026-01-01T12:00:00.000Z' };
  const target = {
    ...item,
    kind: 'target',
    what: 'its public names are to lead to envA',
    environment: 'envA',
  } as const;
  const state = { ...item, kind: 'state', what: 'its copies of the states are to be brought back' } as const;
  const lost = { failure: new Error('no route to host') };
  const envB: FakedRegion = { ...released, target: 'envB' };

  it('is shown while the region is gone, and when it is back and differs', async () => {
    const owed = keptCatchUp({ secondary: [target] });
    for (const secondary of [lost, envB]) {
      const { disagreements } = await status(released, secondary, recorded(), nothing, owed);
      expect(disagreements.join()).toContain(
        'The secondary region has to catch up: its public names are to lead to envA',
      );
    }
  });

  it('is no target any more once the regions lead to the same environment; what nobody can see stays', async () => {
    const owed = keptCatchUp({ secondary: [target], primary: [state] });
    const { disagreements } = await status(released, released, recorded(), nothing, owed);
    expect(disagreements).toEqual([expect.stringContaining('The primary region has to catch up: its copies')]);
  });

  it('hides nothing else where it can not be read', async () => {
    const owed = { ...keptCatchUp(), read: () => Promise.reject(new Error('no bucket')) };
    expect((await status(released, released, recorded(), nothing, owed)).disagreements).toEqual([]);
  });

  it('asks nothing of a region that is left out, and nothing that concerns both', async () => {
    const asked: string[] = [];
    const sources = fakedLive({ primary: released, secondary: { failure: new Error('It was asked.') } });
    const secondary = { ...sources.regions.secondary };
    secondary.records = async () => {
      asked.push('records');
      return [];
    };
    const switches = { journal: recorded(), catchUp: keptCatchUp({ secondary: [target] }), flags: '' };
    const account = async () => ['The account lacks something.'];
    const live = { ...sources, regions: { primary: sources.regions.primary, secondary } };
    const { disagreements, regions } = await readStatus(context, live, switches, account, 'secondary');
    expect(asked).toEqual([]);
    expect(regions[1]?.problem).toContain('left out');
    expect(disagreements.filter((each) => each.includes('catch up'))).toHaveLength(1);
    expect(disagreements.join()).not.toContain('account');
  });
});
