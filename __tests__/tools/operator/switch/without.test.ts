import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { describeSwitch } from '#operator/switch/describe-switch.ts';
import type { SwitchHooks } from '#operator/switch/prepare-switch.ts';
import type { SwitchPlace, SwitchRequest } from '#operator/switch/switch-ports.ts';
import { switchStage } from '#operator/switch/switch-stage.ts';
import type { RegionType } from '#stacks/context.ts';
import { fakedAws, RELEASED, switchingTerraform } from './aws/faked-aws.ts';
import { FakedPlace } from './faked-place.ts';

const hooks: SwitchHooks = { owner: { user: 'ada', host: 'here', pid: 1 }, confirm: async () => undefined };

const run = (stage: FakedPlace, request: SwitchRequest, without?: RegionType, more: Partial<SwitchPlace> = {}) =>
  switchStage({ ...stage.place, ...(without && { without }), ...more }, request, hooks);

/** Live is envB, in both regions. */
async function released(): Promise<FakedPlace> {
  const stage = new FakedPlace();
  await run(stage, { kind: 'switch' });
  stage.taken.length = 0;
  return stage;
}

describe('a switch without one region (B16)', () => {
  it.each(['secondary', 'primary'] as const)(
    'moves the other region alone when %s is lost, and writes down what that one lacks',
    async (lost) => {
      const stage = await released();
      const left = lost === 'primary' ? 'secondary' : 'primary';
      let writtenBefore = 0;
      stage.onStep = (step) => {
        if (step.includes(lost) || step.includes('public')) throw new Error(`${step} asks for what is lost`);
        writtenBefore = stage.catchUp[lost].length;
      };
      const report = await run(stage, { kind: 'rollback' }, lost);
      expect(report).toMatchObject({ outcome: 'done', from: 'envB', to: 'envA', without: lost });
      expect(stage.taken).toEqual([`move entry-${left} envA`, `verify ${left} envA`]);
      expect(writtenBefore).toBeGreaterThan(0);
      const target = expect.objectContaining({ kind: 'target', environment: 'envA' });
      const state = expect.objectContaining({ kind: 'state' });
      expect(stage.catchUp[lost]).toEqual(lost === 'primary' ? [state, target] : [target]);
      expect(stage.catchUp[left]).toEqual([]);
      expect(describeSwitch(report, ` --without ${lost}`, pc.createColors(false))).toMatch(
        new RegExp(`goes to envA in the ${left} region .+The ${lost} region has to catch up: .+lead to envA`, 's'),
      );
    },
  );

  it('owes nothing where it came to nothing', async () => {
    const stage = await released();
    stage.onStep = (step) => {
      if (step === 'verify primary envA') throw new Error('502');
    };
    const report = await run(stage, { kind: 'rollback' }, 'secondary');
    expect(report).toMatchObject({ outcome: 'reverted', without: 'secondary' });
    expect(report.catchUp).toBeUndefined();
    expect([stage.parts['entry-primary'], stage.catchUp.secondary]).toEqual(['envB', []]);
  });

  it('puts back in the region that is left what a switch moved in whose middle the other one was lost', async () => {
    const stage = new FakedPlace();
    stage.onStep = (step) => {
      if (step === 'verify primary envB' || /move .+ envA/.test(step)) throw new Error('no answer');
    };
    expect(await run(stage, { kind: 'switch' })).toMatchObject({ outcome: 'stuck' });
    stage.onStep = (step) => {
      if (step.includes('secondary')) throw new Error('no answer');
    };
    expect(await run(stage, { kind: 'revert' }, 'secondary')).toMatchObject({ outcome: 'reverted' });
    expect(stage.parts).toEqual({ 'entry-primary': 'envA', 'entry-secondary': 'envB' });
    expect(stage.catchUp.secondary).toEqual([expect.objectContaining({ environment: 'envA' })]);
  });

  it('owes no target any more when both regions have been switched again', async () => {
    const stage = await released();
    await run(stage, { kind: 'rollback' }, 'secondary');
    stage.parts['entry-secondary'] = 'envA';
    await run(stage, { kind: 'switch', environment: 'envB' });
    expect(stage.catchUp.secondary).toEqual([]);
  });

  it('changes nothing where something has to be done first', async () => {
    const stage = await released();
    const requireUsable = () => Promise.reject(new Error('First: two-region route-away dev primary'));
    await expect(run(stage, { kind: 'rollback' }, 'primary', { requireUsable })).rejects.toThrow('route-away');
    expect([stage.taken, stage.catchUp.primary]).toEqual([[], []]);
  });
});

const dropped = Object.assign(new Error('connect ETIMEDOUT 192.0.2.1:443'), { code: 'ETIMEDOUT' });

describe('a region that does not answer (B16)', () => {
  it.each(['secondary', 'primary'] as const)('is named with the flag that works without it: %s', async (lost) => {
    const ports = fakedAws({ regions: { [lost]: { ...RELEASED, failure: dropped } } });
    for (const asked of [ports.target(), ports.preflight('envB'), ports.contentHash('envB')]) {
      await expect(asked).rejects.toThrow(
        new RegExp(`The ${lost} region .+ did not answer: connect ETIMEDOUT .+--without ${lost}`),
      );
    }
  });

  it('is not taken for gone where it refuses', async () => {
    const failure = Object.assign(new Error('UnknownError'), { name: '403', $metadata: { httpStatusCode: 403 } });
    failure.message = 'UnknownError';
    await expect(fakedAws({ regions: { secondary: { ...RELEASED, failure } } }).target()).rejects.toBe(failure);
  });

  it.each(['secondary', 'primary'] as const)('is asked nothing when it is left out: %s', async (lost) => {
    const asked: string[] = [];
    const refuse = (what: string) => () => {
      asked.push(what);
      return Promise.reject(new Error(what));
    };
    const terraform = switchingTerraform();
    const ports = fakedAws({
      without: lost,
      regions: { [lost]: { ...RELEASED, failure: new Error('The lost region was asked.') } },
      ports: { [lost]: { deployments: refuse('deployments'), sample: refuse('sample') } },
      terraform,
      probe: async ({ host }) => {
        if (!host.startsWith(lost === 'primary' ? 'eu-west-1.' : 'eu-central-1.')) asked.push(host);
        return { status: 200, body: JSON.stringify({ env: 'envB' }) };
      },
    });
    const left = lost === 'primary' ? 'secondary' : 'primary';
    expect(await ports.target()).toBe('envA');
    expect(await ports.preflight('envB')).toEqual([]);
    expect(await ports.contentHash('envB')).toMatch(/^\w+$/);
    expect((await ports.sampleData('envB')).problems).toEqual([]);
    await ports.move(`entry-${left}`, 'envB');
    expect(new Set(terraform.planned)).toEqual(new Set([`entry-${left}`]));
    expect(terraform.applied.map(({ stack }) => stack)).toEqual([`entry-${left}`]);
    expect(asked).toEqual([]);
  });
});
