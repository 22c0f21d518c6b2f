import { describe, expect, it } from 'vitest';
import { TargetDisagreementError } from '#operator/live/target.ts';
import {
  type Probe,
  type ProbeRequest,
  untilAnsweredBy,
  VERIFICATION,
} from '#operator/switch/preflight/answering-environment.ts';
import type { ReleaseRecord } from '#stacks/release-record.ts';
import { type FakedAws, fakedAws, RELEASED, serving, switchingTerraform } from './aws/faked-aws.ts';

type Says = NonNullable<FakedAws['routes']>['primary'];
const onB = { ...RELEASED, target: 'envB' };

describe('the target of a stage on AWS', () => {
  it('is what all mappings lead to', async () => {
    expect(await fakedAws().target()).toBe('envA');
  });

  it('is refused where the regions disagree, with the command that makes them agree (S0.12)', async () => {
    const target = fakedAws({ regions: { secondary: onB } }).target();
    await expect(target).rejects.toThrow(TargetDisagreementError);
    await expect(target).rejects.toThrow(/deploy dev --stack entry --take primary\|secondary/);
  });
});

describe('the content of an environment', () => {
  it('is one hash where both regions hold the same, both where they differ, none where it is not deployed', async () => {
    expect(await fakedAws().contentHash('envB')).toMatch(/^\w{12}$/);
    const secondary = { ...RELEASED, versions: { envA: '3', envB: '5' } };
    expect(await fakedAws({ regions: { secondary } }).contentHash('envB')).toMatch(/^\w{12}\/\w{12}$/);
    expect(await fakedAws({ regions: { secondary: { target: 'envA' } } }).contentHash('envB')).toBeUndefined();
  });
});

describe('the standby', () => {
  const down =
    (region: string): Probe =>
    async ({ host }) => ({ status: host.startsWith(`${region}.`) ? 503 : 200, body: '{"env":"envA"}' });

  it("is the secondary region, unless only the primary's own name fails: its traffic has left it (B25)", async () => {
    expect(await fakedAws().standby()).toBe('secondary');
    expect(await fakedAws({ probe: down('eu-west-1') }).standby()).toBe('secondary');
    expect(await fakedAws({ probe: down('eu-central-1') }).standby()).toBe('primary');
    expect(await fakedAws({ probe: async () => ({ status: 503, body: '' }) }).standby()).toBe('secondary');
  });

  it('is the primary region where the secondary one is active, unless that has lost its traffic (S4.2)', async () => {
    const active = 'secondary';
    expect(await fakedAws({ active }).standby()).toBe('primary');
    expect(await fakedAws({ active, probe: down('eu-central-1') }).standby()).toBe('primary');
    expect(await fakedAws({ active, probe: down('eu-west-1') }).standby()).toBe('secondary');
  });

  it('is the region that traffic keeps away from, however well it is: the live one does not go first (B24)', async () => {
    const says = (route: 'away' | 'home') => ({ read: async () => ({ document: { route }, version: '1' }) });
    const lost = { read: () => Promise.reject(new Error('connect ECONNREFUSED')) };
    const standby = (primary: Says, secondary: Says, probe?: Probe) =>
      fakedAws({ routes: { primary, secondary }, ...(probe && { probe }) }).standby();
    expect(await standby(says('home'), says('away'))).toBe('primary');
    expect(await standby(says('away'), says('home'))).toBe('secondary');
    expect(await standby(lost, says('away'))).toBe('primary');
    // What a region said that is lost counts for nothing, and its traffic is elsewhere.
    expect(await standby(says('home'), lost, down('eu-west-1'))).toBe('secondary');
    expect(await standby(says('home'), says('home'), down('eu-central-1'))).toBe('primary');
  });
});

describe('moving a part by Terraform (B3)', () => {
  it('applies the plan that the preflight looked at, with the environment as target_env', async () => {
    const terraform = switchingTerraform();
    const ports = fakedAws({ terraform });
    await ports.preflight('envB');
    await ports.move('entry-secondary', 'envB');
    expect(terraform.planned).toEqual(['entry-primary', 'entry-secondary']);
    expect(terraform.applied).toEqual([{ stack: 'entry-secondary', variables: { target_env: 'envB' } }]);
  });

  it('plans anew to put back, and to move again', async () => {
    const terraform = switchingTerraform();
    const ports = fakedAws({ terraform });
    await ports.preflight('envB');
    await ports.move('entry-primary', 'envB');
    await ports.move('entry-primary', 'envA');
    await ports.move('entry-primary', 'envB');
    expect(terraform.planned.filter((name) => name === 'entry-primary')).toHaveLength(3);
    expect(terraform.applied.map(({ variables }) => variables.target_env)).toEqual(['envB', 'envA', 'envB']);
  });

  it('applies nothing where the part leads there already', async () => {
    const terraform = switchingTerraform({ 'entry-primary': { exists: true, changes: [] } });
    await fakedAws({ terraform }).move('entry-primary', 'envA');
    expect(terraform.applied).toEqual([]);
  });

  it('refuses a plan that does more', async () => {
    const terraform = switchingTerraform({
      'entry-primary': { exists: true, changes: [['aws_route53_record', 'update']] },
    });
    await expect(fakedAws({ terraform }).move('entry-primary', 'envB')).rejects.toThrow(
      /entry-primary has other changes.+change aws_route53_record\.r0/s,
    );
    expect(terraform.applied).toEqual([]);
  });
});

