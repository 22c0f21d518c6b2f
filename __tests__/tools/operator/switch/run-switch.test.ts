import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { confirmSwitch } from '#operator/cli/confirm.ts';
import type { Question } from '#operator/cli/prompt.ts';
import { colorsFor } from '#operator/cli/terminal.ts';
import { describeSwitch } from '#operator/switch/describe-switch.ts';
import type { SwitchReport } from '#operator/switch/switch-ports.ts';

const plain = colorsFor(new Writable());
const report: SwitchReport = {
  stage: 'dev',
  from: 'envA',
  to: 'envB',
  outcome: 'done',
  seconds: 27.43,
  steps: [
    { action: 'move', subject: 'entry-secondary', environment: 'envB', outcome: 'done', seconds: 8 },
    { action: 'verify', subject: 'public name', environment: 'envB', outcome: 'done', seconds: 0.5 },
  ],
};

describe('the report of a switch', () => {
  it('says what changed, how long it took, and how to go back', () => {
    expect(describeSwitch(report, ' --local', plain)).toBe(
      [
        'move entry-secondary to envB                 done  8 s',
        'verify that envB answers at the public name  done  0.5 s',
        'Live traffic of dev goes to envB (before: envA), after 27.4 s.',
        'Back again: two-region rollback dev --local',
      ].join('\n'),
    );
  });

  it('says why nothing was changed in the end', () => {
    const text = describeSwitch({ ...report, outcome: 'reverted', problem: 'Failed: no capacity' }, '', plain);
    expect(text).toMatch(/goes to envA, as before; everything that was moved is put back\.\nFailed: no capacity$/);
  });

  it('says that there was nothing to do', () => {
    const text = describeSwitch({ ...report, to: 'envA', outcome: 'unchanged', steps: [] }, '', plain);
    expect(text).toBe('Live traffic of dev goes to envA already: there was nothing to do.');
  });
});

describe('the confirmation of a switch', () => {
  const change = { stage: 'prod', from: 'envA', to: 'envB', yes: false };
  /** What becomes of an answer: it is not taken, it cancels, or it goes on. */
  const answering = async (isProduction: boolean, answer: string) => {
    const ask = async ({ problem }: Question) => {
      if (problem(answer) !== undefined) throw new Error(problem(answer));
      return answer;
    };
    return confirmSwitch({ ...change, isProduction }, { isTerminal: true, ask }).then(
      () => 'goes on',
      (error: Error) => (error.name === 'CancelledError' ? 'cancelled' : error.message),
    );
  };

  it("wants the stage's name in production (B3)", async () => {
    expect(await answering(true, ' prod ')).toBe('goes on');
    for (const answer of ['y', '', 'dev']) expect(await answering(true, answer)).toMatch(/^Type prod, or leave/);
  });

  it('wants y elsewhere; anything else is a no, or asked for again', async () => {
    for (const answer of ['y', 'Yes']) expect(await answering(false, answer)).toBe('goes on');
    for (const answer of ['n', 'NO', '']) expect(await answering(false, answer)).toBe('cancelled');
    expect(await answering(false, 'envB')).toMatch(/^Type y or n/);
  });

  it('is refused where nobody can be asked, and not needed with --yes', async () => {
    const ask = () => Promise.reject(new Error('asked'));
    const where = { isTerminal: false, ask };
    await expect(confirmSwitch({ ...change, isProduction: true }, where)).rejects.toThrow(
      'Live traffic of prod moves from envA to envB. Not a terminal: pass --yes to confirm.',
    );
    await expect(confirmSwitch({ ...change, isProduction: true, yes: true }, where)).resolves.toBeUndefined();
  });
});
