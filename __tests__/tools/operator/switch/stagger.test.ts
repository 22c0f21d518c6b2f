import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { RefusedError } from '#operator/cli/errors.ts';
import { describeUnfinished } from '#operator/journal/unfinished.ts';
import { describeSwitch } from '#operator/switch/describe-switch.ts';
import type { SwitchHooks } from '#operator/switch/prepare-switch.ts';
import type { SwitchRequest } from '#operator/switch/switch-ports.ts';
import { switchStage } from '#operator/switch/switch-stage.ts';
import { FakedPlace } from './faked-place.ts';
import { killedAtFirstLook, owner, run as runOnFakedPlace } from './run-on-faked-place.ts';

const STAGGERED: SwitchRequest = { kind: 'switch', environment: 'envB', staggerSeconds: 900 };
/** Ends by something else than its time. */
const ENDLESS: SwitchRequest = { ...STAGGERED, staggerSeconds: 10_000_000 };
const SPLIT = { 'entry-primary': 'envA', 'entry-secondary': 'envB' };

const run = (stage: FakedPlace, request: SwitchRequest = STAGGERED, hooks: Partial<SwitchHooks> = {}) =>
  runOnFakedPlace(stage, request, hooks);
const killedWhileWatching = () => killedAtFirstLook(ENDLESS);

