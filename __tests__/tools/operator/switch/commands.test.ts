import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from '#operator/program.ts';

const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  const keep = (text: string | Uint8Array) => {
    said.push(String(text));
    return true;
  };
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(console, 'error').mockImplementation(keep);
  vi.spyOn(console, 'log').mockImplementation(keep);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('two-region switch and rollback', () => {
  it('say what is wrong with a command line, with exit code 2', async () => {
    for (const [args, problem] of [
      [['switch'], '<stage> is missing'],
      [['switch', 'dev', '--resume', '--revert'], "'--resume' cannot be used with option '--revert'"],
      [['switch', 'dev', 'envB', '--revert'], '--revert goes where the unfinished switch went'],
      [['switch', 'staging'], 'staging'],
      [['switch', 'dev', '--canary', '60'], 'Allowed is a whole number from 1 to 50'],
      [['switch', 'dev', '--canary', '10', '--stagger', '5m'], "'--canary <percent>' cannot be used with option"],
      [['switch', 'dev', '--canary', '10', '--resume'], "'--canary <percent>' cannot be used with option"],
      [['switch', 'dev', '--bake', '5m'], 'add --canary 10'],
      [['switch', 'dev', '--replay', '--resume'], "'--replay' cannot be used with option '--resume'"],
      [['switch', 'dev', '--replay', '--without', 'primary'], "'--replay' cannot be used with option '--without"],
      [['switch', 'dev', '--allow-different', '1'], 'add --replay'],
      [['switch', 'dev', '--replay', '--allow-different', 'few'], 'Allowed is a whole number from 0'],
      [['rollback', 'dev', 'envA'], 'Too many arguments: "envA"'],
    ] as const) {
      said.length = 0;
      expect(await run(args)).toBe(2);
      expect(said.join('')).toContain(problem);
    }
  });

  it('print an error document with --json', async () => {
    expect(await run(['rollback', 'staging', '--json'])).toBe(2);
    expect(JSON.parse(said.join(''))).toMatchObject({ error: { name: 'SettingsError', exitCode: 2 } });
  });

  it('have help with examples', async () => {
    await run(['switch', '--help']);
    await run(['rollback', '--help']);
    expect(said.join('')).toMatch(/two-region switch dev envB\n.+two-region rollback dev\n/s);
  });
});
