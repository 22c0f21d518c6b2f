import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { NoRuntimeError } from '#local/control/client.ts';
import { PortTakenError } from '#local/runtime/ports.ts';
import { KeysError, RefusedError, StateStorageError } from '#operator/cli/errors.ts';
import { EndWith, exitCodeOf, isExpected } from '#operator/cli/exit-codes.ts';
import { DeployError } from '#operator/deploy/deploy-report.ts';
import { SettingsError } from '#stacks/settings/index.ts';

describe('exit codes', () => {
  it('are those that errors carry, of every room', () => {
    const nothingDone = [
      new SettingsError([]),
      new NoRuntimeError('/'),
      new PortTakenError([]),
      new RefusedError('no'),
    ];
    for (const usage of [...nothingDone, new StateStorageError('no')]) expect(exitCodeOf(usage)).toBe(2);
    expect(exitCodeOf(new KeysError('half'))).toBe(1);
    const report = { stage: 'dev', first: false, target: 'envA', names: [], environments: [], pinned: {}, stacks: [] };
    expect(exitCodeOf(new DeployError('half', report))).toBe(4);
    expect(exitCodeOf(new EndWith(2))).toBe(2);
  });

  it('are 1 for anything else: thrown strings, and errors of others with a code of their own', () => {
    expect(exitCodeOf(new TypeError('bug'))).toBe(1);
    expect(exitCodeOf('text')).toBe(1);
    expect(exitCodeOf(Object.assign(new Error('of a process'), { exitCode: 137 }))).toBe(1);
  });

  it('are 0 for help and 2 for what commander refuses', () => {
    expect(exitCodeOf(new CommanderError(0, 'commander.help', ''))).toBe(0);
    expect(exitCodeOf(new CommanderError(1, 'commander.unknownOption', ''))).toBe(2);
  });

  it('tell what was foreseen from what was not: of the latter the stack is of use', () => {
    expect([new KeysError('half'), new RefusedError('no')].map(isExpected)).toEqual([true, true]);
    expect([new TypeError('bug'), 'text'].map(isExpected)).toEqual([false, false]);
  });
});
