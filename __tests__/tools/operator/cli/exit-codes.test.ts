import { describe, expect, it } from 'vitest';
import { NoRuntimeError } from '#local/control/client.ts';
import { PortTakenError } from '#local/runtime/ports.ts';
import { exitCodeOf } from '#operator/cli/exit-codes.ts';
import { SettingsError } from '#stacks/settings/index.ts';

describe('exit codes', () => {
  it('know errors by the names that their classes give them', () => {
    for (const usage of [new SettingsError([]), new NoRuntimeError('/'), new PortTakenError([])]) {
      expect(exitCodeOf(usage)).toBe(2);
    }
    expect(exitCodeOf(Object.assign(new Error('expired'), { name: 'CredentialsProviderError' }))).toBe(3);
  });

  it('are 1 for anything else, thrown strings and names of Object included', () => {
    expect(exitCodeOf(new TypeError('bug'))).toBe(1);
    expect(exitCodeOf('text')).toBe(1);
    expect(exitCodeOf(Object.assign(new Error('odd'), { name: 'constructor' }))).toBe(1);
  });
});
