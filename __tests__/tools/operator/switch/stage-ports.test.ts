import { describe, expect, it } from 'vitest';
import { TargetDisagreementError } from '#operator/live/target.ts';
import { type ProbeRequest, untilAnsweredBy, VERIFICATION } from '#operator/switch/preflight/answering-environment.ts';
import type { ReleaseRecord } from '#stacks/release-record.ts';
import { fakedAws, RELEASED, serving, switchingTerraform } from './aws/faked-aws.ts';

const onB = { ...RELEASED, target: 'envB' };

describe('the target of a stage on AWS', () => {
  it('is what all mappings lead to', async () => {
    expect(await fakedAws().target()).toBe('envA');
  });

  it('is refused where the regions disagree, with the command that makes them agree (S0.12)', async () => {
    const target = fakedAws({ regions: { secondary: onB } }).target();
    await expect(target).rejects.toThrow(TargetDisagreementError);
    await expect(target).rejects.toThrow(/deploy dev --stack entry routing --take primary\|secondary/);
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
  const down = (region: string) => ({
    observations: async (id: string) => [id === region ? 'Failure: timed out' : 'Success: HTTP Status Code 200'],
  });

  it("is the secondary region, unless the primary's traffic has gone there", async () => {
    expect(await fakedAws().standby()).toBe('secondary');
    expect(await fakedAws({ live: down('eu-west-1') }).standby()).toBe('secondary');
    expect(await fakedAws({ live: down('eu-central-1') }).standby()).toBe('primary');
  });
});

describe('moving a part by Terraform (B3)', () => {
  it('applies the plan that the preflight looked at, with the environment as target_env', async () => {
    const terraform = switchingTerraform();
    const ports = fakedAws({ terraform });
    await ports.preflight('envB');
    await ports.move('entry-secondary', 'envB');
    expect(terraform.planned).toEqual(['entry-primary', 'entry-secondary', 'routing']);
    expect(terraform.applied).toEqual([{ stack: 'entry-secondary', variables: { target_env: 'envB' } }]);
  });

  it('plans anew to put back, and to move again', async () => {
    const terraform = switchingTerraform();
    const ports = fakedAws({ terraform });
    await ports.preflight('envB');
    await ports.move('routing', 'envB');
    await ports.move('routing', 'envA');
    await ports.move('routing', 'envB');
    expect(terraform.planned.filter((name) => name === 'routing')).toHaveLength(3);
    expect(terraform.applied.map(({ variables }) => variables.target_env)).toEqual(['envB', 'envA', 'envB']);
  });

  it('applies nothing where the part leads there already', async () => {
    const terraform = switchingTerraform({ routing: { exists: true, changes: [] } });
    await fakedAws({ terraform }).move('routing', 'envA');
    expect(terraform.applied).toEqual([]);
  });

  it('refuses a plan that does more', async () => {
    const terraform = switchingTerraform({ routing: { exists: true, changes: [['aws_route53_record', 'update']] } });
    await expect(fakedAws({ terraform }).move('routing', 'envB')).rejects.toThrow(
      /routing has other changes.+change aws_route53_record\.r0/s,
    );
    expect(terraform.applied).toEqual([]);
  });
});

describe('verifying what was moved (B3)', () => {
  it("reads both mappings back and asks the region's own domain by the public name, three times", async () => {
    const asked: ProbeRequest[] = [];
    await fakedAws({ probe: serving(asked) }).verifyRegion('secondary', 'envA');
    expect(asked).toEqual(
      Array.from({ length: 3 }, () => ({
        host: 'api.example.com',
        address: 'd-secondary.example.net',
        path: '/healthcheck?shallow=true',
      })),
    );
  });

  it('asks the public name where it leads', async () => {
    const asked: ProbeRequest[] = [];
    await fakedAws({ probe: serving(asked) }).verifyPublicName('envA');
    expect(asked[0]).toEqual({ host: 'api.example.com', path: '/healthcheck?shallow=true' });
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
      expect(await ports.health('secondary', 'envA')).toBeUndefined();
      return [...new Set(asked.map(({ host, path }) => `${host}${path}`))].sort();
    };
    expect(await pathsAsked([both])).toEqual([
      'api.example.com/healthcheck',
      'api.example.com/healthcheck?shallow=true',
      'events.example.com/events/healthcheck',
      'events.example.com/events/healthcheck?shallow=true',
    ]);
    // A release that had no such route yet can be gone back to.
    expect(await pathsAsked([record(rest)])).toEqual([
      'api.example.com/healthcheck',
      'api.example.com/healthcheck?shallow=true',
    ]);
  });

  it('fails where a mapping leads elsewhere', async () => {
    await expect(fakedAws().verifyRegion('primary', 'envB')).rejects.toThrow(
      'The public names of the primary region lead to REST envA, HTTP envA; expected is envB.',
    );
  });

  it('fails where the region has no domain of that name', async () => {
    const ports = { primary: { regionalHost: async () => undefined } };
    await expect(fakedAws({ ports }).verifyRegion('primary', 'envA')).rejects.toThrow(
      /is not a custom domain of the primary/,
    );
  });

  it("waits for a row of responses, and reports how many were the old environment's and when the last one came (B28)", async () => {
    const serves = (...environments: string[]) => {
      let at = 0;
      return async () => ({ status: 200, body: JSON.stringify({ env: environments[at++] }) });
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
