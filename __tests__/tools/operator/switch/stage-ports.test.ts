import { describe, expect, it } from 'vitest';
import { TargetDisagreementError } from '#operator/live/target.ts';
import type { ProbeRequest } from '#operator/switch/preflight/answering-environment.ts';
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

  it('waits for the environment to answer, and for a row of answers', async () => {
    const answers = ['envB', 'envA', 'envB', 'envA', 'envA', 'envA'];
    const probe = (limit: number) => {
      let at = 0;
      return async () => ({ status: 200, body: JSON.stringify({ env: at < limit ? answers[at++] : 'envB' }) });
    };
    // Five attempts are made.
    await expect(fakedAws({ probe: probe(6) }).verifyPublicName('envA')).rejects.toThrow(
      'envA did not answer 3 times in a row. Last: envA answered GET https://api.example.com/healthcheck?shallow=true.',
    );
    await expect(fakedAws({ probe: probe(0) }).verifyPublicName('envB')).resolves.toBeUndefined();
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
