import { describe, expect, it } from 'vitest';
import type { SwitchRequest } from '#operator/switch/switch-ports.ts';
import { switchStage } from '#operator/switch/switch-stage.ts';
import { FakedPlace } from './faked-place.ts';

const run = (stage: FakedPlace, request: SwitchRequest) =>
  switchStage(stage.place, request, {
    owner: { user: 'ada', host: 'here', pid: 1 },
    confirm: async () => undefined,
  });

async function switched(): Promise<FakedPlace> {
  const stage = new FakedPlace();
  await run(stage, { kind: 'switch', environment: 'envC' });
  return stage;
}

describe('a rollback', () => {
  it('goes where the last switch came from, and a second one forward again (S0.14)', async () => {
    const stage = await switched();
    expect(await run(stage, { kind: 'rollback' })).toMatchObject({ from: 'envC', to: 'envA', outcome: 'done' });
    expect(stage.live).toEqual(['envA']);
    expect(await run(stage, { kind: 'rollback' })).toMatchObject({ from: 'envA', to: 'envC', outcome: 'done' });
    expect(stage.journal.switches.map(({ kind }) => kind)).toEqual(['switch', 'rollback', 'rollback']);
  });

  it('takes no notice of a switch that was put back', async () => {
    const stage = await switched();
    stage.onStep = (step) => {
      if (step === 'move entry-primary envB') throw new Error('no');
    };
    expect(await run(stage, { kind: 'switch', environment: 'envB' })).toMatchObject({ outcome: 'reverted' });
    expect(await run(stage, { kind: 'rollback' })).toMatchObject({ from: 'envC', to: 'envA' });
  });

  it('is refused when the journal knows no switch (S0.14)', async () => {
    await expect(run(new FakedPlace(), { kind: 'rollback' })).rejects.toThrow(
      /knows no switch.+switch dev ENVIRONMENT/,
    );
  });

  it('is refused when something else moved the target since', async () => {
    const stage = await switched();
    for (const part of ['entry-primary', 'entry-secondary'] as const) stage.parts[part] = 'envB';
    await expect(run(stage, { kind: 'rollback' })).rejects.toThrow(/went to envC, but envB is live/);
  });

  it('is refused when that environment was deployed again since, unless that is allowed (S0.14)', async () => {
    const stage = await switched();
    stage.hashes.envA = 'new';
    await expect(run(stage, { kind: 'rollback' })).rejects.toThrow(
      /envA was deployed again since it was live: it held aaa .+ holds new now.+--allow-redeployed/,
    );
    expect(stage.live).toEqual(['envC']);
    expect(await run(stage, { kind: 'rollback', allowRedeployed: true })).toMatchObject({
      outcome: 'done',
      to: 'envA',
    });
  });

  it('compares nothing where the content is not known', async () => {
    const stage = await switched();
    delete stage.hashes.envA;
    expect(await run(stage, { kind: 'rollback' })).toMatchObject({ outcome: 'done' });
  });
});
