import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RefusedError } from '#operator/cli/errors.ts';
import type { SwitchRequest } from '#operator/switch/switch-ports.ts';
import { FakedPlace } from './faked-place.ts';
import { run } from './run-on-faked-place.ts';

/** A switch writes once when it begins, twice per step, once when it ends. */
const WRITES = 1 + 2 * 5 + 1;

/** Runs a command that is killed when it has written to the journal so often. What it had begun stays as it is. */
async function killedAfter(writes: number, stage: FakedPlace, request: SwitchRequest): Promise<void> {
  stage.writesLeft = writes;
  const ended = run(stage, request).then(() => true);
  const hung = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 0));
  // Fakes answer at once: what is not done by the next turn of the event loop waits for the journal for ever.
  await Promise.race([ended, hung]);
  stage.writesLeft = Number.POSITIVE_INFINITY;
}

describe('a switch that was killed', () => {
  const points = Array.from({ length: WRITES - 1 }, (_, at) => at + 1);

  it.each(points)(
    'after write %i to its journal is finished by --resume, put back by --revert (B3)',
    async (writes) => {
      for (const [kind, outcome, live] of [
        ['resume', 'done', 'envB'],
        ['revert', 'reverted', 'envA'],
      ] as const) {
        const stage = new FakedPlace();
        await killedAfter(writes, stage, { kind: 'switch', environment: 'envB' });
        expect(stage.journal.switches).toMatchObject([{ outcome: 'begun' }]);
        await expect(run(stage, { kind: 'switch' })).rejects.toThrow(RefusedError);
        expect(await run(stage, { kind })).toMatchObject({ outcome, from: 'envA', to: 'envB' });
        expect(stage.live).toEqual([live]);
        expect(stage.journal.switches).toMatchObject([{ outcome }]);
        expect(stage.lock).toBeUndefined();
      }
    },
  );

  it('before its first write has changed nothing, and the next one begins anew', async () => {
    const stage = new FakedPlace();
    await killedAfter(0, stage, { kind: 'switch', environment: 'envB' });
    expect([stage.taken, stage.journal.switches]).toEqual([[], []]);
    expect(await run(stage, { kind: 'switch' })).toMatchObject({ outcome: 'done' });
  });

  it('is not resumed onto an environment that broke meanwhile, and can be reverted all the same (B3)', async () => {
    const stage = new FakedPlace();
    await killedAfter(6, stage, { kind: 'switch', environment: 'envB' });
    stage.obstacles = [{ regionType: 'primary', message: 'broken' }];
    await expect(run(stage, { kind: 'resume' })).rejects.toThrow(/primary: broken.+switch dev --revert/s);
    expect(await run(stage, { kind: 'revert' })).toMatchObject({ outcome: 'reverted' });
    expect(stage.live).toEqual(['envA']);
  });

  it('reports the steps of the command that went on, not those before', async () => {
    const stage = new FakedPlace();
    await killedAfter(8, stage, { kind: 'switch', environment: 'envB' });
    expect((await run(stage, { kind: 'resume' })).steps).toHaveLength(5);
  });
});

/** What happens to one command. */
const fate = fc.record({
  kind: fc.constantFrom('resume' as const, 'revert' as const, 'switch' as const, 'rollback' as const),
  killedAfter: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined }),
  failing: fc.uniqueArray(
    fc.constantFrom('secondary envB', 'primary envB', 'public envB', 'primary envA', 'secondary envA'),
    { maxLength: 2 },
  ),
  failsAfterMove: fc.boolean(),
});

describe('whatever is killed and fails, in any order', () => {
  it('live traffic is in one place whenever the journal knows no unfinished switch, and --revert restores it (B3)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fate, { minLength: 1, maxLength: 6 }), async (fates) => {
        const stage = new FakedPlace();
        for (const { kind, killedAfter: writes, failing, failsAfterMove } of fates) {
          stage.failsAfterMove = failsAfterMove;
          stage.onStep = (step) => {
            if (failing.some((each) => step.endsWith(each))) throw new Error('fails');
          };
          const request: SwitchRequest = kind === 'switch' ? { kind, environment: 'envB' } : { kind };
          const command = async () => {
            try {
              await run(stage, request);
            } catch (error) {
              if (!(error instanceof RefusedError)) throw error;
            }
          };
          if (writes === undefined) await command();
          else {
            stage.writesLeft = writes;
            await Promise.race([command(), new Promise((resolve) => setTimeout(resolve, 0))]);
            stage.writesLeft = Number.POSITIVE_INFINITY;
          }
          const last = stage.journal.switches.at(-1);
          if (last?.outcome === 'done') expect(stage.live).toEqual([last.to]);
          if (last?.outcome === 'reverted') expect(stage.live).toEqual([last.from]);
        }
        stage.onStep = () => undefined;
        const open = stage.journal.switches.find(({ outcome }) => outcome === 'begun' || outcome === 'stuck');
        if (open === undefined) expect(stage.live).toHaveLength(1);
        else {
          await run(stage, { kind: 'revert' });
          expect(stage.live).toEqual([open.from]);
        }
      }),
      { numRuns: 150 },
    );
  });
});
