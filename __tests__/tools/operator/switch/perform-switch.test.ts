import { afterEach, describe, expect, it, vi } from 'vitest';
import { EndWith } from '#operator/cli/exit-codes.ts';
import { runCommand } from '#operator/cli/run-command.ts';
import { performSwitch, SWITCH_REPORT } from '#operator/switch/run-switch.ts';
import type { SwitchRequest } from '#operator/switch/switch-ports.ts';
import { FakedPlace } from './faked-place.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const TO_B: SwitchRequest = { kind: 'switch', environment: 'envB' };

/** Runs the command; what it prints is kept. */
async function perform(
  stage: FakedPlace,
  flags: { json?: boolean } = {},
  request = TO_B,
  confirmed: { yes?: true } = { yes: true },
) {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void stdout.push(line));
  const tell = vi.spyOn(process.stderr, 'write').mockImplementation((text) => stderr.push(String(text).trimEnd()) > 0);
  const close = vi.fn(async () => undefined);
  const error: unknown = await runCommand(
    flags,
    (surroundings) => performSwitch({ ...stage.place, close }, request, confirmed, surroundings),
    SWITCH_REPORT,
  ).then(
    () => undefined,
    (problem: unknown) => problem,
  );
  log.mockRestore();
  tell.mockRestore();
  return { stdout, stderr, error, closed: close.mock.calls.length };
}

describe('performing a switch', () => {
  it('shows each step as it comes and reports at the end', async () => {
    const { stdout, stderr, error, closed } = await perform(new FakedPlace());
    expect(stderr.slice(0, 5)).toEqual([
      'Looking at envB in both regions …',
      'Reading items with what envB knows of them …',
      'Read items with what envB knows of them (user 100; at most 100 of a table).',
      'move entry-secondary to envB …',
      '✓ move entry-secondary to envB',
    ]);
    expect(stdout).toEqual([expect.stringContaining('two-region rollback dev')]);
    expect([error, closed]).toEqual([undefined, 1]);
  });

  it('prints one document with --json, also of a switch that failed, and ends with 1 then', async () => {
    const done = await perform(new FakedPlace(), { json: true });
    expect(done.stdout.map((line) => JSON.parse(line))).toMatchObject([
      { stage: 'dev', from: 'envA', to: 'envB', outcome: 'done', seconds: expect.any(Number), steps: { length: 5 } },
    ]);
    const stage = new FakedPlace();
    stage.onStep = (step) => {
      if (step === 'verify primary envB') throw new Error('no capacity');
    };
    const failed = await perform(stage, { json: true });
    expect(failed.stdout.map((line) => JSON.parse(line))).toMatchObject([
      {
        from: 'envA',
        to: 'envB',
        outcome: 'reverted',
        problem: expect.stringContaining('no capacity'),
        steps: expect.arrayContaining([
          {
            action: 'verify',
            subject: 'primary',
            environment: 'envB',
            outcome: 'failed',
            problem: 'no capacity',
            seconds: expect.any(Number),
          },
        ]),
      },
    ]);
    expect(failed.error).toMatchObject({ exitCode: 1 });
    expect([failed.error instanceof EndWith, failed.closed]).toEqual([true, 1]);
  });

  it('ends with 0 when it was asked to put back and did', async () => {
    const stage = new FakedPlace();
    stage.onStep = (step) => {
      if (step === 'verify primary envB' || step.endsWith('envA')) throw new Error('no');
    };
    expect((await perform(stage)).error).toMatchObject({ exitCode: 1 });
    stage.onStep = () => undefined;
    expect(await perform(stage, {}, { kind: 'revert' })).toMatchObject({ error: undefined });
    expect(stage.live).toEqual(['envA']);
  });

  it('puts back after Ctrl-C, says so once, and lets go of the signal', async () => {
    const before = process.listenerCount('SIGINT');
    const stage = new FakedPlace();
    stage.onStep = (step) => {
      if (step === 'move entry-primary envB') process.emit('SIGINT');
    };
    const { stdout, stderr, error } = await perform(stage);
    expect(stderr.filter((line) => line.startsWith('Interrupted'))).toHaveLength(1);
    expect(stdout).toEqual([expect.stringMatching(/goes to envA, as before.+Interrupted\./s)]);
    expect(error).toMatchObject({ exitCode: 1 });
    expect(stage.live).toEqual(['envA']);
    expect(process.listenerCount('SIGINT')).toBe(before);
  });

  it('asks before it moves: without --yes nothing moves where nobody can be asked', async () => {
    const stage = new FakedPlace();
    const { error, stdout, closed } = await perform(stage, {}, TO_B, {});
    expect([String(error), stdout, closed]).toEqual([
      'RefusedError: Live traffic of dev moves from envA to envB. Not a terminal: pass --yes to confirm.',
      [],
      1,
    ]);
    expect(stage.live).toEqual(['envA']);
  });
});
