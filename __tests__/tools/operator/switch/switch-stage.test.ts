import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { RefusedError } from '#operator/cli/errors.ts';
import { TargetDisagreementError } from '#operator/live/target.ts';
import { LostLockError } from '#operator/lock/hold-lock.ts';
import type { ReplayReport } from '#operator/replay/replay-report.ts';
import { describeSwitch } from '#operator/switch/describe-switch.ts';
import type { SwitchHooks } from '#operator/switch/prepare-switch.ts';
import type { SwitchRequest } from '#operator/switch/switch-ports.ts';
import { switchStage } from '#operator/switch/switch-stage.ts';
import { FakedPlace } from './faked-place.ts';
import { owner } from './run-on-faked-place.ts';

const TO_B: SwitchRequest = { kind: 'switch', environment: 'envB' };
/** Every step of a switch from envA to envB, in order. */
const FORWARD = [
  'move entry-secondary envB',
  'verify secondary envB',
  'move entry-primary envB',
  'verify primary envB',
  'verify public envB',
];

function run(stage: FakedPlace, request: SwitchRequest = TO_B, hooks: Partial<SwitchHooks> = {}) {
  return switchStage(stage.place, request, { owner, confirm: async () => undefined, isGone: () => false, ...hooks });
}

const refusal = (stage: FakedPlace, request: SwitchRequest) =>
  run(stage, request).then(
    (report) => `not refused: ${report.outcome}`,
    (error: unknown) => (error instanceof RefusedError ? error.message : `not a refusal: ${String(error)}`),
  );

