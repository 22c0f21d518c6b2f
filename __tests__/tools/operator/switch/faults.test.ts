import { describe, expect, it } from 'vitest';
import { RefusedError } from '#operator/cli/errors.ts';
import { describeUnfinished } from '#operator/journal/unfinished.ts';
import type { SwitchHooks } from '#operator/switch/prepare-switch.ts';
import type { SwitchPlace, SwitchReport, SwitchRequest } from '#operator/switch/switch-ports.ts';
import { switchStage } from '#operator/switch/switch-stage.ts';
import { FakedPlace } from './faked-place.ts';
import { owner } from './run-on-faked-place.ts';

const HOUR = 3_600_000;

/** What may happen around a command that moves traffic. Each is let loose at one question or write of the command, whichever. */
interface Fault {
  readonly name: string;
  /** What fails from then on, or once. @default - nothing */
  readonly breaks?: readonly ('journal' | 'lock' | 'moves')[];
  /** Nothing is answered from then on: the process has ended. @default false */
  readonly kills?: boolean;
  readonly interrupts?: boolean;
  /** By how much the clock jumps, in milliseconds. */
  readonly jumps?: number;
}

const FAULTS: readonly Fault[] = [
  { name: 'a signal, or a closed terminal', interrupts: true },
  { name: 'a kill', kills: true },
  { name: 'a journal that cannot be written (full disk, lost bucket)', breaks: ['journal'] },
  { name: 'an expired credential', breaks: ['journal', 'lock', 'moves'] },
  { name: 'a region that takes no changes', breaks: ['moves'] },
  { name: 'a clock that jumps ahead', jumps: 26 * HOUR },
  { name: 'a clock that jumps back', jumps: -26 * HOUR },
];

const COMMANDS: Readonly<Record<string, SwitchRequest>> = {
  switch: { kind: 'switch', environment: 'envB' },
  rollback: { kind: 'rollback' },
  stagger: { kind: 'switch', environment: 'envB', staggerSeconds: 30 },
  canary: { kind: 'switch', environment: 'envB', canary: { percent: 10, bakeSeconds: 30 } },
};

/** A stage on envA that came there from envB. */
async function stageOnA(): Promise<FakedPlace> {
  const stage = new FakedPlace();
  for (const environment of ['envB', 'envA']) {
    await switchStage(stage.place, { kind: 'switch', environment }, { owner, confirm: async () => undefined });
  }
  return stage;
}

interface Broken {
  readonly report: Promise<SwitchReport>;
  /** Resolves when a kill has come: nothing is answered any more. */
  readonly killed: Promise<'killed'>;
  /** How often something was asked or written. */
  readonly calls: () => number;
}

/** Runs a command; from its call number `at` on the fault is there. */
function runBroken(stage: FakedPlace, request: SwitchRequest, fault: Fault, at: number): Broken {
  const controller = new AbortController();
  let calls = 0;
  const isOn = () => calls > at;
  let die: (value: 'killed') => void = () => undefined;
  const killed = new Promise<'killed'>((resolve) => {
    die = resolve;
  });
  const guarded =
    <A extends unknown[], R>(part: 'journal' | 'lock' | 'moves' | 'none', work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      calls += 1;
      if (isOn() && fault.interrupts) controller.abort();
      if (isOn() && fault.kills) {
        die('killed');
        return new Promise(() => undefined);
      }
      if (part !== 'none' && isOn() && fault.breaks?.includes(part)) throw new Error(fault.name);
      return work(...args);
    };
  const { place } = stage;
  const broken: SwitchPlace = {
    ...place,
    ports: {
      ...place.ports,
      move: guarded('moves', place.ports.move),
      verifyRegion: guarded('none', place.ports.verifyRegion),
      verifyPublicName: guarded('none', place.ports.verifyPublicName),
      health: guarded('none', place.ports.health),
      canary: {
        ...place.ports.canary,
        weigh: guarded('moves', place.ports.canary.weigh),
        unweigh: guarded('moves', place.ports.canary.unweigh),
        compare: guarded('none', place.ports.canary.compare),
      },
    },
    journal: { read: place.journal.read, write: guarded('journal', place.journal.write) },
    locks: place.locks.map(({ read, replace }) => ({ read, replace: guarded('lock', replace) })),
  };
  const hooks: SwitchHooks = {
    owner,
    confirm: async () => undefined,
    signal: controller.signal,
    now: () => Date.now() + (isOn() ? (fault.jumps ?? 0) : 0),
  };
  return { report: switchStage(broken, request, hooks), killed, calls: () => calls };
}