const BEGUN = '2026-11-29T01:00:00.000Z';

describe("an environment's alarm (S3.6, B28)", () => {
  const sick = (since: string) => async () => ({ name: 'app-dev-envA-sick', since, reason: 'errors' });

  it('is asked in both regions; one that cannot be asked says so, and is not on', async () => {
    const refused = async () => Promise.reject(new Error('AccessDenied'));
    const ports = fakedAws({ ports: { primary: { sick: refused }, secondary: { sick: sick(BEGUN) } } });
    expect(await ports.alarms('envA')).toEqual([
      { regionType: 'primary', message: 'the alarm of envA could not be asked: AccessDenied', isOn: false },
      { regionType: 'secondary', message: `app-dev-envA-sick is in ALARM since ${BEGUN}: errors`, isOn: true },
    ]);
    expect(await fakedAws().alarms('envA')).toEqual([]);
  });

  it.each([
    { since: '2026-11-29T01:00:01.000Z', found: /is in ALARM since 2026-11-29T01:00:01/ },
    { since: '2026-11-29T00:59:59.000Z', found: undefined },
  ])('since $since counts while a region is watched from 01:00:00 on: $found', async ({ since, found }) => {
    const ports = fakedAws({ ports: { secondary: { sick: sick(since) } } });
    const health = await ports.health('secondary', 'envA', BEGUN);
    if (found === undefined) expect(health).toBeUndefined();
    else expect(health).toMatch(found);
  });

  it('that cannot be asked ends no watch', async () => {
    const ports = fakedAws({ ports: { secondary: { sick: async () => Promise.reject(new Error('gone')) } } });
    expect(await ports.health('secondary', 'envA', BEGUN)).toBeUndefined();
  });
});

