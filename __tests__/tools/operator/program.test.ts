import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runHere } from './run-here.ts';

const bin = new URL('../../../tools/operator/two-region.mjs', import.meta.url).pathname;
let elsewhere: string;
beforeAll(async () => {
  elsewhere = await mkdtemp(join(tmpdir(), 'two-region-'));
});
afterAll(() => rm(elsewhere, { recursive: true }));

/** Runs the command as a shell would. */
function twoRegion(args: string[], cwd = process.cwd()): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [bin, ...args], { cwd }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

describe('two-region', () => {
  it('ends quietly where nobody reads on, as of `two-region --help | true`', async () => {
    const { error, stderr } = await new Promise<{ error: unknown; stderr: string }>((resolve) => {
      const child = execFile(process.execPath, [bin, '--help'], (failure, _stdout, said) =>
        resolve({ error: failure, stderr: said }),
      );
      child.stdout?.destroy();
    });
    expect([error, stderr]).toEqual([null, '']);
  });

  it('prints its version and help on stdout, exit code 0', async () => {
    expect(await twoRegion(['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    const help = await twoRegion(['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toMatch(/synth.+local/s);
    expect((await runHere(['local', '--help'])).stdout).toMatch(/--port.+--replication-lag.+--time-scale.+fail/s);
  });

  it.each([
    { args: [], says: 'Usage: two-region' },
    { args: ['loca'], says: 'Did you mean "local"?' },
    { args: ['local', '--prot', '1'], says: 'Did you mean "--port"?' },
    { args: ['local', '--port', '70000'], says: '1 to 65530' },
    { args: ['local', '--replication-lag', 'soon'], says: '250ms' },
    { args: ['local', '--time-scale', '0'], says: 'from 0.1 to 1000' },
    { args: ['local', '--log-format', 'xml'], says: 'text, json' },
    { args: ['local', 'fail', 'third'], says: 'primary, secondary' },
    { args: ['synth', '--stage', 'nope'], says: 'STAGE is "nope", allowed are' },
  ])('refuses $args with exit code 2 and says what is allowed', async ({ args, says }) => {
    const { code, stdout, stderr } = await runHere(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
  });

  it('groups its commands in help, begins with examples, and keeps to the width of the terminal', async () => {
    const { stdout } = await runHere(['--help']);
    expect(stdout).toMatch(/^Examples:.+Usage:.+On this machine:.+Before the first deploy:.+Release:.+Operate:/s);
    const commands = stdout.slice(stdout.indexOf('Usage:'), stdout.indexOf('Exit codes:'));
    expect(commands.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('finds the project from a folder below', async () => {
    const below = join(process.cwd(), '.two-region/below');
    await mkdir(below, { recursive: true });
    const { code, stdout } = await twoRegion(['cost', 'dev', '--json'], below);
    expect({ code, stage: JSON.parse(stdout).stage }).toEqual({ code: 0, stage: 'dev' });
  });

  it('ends with exit code 2 where there is no settings.conf, and where no runtime runs', async () => {
    expect(await twoRegion(['synth'], elsewhere)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('settings.conf'),
    });
    expect(await twoRegion(['local', 'fail', 'primary'], elsewhere)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('npm start'),
    });
  });

  it.each([
    { args: ['synth', '--stage', 'nope', '--json'], name: 'SettingsError', says: 'STAGE is "nope"' },
    { args: ['local', '--port', 'x', '--json'], name: 'UsageError', says: '--port is "x"' },
  ])('prints one JSON document on stdout for $args', async ({ args, name, says }) => {
    const { code, stdout } = await runHere(args);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toEqual({ error: { name, message: expect.stringContaining(says), exitCode: 2 } });
  });

  it('writes the stacks of a stage and prints them in the order of deployment', async () => {
    const outdir = join(elsewhere, 'a/new/folder');
    const { code, stdout } = await runHere(['synth', '--stage', 'dev', '--outdir', outdir]);
    expect(code).toBe(0);
    const names = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t')[0]);
    expect(names[0]).toBe('dev-data');
    expect(names).toContain('dev-envA-secondary');
    expect(names.at(-1)).toBe('dev-observability');
    expect(stdout).toContain(join(outdir, 'stacks/dev-data/cdk.tf.json'));
  });
});