describe('a switch', () => {
  it('moves and verifies the standby, then the active region, then the public name (B3, S0.12)', async () => {
    const stage = new FakedPlace();
    const report = await run(stage);
    expect(report).toMatchObject({ stage: 'dev', from: 'envA', to: 'envB', outcome: 'done' });
    expect(report.steps.map(({ outcome }) => outcome)).toEqual(FORWARD.map(() => 'done'));
    expect(stage.taken).toEqual(FORWARD);
    expect(stage.live).toEqual(['envB']);
    expect(stage.journal.switches).toMatchObject([
      { outcome: 'done', from: 'envA', to: 'envB', who: 'ada@here', hashes: { from: 'aaa', to: 'bbb' } },
    ]);
    expect(stage.lock).toBeUndefined();
  });

  it('begins with the primary region where that is the standby', async () => {
    const stage = new FakedPlace();
    stage.standby = 'primary';
    await run(stage);
    expect(stage.taken[0]).toBe('move entry-primary envB');
  });

  it('goes to the environment after the target when none is named', async () => {
    const stage = new FakedPlace();
    expect(await run(stage, { kind: 'switch' })).toMatchObject({ to: 'envB', outcome: 'done' });
    expect(await run(stage, { kind: 'switch' })).toMatchObject({ from: 'envB', to: 'envC' });
  });

  it('does nothing, and asks nothing, when the environment is live already', async () => {
    const stage = new FakedPlace();
    const confirm = () => Promise.reject(new Error('asked'));
    expect(await run(stage, { kind: 'switch', environment: 'envA' }, { confirm })).toMatchObject({
      outcome: 'unchanged',
      steps: [],
    });
    expect(stage.taken).toEqual([]);
    expect(stage.journal.switches).toEqual([]);
  });

  it('writes every step into the journal before it is begun', async () => {
    const stage = new FakedPlace();
    stage.onStep = () => {
      expect(stage.journal.switches[0]?.steps.at(-1)).toMatchObject({ outcome: 'begun' });
    };
    expect(await run(stage)).toMatchObject({ outcome: 'done' });
  });

  it.each(FORWARD)('puts everything back, in reverse and verified, when "%s" fails (B3)', async (failing) => {
    for (const failsAfterMove of [false, true]) {
      const stage = new FakedPlace();
      stage.failsAfterMove = failsAfterMove;
      stage.onStep = (step) => {
        if (step === failing) throw new Error('no capacity');
      };
      const report = await run(stage);
      expect(report).toMatchObject({ outcome: 'reverted', problem: expect.stringContaining('no capacity') });
      expect(stage.live).toEqual(['envA']);
      const back = stage.taken.slice(FORWARD.indexOf(failing) + 1);
      const moved = FORWARD.slice(0, FORWARD.indexOf(failing) + 1).filter((step) => step.startsWith('move'));
      expect(back.filter((step) => step.startsWith('move'))).toEqual(
        moved.reverse().map((step) => step.replace('envB', 'envA')),
      );
      expect(back.at(-1)).toBe('verify public envA');
      expect(stage.journal.switches).toMatchObject([
        { outcome: 'reverted', cause: expect.stringContaining('no capacity') },
      ]);
      expect(stage.lock).toBeUndefined();
    }
  });

  it('says how to go on when putting back fails, too, and refuses another switch until then (B3)', async () => {
    const stage = new FakedPlace();
    stage.onStep = (step) => {
      if (step === 'verify primary envB' || step === 'move entry-secondary envA') throw new Error(`no ${step}`);
    };
    const report = await run(stage);
    expect(report.outcome).toBe('stuck');
    expect(report.problem).toMatch(
      /no verify primary envB.+Putting back failed, too.+no move entry-secondary envA.+switch dev --resume.+switch dev --revert/s,
    );
    expect(await refusal(stage, TO_B)).toMatch(/could be neither finished nor put back.+--resume.+--revert/s);
    stage.onStep = () => undefined;
    expect(await run(stage, { kind: 'revert' })).toMatchObject({ outcome: 'reverted' });
    expect(stage.live).toEqual(['envA']);
  });

  it('says that all targets are back where only the verification of that failed, and nothing of the kind otherwise', async () => {
    const stage = new FakedPlace();
    stage.onStep = (step) => {
      if (step.startsWith('verify')) throw new Error(`no ${step}`);
    };
    const report = await run(stage);
    expect(report).toMatchObject({ outcome: 'stuck', targets: { primary: 'envA', secondary: 'envA' } });
    expect(stage.live).toEqual(['envA']);
    expect(describeSwitch(report, '', pc.createColors(false))).toMatch(/Every target of dev leads to envA, as before/);
    const halfway = new FakedPlace();
    halfway.onStep = (step) => {
      if (step === 'verify primary envB' || step === 'move entry-secondary envA') throw new Error(`no ${step}`);
    };
    const split = await run(halfway);
    expect(split.targets).toEqual({ primary: 'envA', secondary: null });
    expect(describeSwitch(split, '', pc.createColors(false))).toMatch(
      /not in one place\. Primary region: envA; secondary region: not known, as a move of it failed or broke off\./,
    );
  });

  it('puts back what it can when one region cannot be put back (B3)', async () => {
    const stage = new FakedPlace();
    stage.onStep = (step) => {
      if (step.startsWith('move entry-primary')) throw new Error('the primary region is gone');
    };
    const report = await run(stage);
    expect(report.outcome).toBe('stuck');
    expect(report.problem).toContain('the primary region is gone');
    expect(stage.taken).toContain('move entry-secondary envA');
    expect(stage.taken).toContain('verify secondary envA');
    // What could not be moved is not waited for.
    expect(stage.taken).not.toContain('verify primary envA');
    expect(stage.live).toEqual(['envA']);
    expect(await run(stage, { kind: 'revert' })).toMatchObject({ outcome: 'stuck' });
    stage.onStep = () => undefined;
    expect(await run(stage, { kind: 'revert' })).toMatchObject({ outcome: 'reverted' });
  });

  it('puts back after Ctrl-C, when the step under way has ended', async () => {
    const stage = new FakedPlace();
    const controller = new AbortController();
    stage.onStep = (step) => {
      if (step === 'move entry-primary envB') controller.abort();
    };
    const report = await run(stage, TO_B, { signal: controller.signal });
    expect(report).toMatchObject({ outcome: 'reverted', problem: 'Interrupted.' });
    expect(stage.taken.slice(0, 4)).toEqual([...FORWARD.slice(0, 3), 'move entry-primary envA']);
    expect(stage.live).toEqual(['envA']);
  });

  it('changes nothing when it is not confirmed', async () => {
    const stage = new FakedPlace();
    const confirm = () => Promise.reject(new RefusedError('no'));
    await expect(run(stage, TO_B, { confirm })).rejects.toThrow('no');
    expect([stage.taken, stage.journal.switches, stage.lock]).toEqual([[], [], undefined]);
  });
});