describe('verifying what was moved (B3)', () => {
  it("reads both mappings back and asks each API by the region's own name, three times (B23)", async () => {
    const asked: ProbeRequest[] = [];
    const probe = serving(asked);
    expect(await fakedAws({ probe }).verifyRegion('secondary', 'envA')).toEqual({ asked: 6, others: 0 });
    const ofEntries = asked.filter(({ path }) => !path.startsWith('/envA/'));
    expect(ofEntries.map(({ host, path }) => `${host}${path}`).sort()).toEqual([
      ...Array.from({ length: 3 }, () => 'eu-west-1.api.example.com/healthcheck?shallow=true'),
      ...Array.from({ length: 3 }, () => 'eu-west-1.events.example.com/events/healthcheck?shallow=true'),
    ]);
  });

  it('asks the public names where they lead', async () => {
    const asked: ProbeRequest[] = [];
    await fakedAws({ probe: serving(asked) }).verifyPublicName('envA');
    expect([...new Set(asked.map(({ host, path }) => `${host}${path}`))].sort()).toEqual([
      'api.example.com/healthcheck?shallow=true',
      'eu-west-1.events.example.com/envA/events/healthcheck?shallow=true',
      'events.example.com/events/healthcheck?shallow=true',
    ]);
  });

  it('finds what a wrong mapping of the HTTP API alone would hide (B28)', async () => {
    const probe: Probe = async ({ host }) => {
      const env = host === 'events.example.com' ? 'envB' : 'envA';
      return { status: 200, body: JSON.stringify({ env }) };
    };
    await expect(fakedAws({ probe }).verifyPublicName('envA')).rejects.toThrow(
      /6 of 6 responses were another environment's. Last: envB answered GET https:\/\/events\.example\.com/,
    );
  });

  it("asks both APIs by the open health routes that the environment's release has (B28)", async () => {
    const route = (id: string, api: 'http' | 'rest', path: string) =>
      ({ id, api, method: 'GET', path, auth: 'open' }) as const;
    const record = (...routes: readonly ReturnType<typeof route>[]): ReleaseRecord => ({
      environment: 'envA',
      functions: {
        health: {
          version: '3',
          role: { hash: '1', name: 'role', policy: '{}' },
          package: { bucket: 'b', key: 'k', version: 'v', sha256: 's' },
          tables: {},
          routes: [...routes],
        },
      },
    });
    const rest = route('healthcheck', 'rest', '/healthcheck');
    const both = record(rest, route('events-healthcheck', 'http', '/events/healthcheck'));
    const pathsAsked = async (records: readonly ReleaseRecord[]) => {
      const asked: ProbeRequest[] = [];
      const ports = fakedAws({ probe: serving(asked), regions: { secondary: { ...RELEASED, records } } });
      const found = await ports.verifyRegion('secondary', 'envA');
      expect(found).toEqual({ asked: asked.length, others: 0 });
      expect(await ports.health('secondary', 'envA', BEGUN)).toBeUndefined();
      return [...new Set(asked.map(({ host, path }) => `${host}${path}`))].sort();
    };
    const ofRest = ['eu-west-1.api.example.com/healthcheck', 'eu-west-1.api.example.com/healthcheck?shallow=true'];
    expect(await pathsAsked([both])).toEqual([
      ...ofRest,
      'eu-west-1.events.example.com/events/healthcheck',
      'eu-west-1.events.example.com/events/healthcheck?shallow=true',
    ]);
    // A release that had no such route yet can be gone back to.
    expect(await pathsAsked([record(rest)])).toEqual(ofRest);
  });

  it('goes back to version 0.1.0, which left no record and had no health route in the HTTP API', async () => {
    const asked: string[] = [];
    const probe: Probe = async ({ host, path }) => {
      asked.push(`${host}${path}`);
      return host.includes('events.') ? { status: 404, body: '' } : { status: 200, body: '{"env":"envA"}' };
    };
    await fakedAws({ probe }).verifyRegion('secondary', 'envA');
    expect(asked.filter((url) => url.includes('events.'))).toEqual([
      'eu-west-1.events.example.com/envA/events/healthcheck?shallow=true',
    ]);
  });

  it('fails where a mapping leads elsewhere', async () => {
    await expect(fakedAws().verifyRegion('primary', 'envB')).rejects.toThrow(
      'The public names of the primary region lead to REST envA, HTTP envA; expected is envB.',
    );
  });

  it("waits for a row of responses, and reports how many were the old environment's and when the last one came (B28)", async () => {
    const serves = (...environments: string[]) => {
      let at = 0;
      // Of one API alone, so that the responses have an order.
      const probe: Probe = async ({ host }) =>
        host.includes('events.')
          ? { status: 404, body: '' }
          : { status: 200, body: JSON.stringify({ env: environments[at++] }) };
      return probe;
    };
    const probe = serves('envB', 'envA', 'envB', 'envA', 'envA', 'envA');
    expect(await fakedAws({ probe }).verifyPublicName('envA')).toEqual({
      asked: 6,
      others: 2,
      lastOther: expect.stringMatching(/^\d{4}-\d\d-\d\dT.+Z$/),
    });
    // Six attempts are made.
    const late = serves('envB', 'envB', 'envB', 'envB', 'envA', 'envA', 'envA');
    await expect(fakedAws({ probe: late }).verifyPublicName('envA')).rejects.toThrow(
      "envA did not answer 3 times in a row. 4 of 6 responses were another environment's. Last: envA answered GET https://",
    );
  });

  it('asks for as long as is declared: on AWS 20 times in a row over at least 15 s', async () => {
    expect(VERIFICATION).toMatchObject({ inARow: 20, spanSeconds: 15 });
    const asked: ProbeRequest[] = [];
    const begun = performance.now();
    const request = { host: 'api.example.com', path: '/healthcheck' };
    await untilAnsweredBy('envA', serving(asked), request, { inARow: 5, spanSeconds: 0.08, attempts: 9 });
    expect(asked).toHaveLength(5);
    // A timer may fire a millisecond early.
    expect(performance.now() - begun).toBeGreaterThanOrEqual(80 - 4);
  });

  it('says what came instead', async () => {
    const probe = async () => ({ status: 403, body: '{"message":"Forbidden"}' });
    await expect(fakedAws({ probe }).verifyPublicName('envA')).rejects.toThrow(
      /envA did not answer 3 times in a row.+responded 403 \{"message":"Forbidden"\}, expected 200/,
    );
  });

  it('ends at once when the switch is interrupted', async () => {
    const signal = AbortSignal.abort(new Error('Interrupted.'));
    await expect(fakedAws().verifyPublicName('envA', signal)).rejects.toThrow('Interrupted.');
  });
});
