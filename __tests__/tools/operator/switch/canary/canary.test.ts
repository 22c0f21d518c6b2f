import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { RefusedError } from '#operator/cli/errors.ts';
import { describeUnfinished } from '#operator/journal/unfinished.ts';
import type { Comparison } from '#operator/switch/canary/compare-versions.ts';
import { describeSwitch } from '#operator/switch/describe-switch.ts';
import type { SwitchHooks } from '#operator/switch/prepare-switch.ts';
import type { SwitchRequest } from '#operator/switch/switch-ports.ts';
import { FakedPlace, WELL } from '#tests/tools/operator/switch/faked-place.ts';
import { killedAtFirstLook, run as runOnFakedPlace } from '#tests/tools/operator/switch/run-on-faked-place.ts';

const CANARY: SwitchRequest = { kind: 'switch', environment: 'envB', canary: { percent: 10, bakeSeconds: 300 } };
/** Ends by something else than its time. */
const ENDLESS: SwitchRequest = { ...CANARY, canary: { percent: 10, bakeSeconds: 10_000_000 } };
const WORSE: Comparison = { ...WELL, verdict: 'worse', reasons: ['user: 5 of 100 requests failed.'] };
const FEW: Comparison = { ...WELL, verdict: 'few', requests: 3, reasons: ['Only 3 requests.'] };
const BOTH = { primary: 10, secondary: 10 };
const NONE = { primary: 0, secondary: 0 };

const run = (stage: FakedPlace, request: SwitchRequest = CANARY, hooks: Partial<SwitchHooks> = {}) =>
  runOnFakedPlace(stage, request, hooks);
const killedWhileBaking = () => killedAtFirstLook(ENDLESS);