describe('a switch is refused', () => {
  it('with every obstacle at once, and nothing is changed (B3)', async () => {
    const stage = new FakedPlace();
    stage.obstacles = [
      { regionType: 'secondary', message: 'envB is not deployed.' },
      { regionType: undefined, message: 'The contents differ.' },
    ];
    expect(await refusal(stage, TO_B)).toBe(
      "envB can't take live traffic; nothing was changed:\n  secondary: envB is not deployed.\n  The contents differ.",
    );
    expect([stage.taken, stage.journal.switches]).toEqual([[], []]);
  });

  it('to an environment that could not read what is in the tables, unless that is allowed; a rollback is only told (B28)', async () => {
    const stage = new FakedPlace();
    const remarks: string[] = [];
    const hooks = { onRemark: (text: string) => void remarks.push(text) };
    await run(stage);
    stage.unreadable = ['envA could not read 3 of 100 sampled items of the table user'];
    expect(await refusal(stage, { kind: 'switch', environment: 'envA' })).toMatch(
      /^envA can't read all that is in the tables; nothing was changed:\n {2}envA could not read 3 of 100.+switch dev envA --allow-unreadable/s,
    );
    expect(stage.live).toEqual(['envB']);
    expect(await run(stage, { kind: 'rollback' }, hooks)).toMatchObject({ outcome: 'done', to: 'envA' });
    expect(remarks).toEqual([
      'Read items with what envA knows of them (user 100; at most 100 of a table).',
      expect.stringMatching(/^envA can't read all.+3 of 100/s),
    ]);
    const allowed: SwitchRequest = { kind: 'switch', environment: 'envB', allowUnreadable: true };
    expect(await run(stage, allowed)).toMatchObject({ outcome: 'done' });
  });

  it('to an environment whose alarm has gone off, unless that is allowed; a rollback is only told (S3.6)', async () => {
    const stage = new FakedPlace();
    const remarks: string[] = [];
    const hooks = { onRemark: (text: string) => void remarks.push(text) };
    await run(stage);
    const message = 'app-dev-envA-sick is in ALARM since 2026-11-29T01:02:03.000Z: errors';
    stage.alarms = [{ regionType: 'secondary', message, isOn: true }];
    expect(await refusal(stage, { kind: 'switch', environment: 'envA' })).toBe(
      `An alarm of envA has gone off; nothing was changed:\n  secondary: ${message}\n` +
        'What it is about: two-region alarms dev\n' +
        'If it may go live all the same: two-region switch dev envA --allow-alarm',
    );
    expect(stage.live).toEqual(['envB']);
    expect(await run(stage, { kind: 'rollback' }, hooks)).toMatchObject({ outcome: 'done', to: 'envA' });
    expect(remarks).toContain(`secondary: ${message}`);
    const allowed: SwitchRequest = { kind: 'switch', environment: 'envB', allowAlarm: true };
    expect(await run(stage, allowed)).toMatchObject({ outcome: 'done' });
    stage.alarms = [{ regionType: 'primary', message: 'could not be asked', isOn: false }];
    expect(await run(stage, { kind: 'switch', environment: 'envA' }, hooks)).toMatchObject({ outcome: 'done' });
    expect(remarks).toContain('primary: could not be asked');
  });

  it('to an environment that responds otherwise than the live one, where a replay is asked for (B18)', async () => {
    const stage = new FakedPlace();
    const ways: unknown[] = [];
    const report: ReplayReport = {
      ...{ stage: 'dev', from: 'envA', to: 'envB', since: '2026-11-29T12:00:00.000Z', seconds: 3 },
      requests: { recorded: 9, different: 5, sent: 5 },
      operations: [
        {
          ...{ operation: 'get-user', sentTo: 'envB', equal: 3, different: 2 },
          ...{ refused: 0, unsteady: 0, throttled: 0, unanswered: 0, examples: [] },
        },
      ],
      ...{ skipped: [], allowed: 0, isDifferent: true, remarks: [] },
    };
    stage.onReplay = (way) => {
      ways.push([way.from, way.to]);
      return report;
    };
    const asked: SwitchRequest = { ...TO_B, replay: { allowed: 0 } };
    expect(await refusal(stage, asked)).toMatch(
      /^envB responds otherwise than envA; nothing was changed:.+2 of 5 responses differ.+switch dev envB --replay --allow-different 2$/s,
    );
    expect([stage.taken, stage.journal.switches, ways]).toEqual([[], [], [['envA', 'envB']]]);
    const [operation] = report.operations;
    if (operation === undefined) throw new Error('no operation');
    stage.onReplay = () => ({ ...report, operations: [{ ...operation, equal: 0, different: 0, throttled: 5 }] });
    expect(await refusal(stage, asked)).toMatch(/^Of what envA was asked nothing could be compared at envB; nothing/);
    expect([stage.taken, stage.journal.switches]).toEqual([[], []]);
    stage.onReplay = () => ({ ...report, isDifferent: false });
    const remarks: string[] = [];
    expect(await run(stage, asked, { onRemark: (text) => void remarks.push(text) })).toMatchObject({ outcome: 'done' });
    expect(remarks.join()).toContain('2 of 5 responses differ');
    // Nobody asked for one: the faked place would say so.
    stage.onReplay = new FakedPlace().onReplay;
    expect(await run(stage, { kind: 'switch', environment: 'envA' })).toMatchObject({ outcome: 'done' });
  });

  it("for an environment that there isn't, with what is allowed", async () => {
    expect(await refusal(new FakedPlace(), { kind: 'switch', environment: 'envb' })).toMatch(
      /no environment "envb".+allowed are envA, envB, envC.+envB/,
    );
  });

  it('where the regions disagree (S0.12)', async () => {
    const stage = new FakedPlace();
    const { place } = stage;
    const target = () => Promise.reject(new TargetDisagreementError('envA and envB'));
    const failure = switchStage({ ...place, ports: { ...place.ports, target } }, TO_B, {
      owner,
      confirm: async () => undefined,
    });
    await expect(failure).rejects.toThrow(TargetDisagreementError);
    expect([stage.taken, stage.lock]).toEqual([[], undefined]);
  });

  it('before the first deploy', async () => {
    const stage = new FakedPlace();
    const { place } = stage;
    const nowhere = { ...place, ports: { ...place.ports, target: async () => undefined } };
    await expect(switchStage(nowhere, TO_B, { owner, confirm: async () => undefined })).rejects.toThrow(
      'two-region deploy dev',
    );
  });

  it('while another one runs, naming who holds the lock and until when (B3)', async () => {
    const stage = new FakedPlace();
    let second: string | undefined;
    stage.onStep = async (step) => {
      if (step === 'move entry-primary envB') second = await refusal(stage, TO_B);
    };
    expect(await run(stage)).toMatchObject({ outcome: 'done' });
    expect(second).toMatch(/ada@here \(process 1\), since .+Z.+expires at .+Z/);
  });

  it('to go on when nothing is unfinished', async () => {
    for (const kind of ['resume', 'revert'] as const) {
      expect(await refusal(new FakedPlace(), { kind })).toMatch(/No switch of dev is unfinished/);
    }
  });
});

describe('a switch that loses its lock', () => {
  it('stops before the next step and leaves journal and parts to whoever took it over (B3)', async () => {
    const stage = new FakedPlace();
    stage.onStep = (step) => {
      if (step !== 'verify secondary envB' || stage.lock === undefined) return;
      stage.lock = { ...stage.lock, token: 'other', user: 'bob' };
    };
    const report = await run(stage);
    expect(report.outcome).toBe('stuck');
    expect(report.problem).toMatch(/bob@here.+took it over.+Nothing else was begun/);
    expect(stage.taken).toEqual(FORWARD.slice(0, 2));
    expect(stage.lock).toMatchObject({ user: 'bob' });
    expect(stage.journal.switches).toMatchObject([{ outcome: 'begun' }]);
  });

  it('writes nothing when that happened while it was confirmed', async () => {
    const stage = new FakedPlace();
    const confirm = async () => {
      if (stage.lock) stage.lock = { ...stage.lock, token: 'other', user: 'bob' };
    };
    await expect(run(stage, TO_B, { confirm })).rejects.toThrow(LostLockError);
    expect([stage.taken, stage.journal.switches]).toEqual([[], []]);
  });

  it('writes no end into the journal when that happened before the first step', async () => {
    const stage = new FakedPlace();
    const { place } = stage;
    const standby = async () => {
      if (stage.lock) stage.lock = { ...stage.lock, token: 'other', user: 'bob' };
      return 'secondary' as const;
    };
    const options = { owner, confirm: async () => undefined };
    const report = await switchStage({ ...place, ports: { ...place.ports, standby } }, TO_B, options);
    expect(report).toMatchObject({ outcome: 'stuck', problem: expect.stringContaining('bob@here') });
    expect(stage.journal.switches).toMatchObject([{ outcome: 'begun' }]);
  });

  it('stops while it puts back, too', async () => {
    const stage = new FakedPlace();
    stage.onStep = (step) => {
      if (step === 'verify primary envB') throw new Error('no');
      if (step === 'verify primary envA' && stage.lock) stage.lock = { ...stage.lock, token: 'other' };
    };
    expect(await run(stage)).toMatchObject({ outcome: 'stuck' });
    expect(stage.taken.at(-1)).toBe('verify primary envA');
  });
});