describe('a staggered switch (B28)', () => {
  it('moves one region, watches it without a lock, and then moves the other one', async () => {
    const stage = new FakedPlace();
    const seen: unknown[] = [];
    stage.onLook = () => {
      seen.push([{ ...stage.parts }, stage.lock]);
      return undefined;
    };
    const report = await run(stage);
    expect(report).toMatchObject({ outcome: 'done', from: 'envA', to: 'envB' });
    expect(new Set(seen.map((each) => JSON.stringify(each)))).toEqual(new Set([JSON.stringify([SPLIT, undefined])]));
    expect(report.steps.map(({ action, subject }) => `${action} ${subject}`)).toEqual([
      'move entry-secondary',
      'verify secondary',
      'watch secondary',
      'move entry-primary',
      'verify primary',
      'verify public name',
    ]);
    expect(stage.live).toEqual(['envB']);
    expect(stage.lock).toBeUndefined();
  });

  it('puts the one region back when it fails three times in a row, and the other one never moves', async () => {
    const stage = new FakedPlace();
    stage.onLook = (look) => (look === 2 || look > 3 ? `503 at look ${look}` : undefined);
    const report = await run(stage, ENDLESS);
    expect(report).toMatchObject({
      outcome: 'reverted',
      problem: 'envB failed in the secondary region 3 times in a row. Last: 503 at look 6',
    });
    expect(stage.taken.filter((step) => step.startsWith('move'))).toEqual([
      'move entry-secondary envB',
      'move entry-secondary envA',
    ]);
    expect(stage.live).toEqual(['envA']);
    expect(describeSwitch(report, '', pc.createColors(false))).toContain('goes to envA, as before');
  });

  it('puts the one region back when the environment can no longer take the other one', async () => {
    const stage = new FakedPlace();
    stage.onLook = () => {
      stage.obstacles = [{ regionType: 'primary', message: 'an alias is gone' }];
      return undefined;
    };
    expect(await run(stage)).toMatchObject({
      outcome: 'reverted',
      problem: expect.stringContaining('an alias is gone'),
    });
    expect(stage.live).toEqual(['envA']);
  });

  it('puts the one region back after Ctrl-C or a closed terminal', async () => {
    const stage = new FakedPlace();
    const controller = new AbortController();
    stage.onLook = () => {
      controller.abort();
      return undefined;
    };
    const report = await run(stage, ENDLESS, { signal: controller.signal });
    expect(report).toMatchObject({ outcome: 'reverted', problem: 'Interrupted.' });
    expect(stage.live).toEqual(['envA']);
  });

  it.each([
    ['resume', 'done', ['envB']],
    ['revert', 'reverted', ['envA']],
  ] as const)(
    'is ended by --%s from another terminal, and the command that watches says so',
    async (kind, outcome, live) => {
      const stage = new FakedPlace();
      let ended: ReturnType<typeof run> | undefined;
      stage.onLook = async () => {
        ended ??= run(stage, { kind });
        await ended;
        return undefined;
      };
      expect(await run(stage, ENDLESS)).toMatchObject({ outcome, from: 'envA', to: 'envB' });
      expect(await ended).toMatchObject({ outcome });
      expect(stage.live).toEqual(live);
      // Nobody moved anything twice.
      expect(stage.taken.filter((step) => step === 'move entry-primary envB')).toHaveLength(kind === 'resume' ? 1 : 0);
      expect(stage.journal.switches).toMatchObject([{ outcome }]);
    },
  );

  it('refuses any other switch meanwhile, and says what is where and how to end it', async () => {
    const stage = await killedWhileWatching();
    const refused = await run(stage, { kind: 'rollback' }).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RefusedError);
    expect(String(refused)).toMatch(
      /dev is staggered until .+Z: envB in the secondary region, envA in the primary region, by the switch that ada@here began at .+\nBoth regions to envB now: +two-region switch dev --resume\nPut back to envA: +two-region switch dev --revert/,
    );
    expect(describeUnfinished(stage.place, stage.journal)).toBe(String(refused).replace('RefusedError: ', ''));
    expect(stage.parts).toEqual(SPLIT);
    expect(stage.lock).toBeUndefined();
  });

  it('outlives the command that watches: --resume goes on with the other region, --revert puts back', async () => {
    const resumed = await killedWhileWatching();
    expect(await run(resumed, { kind: 'resume' })).toMatchObject({ outcome: 'done', steps: { length: 5 } });
    expect(resumed.live).toEqual(['envB']);
    const reverted = await killedWhileWatching();
    expect(await run(reverted, { kind: 'revert' })).toMatchObject({ outcome: 'reverted' });
    expect(reverted.live).toEqual(['envA']);
  });

  it('is watched once more by --resume --stagger, and a switch that was killed before its watch is watched by --resume', async () => {
    const again = await killedWhileWatching();
    const before = again.looks;
    expect(await run(again, { kind: 'resume', staggerSeconds: 60 })).toMatchObject({ outcome: 'done' });
    expect(again.looks).toBeGreaterThan(before);
    const early = new FakedPlace();
    early.writesLeft = 3;
    void run(early);
    await new Promise((resolve) => setTimeout(resolve, 0));
    early.writesLeft = Number.POSITIVE_INFINITY;
    expect(await run(early, { kind: 'resume' })).toMatchObject({ outcome: 'done' });
    expect(early.looks).toBeGreaterThan(0);
    expect(early.live).toEqual(['envB']);
  });

  it('waits for a command that holds the lock at its end, and takes no notice of one that is refused', async () => {
    const stage = new FakedPlace();
    const expires = new Date(Date.now() + 60_000).toISOString();
    let looksWithLock = 0;
    stage.onLook = () => {
      looksWithLock += 1;
      stage.lock = { token: 'deploy', user: 'bob', host: 'there', pid: 2, begun: expires, expires };
      return undefined;
    };
    let asked = 0;
    const isGone = () => {
      // The third time that it is asked for, the other command has ended.
      asked += 1;
      return asked > 2;
    };
    expect(await run(stage, STAGGERED, { isGone })).toMatchObject({ outcome: 'done' });
    expect([asked, looksWithLock > 0]).toEqual([3, true]);
  });

  it('takes its own lock again that it could not give back', async () => {
    const stage = new FakedPlace();
    const { place } = stage;
    const lock = stage.lockStore();
    const replace: typeof lock.replace = (expected, next) =>
      next === undefined ? Promise.reject(new Error('throttled')) : lock.replace(expected, next);
    const hooks: SwitchHooks = { owner, confirm: async () => undefined, isGone: () => false };
    const report = await switchStage({ ...place, locks: [{ ...lock, replace }] }, STAGGERED, hooks);
    expect(report).toMatchObject({ outcome: 'done' });
    expect(stage.live).toEqual(['envB']);
  });

  it('says where each region leads when it could be neither ended nor put back', async () => {
    const stage = new FakedPlace();
    stage.onLook = () => 'sick';
    stage.onStep = (step) => {
      if (step === 'move entry-secondary envA') throw new Error('credentials are expired');
    };
    const report = await run(stage, ENDLESS);
    expect(report).toMatchObject({ outcome: 'stuck', targets: { primary: 'envA', secondary: null } });
    expect(describeSwitch(report, '', pc.createColors(false))).toMatch(
      /not in one place\. Primary region: envA; secondary region: not known.+sick.+credentials are expired.+--revert/s,
    );
    stage.onStep = () => undefined;
    expect(await run(stage, { kind: 'revert' })).toMatchObject({ outcome: 'reverted' });
    expect(stage.live).toEqual(['envA']);
  });

  it('says what is left when nothing can be written at its end: the regions stay as they are', async () => {
    const stage = new FakedPlace();
    const { place } = stage;
    let isExpired = false;
    stage.onLook = () => {
      isExpired = true;
      return undefined;
    };
    const expired = () => Promise.reject(new Error('The security token is expired'));
    const { read, replace } = stage.lockStore();
    const locks = [{ read: () => (isExpired ? expired() : read()), replace }];
    const report = await switchStage({ ...place, locks }, STAGGERED, { owner, confirm: async () => undefined });
    expect(report).toMatchObject({ outcome: 'stuck', targets: { primary: 'envA', secondary: 'envB' } });
    expect(report.problem).toMatch(
      /token is expired\nBoth regions to envB now: .+--resume\nPut back to envA: .+--revert/,
    );
    expect(stage.parts).toEqual(SPLIT);
    expect(await run(stage, { kind: 'resume' })).toMatchObject({ outcome: 'done' });
  });
});