describe('a canary before a switch (B8)', () => {
  it('weighs both regions, bakes without a lock, takes the weights back, and then switches', async () => {
    const stage = new FakedPlace();
    const seen: unknown[] = [];
    stage.onLook = () => {
      seen.push([{ ...stage.weights }, stage.live, stage.lock]);
      return undefined;
    };
    const report = await run(stage);
    expect(report).toMatchObject({ outcome: 'done', from: 'envA', to: 'envB', comparison: { verdict: 'well' } });
    expect(new Set(seen.map((each) => JSON.stringify(each)))).toEqual(
      new Set([JSON.stringify([BOTH, ['envA'], undefined])]),
    );
    expect(report.steps.map(({ action, subject }) => `${action} ${subject}`)).toEqual([
      'weigh secondary',
      'weigh primary',
      'bake both regions',
      'unweigh primary',
      'unweigh secondary',
      'move entry-secondary',
      'verify secondary',
      'move entry-primary',
      'verify primary',
      'verify public name',
    ]);
    expect([stage.live, stage.weights, stage.lock]).toEqual([['envB'], NONE, undefined]);
  });

  it('is taken back at once when new versions do worse, and nothing ever moves', async () => {
    const stage = new FakedPlace();
    let compared = 0;
    stage.onCompare = () => {
      compared += 1;
      return compared < 3 ? WELL : WORSE;
    };
    const report = await run(stage, ENDLESS);
    expect(report).toMatchObject({
      outcome: 'reverted',
      comparison: WORSE,
      problem: 'The versions of envB do worse:\n  user: 5 of 100 requests failed.',
    });
    expect(compared).toBe(3);
    expect(stage.taken).toEqual(['weigh secondary 10', 'weigh primary 10', 'weigh primary 0', 'weigh secondary 0']);
    expect([stage.live, stage.weights]).toEqual([['envA'], NONE]);
    expect(describeSwitch(report, '', pc.createColors(false))).toMatch(
      /bake the versions of envB in both regions .*failed.*goes to envA, as before.*do worse/s,
    );
  });

  it.each<[string, (stage: FakedPlace) => void, SwitchRequest, string]>([
    [
      'too few requests ran new versions to tell',
      (stage) => {
        stage.onCompare = () => FEW;
      },
      CANARY,
      'Only 3 requests. A longer --bake or a larger --canary has more; a switch without --canary needs none.',
    ],
    [
      'the live environment is not well three times in a row',
      (stage) => {
        stage.onLook = () => 'its alarm is on';
      },
      ENDLESS,
      'envA was not well 3 times in a row during the canary. Last: primary region: its alarm is on secondary region: its alarm is on',
    ],
    [
      'the versions cannot be compared any more',
      (stage) => {
        stage.onCompare = () => Promise.reject(new Error('throttled'));
      },
      ENDLESS,
      'envA was not well 3 times in a row during the canary. Last: The versions could not be compared: throttled',
    ],
    [
      'the environment can no longer take live traffic',
      (stage) => {
        stage.onLook = () => {
          stage.obstacles = [{ regionType: 'primary', message: 'an alias is gone' }];
          return undefined;
        };
      },
      CANARY,
      "envB can't take live traffic:\n  primary: an alias is gone",
    ],
  ])('is taken back when %s', async (_, arrange, request, problem) => {
    const stage = new FakedPlace();
    arrange(stage);
    expect(await run(stage, request)).toMatchObject({ outcome: 'reverted', problem });
    expect([stage.live, stage.weights]).toEqual([['envA'], NONE]);
  });

  it('is taken back after Ctrl-C, and where only one region took its weights', async () => {
    const interrupted = new FakedPlace();
    const controller = new AbortController();
    interrupted.onLook = () => {
      controller.abort();
      return undefined;
    };
    expect(await run(interrupted, ENDLESS, { signal: controller.signal })).toMatchObject({ problem: 'Interrupted.' });
    const half = new FakedPlace();
    half.onStep = (step) => {
      if (step === 'weigh primary 10') throw new Error('ResourceConflictException');
    };
    expect(await run(half)).toMatchObject({
      outcome: 'reverted',
      problem: expect.stringContaining('ResourceConflictException'),
    });
    for (const stage of [interrupted, half]) expect([stage.live, stage.weights]).toEqual([['envA'], NONE]);
    expect(half.taken).toEqual(['weigh secondary 10', 'weigh primary 10', 'weigh primary 0', 'weigh secondary 0']);
  });

  it('says why there can be none before anything is changed', async () => {
    const stage = new FakedPlace();
    stage.canaryObstacles = [{ regionType: 'primary', message: 'user has another role.' }];
    await expect(run(stage)).rejects.toThrow(
      'There can be no canary from envA to envB; nothing was changed:\n  primary: user has another role.\n' +
        'All at once, or one region first: two-region switch dev envB [--stagger 15m]',
    );
    expect([stage.taken, stage.journal.switches]).toEqual([[], []]);
  });

  it('outlives kill -9: every other switch is refused, --resume switches now, --revert takes it back', async () => {
    const resumed = await killedWhileBaking();
    const refused = await run(resumed, { kind: 'rollback' }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RefusedError);
    expect(String(refused)).toMatch(
      /dev is in a canary until .+Z: 10 % of what envA is asked runs the versions of envB, in both regions, by the switch that ada@here began at .+\nAll traffic to envB now: +two-region switch dev --resume\nPut back to envA: +two-region switch dev --revert/,
    );
    expect(describeUnfinished(resumed.place, resumed.journal)).toBe(String(refused).replace('RefusedError: ', ''));
    expect([resumed.weights, resumed.lock]).toEqual([BOTH, undefined]);
    expect(await run(resumed, { kind: 'resume' })).toMatchObject({ outcome: 'done' });
    expect([resumed.live, resumed.weights]).toEqual([['envB'], NONE]);
    const reverted = await killedWhileBaking();
    expect(await run(reverted, { kind: 'revert' })).toMatchObject({ outcome: 'reverted' });
    expect([reverted.live, reverted.weights]).toEqual([['envA'], NONE]);
  });

  it('is not resumed when the new versions have done worse', async () => {
    const stage = await killedWhileBaking();
    stage.onCompare = () => WORSE;
    await expect(run(stage, { kind: 'resume' })).rejects.toThrow(/do worse:\n.+\n.+--revert/);
    expect(stage.weights).toEqual(BOTH);
    expect(await run(stage, { kind: 'revert' })).toMatchObject({ outcome: 'reverted' });
    expect(stage.weights).toEqual(NONE);
  });

  it('is baked by --resume where the command was killed before it was', async () => {
    // The record, the begin and the end of the first weights, and the begin of the second ones: then it is killed.
    for (const writes of [1, 2, 3, 4]) {
      const stage = new FakedPlace();
      stage.writesLeft = writes;
      void run(stage);
      await new Promise((resolve) => setTimeout(resolve, 5));
      stage.writesLeft = Number.POSITIVE_INFINITY;
      expect(await run(stage, { kind: 'resume' })).toMatchObject({ outcome: 'done', comparison: WELL });
      expect([stage.live, stage.weights, stage.looks > 0]).toEqual([['envB'], NONE, true]);
    }
  });

  it.each([
    ['resume', 'done', ['envB']],
    ['revert', 'reverted', ['envA']],
  ] as const)(
    'is ended by --%s from another terminal, and the command that bakes says so',
    async (kind, outcome, live) => {
      const stage = new FakedPlace();
      let ended: ReturnType<typeof run> | undefined;
      stage.onLook = async () => {
        ended ??= run(stage, { kind });
        await ended;
        return undefined;
      };
      expect(await run(stage, ENDLESS)).toMatchObject({ outcome, from: 'envA', to: 'envB' });
      expect([stage.live, stage.weights]).toEqual([live, NONE]);
      expect(stage.journal.switches).toMatchObject([{ outcome }]);
    },
  );

  it('says what is left when the weights cannot be taken back, and --revert does it later', async () => {
    const stage = new FakedPlace();
    stage.onCompare = () => WORSE;
    stage.onStep = (step) => {
      if (step === 'weigh secondary 0') throw new Error('credentials are expired');
    };
    const report = await run(stage, ENDLESS);
    expect(report).toMatchObject({ outcome: 'stuck', problem: expect.stringMatching(/do worse.+expired.+--revert/s) });
    // The other region is not left alone with it.
    expect(stage.weights).toEqual({ primary: 0, secondary: 10 });
    stage.onStep = () => undefined;
    expect(await run(stage, { kind: 'revert' })).toMatchObject({ outcome: 'reverted' });
    expect(stage.weights).toEqual(NONE);
  });
});