const run = (stage: FakedPlace, request: SwitchRequest) =>
  // Whoever was killed is gone, and a lock that could not be given back has expired by then.
  switchStage(stage.place, request, { owner, confirm: async () => undefined, isGone: () => true });

/** What the command came to: its report, a refusal that left everything as it was, or nothing, as it was killed. */
function outcomeOf({ report, killed }: Broken): Promise<SwitchReport['outcome'] | 'killed' | 'refused'> {
  const ended = report.then(
    ({ outcome, steps }) => {
      for (const { seconds = 0 } of steps) expect(seconds).toBeGreaterThanOrEqual(0);
      return outcome;
    },
    () => 'refused' as const,
  );
  return Promise.race([ended, killed]);
}

describe.each(FAULTS)('$name between any two steps (B3, B8, B28)', (fault) => {
  it.each(Object.keys(COMMANDS))(
    'of a %s: it is finished, put back, or what is left is named and can be ended',
    async (name) => {
      const request = COMMANDS[name] ?? { kind: 'rollback' };
      const counted = runBroken(await stageOnA(), request, { name: 'nothing' }, 0);
      await counted.report;
      // A rollback takes the same steps as a switch: every third point does.
      const stride = name === 'rollback' ? 3 : 1;
      for (let at = 0; at <= Math.min(counted.calls(), 45); at += stride) {
        const way = at % 2 === 0 ? 'resume' : 'revert';
        const stage = await stageOnA();
        const outcome = await outcomeOf(runBroken(stage, request, fault, at));
        const left = describeUnfinished(stage.place, stage.journal);
        if (outcome === 'done') expect([stage.live, left]).toEqual([['envB'], undefined]);
        if (outcome === 'reverted' || outcome === 'refused') expect([stage.live, left]).toEqual([['envA'], undefined]);
        if (left === undefined) {
          expect(stage.live).toHaveLength(1);
          expect(stage.weights).toEqual({ primary: 0, secondary: 0 });
          continue;
        }
        expect(left).toMatch(/envA.+envB.+--resume.+--revert/s);
        const refused = await run(stage, { kind: 'switch' }).catch((error: unknown) => error);
        expect(refused).toBeInstanceOf(RefusedError);
        expect(String(refused)).toContain(left);
        expect(await run(stage, { kind: way })).toMatchObject({ outcome: way === 'resume' ? 'done' : 'reverted' });
        expect(stage.live).toEqual([way === 'resume' ? 'envB' : 'envA']);
        expect(describeUnfinished(stage.place, stage.journal)).toBeUndefined();
        expect(stage.weights).toEqual({ primary: 0, secondary: 0 });
      }
    },
  );
});

describe('a journal that can no longer be written', () => {
  it('keeps no traffic where it should not be: it goes back all the same, and the report says what is left', async () => {
    const stage = await stageOnA();
    // The lock, the begin, and the first region's two steps are written by then.
    const { report } = runBroken(
      stage,
      { kind: 'switch', environment: 'envB' },
      { name: 'no space', breaks: ['journal'] },
      11,
    );
    expect(await report).toMatchObject({
      outcome: 'stuck',
      targets: { primary: 'envA', secondary: 'envA' },
      problem: expect.stringMatching(
        /^no space\nEverything is put back and verified, but the journal could not be written: no space\n.+--revert/s,
      ),
    });
    expect(stage.live).toEqual(['envA']);
  });
});
