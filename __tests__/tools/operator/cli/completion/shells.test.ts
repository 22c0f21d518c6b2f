import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SHELLS, type Shell } from '#operator/cli/completion/completion-script.ts';
import { runHere } from '#tests/tools/operator/run-here.ts';

const run = promisify(execFile);
const isInstalled = (shell: Shell) => spawnSync(shell, ['-c', 'true']).status === 0;
const bin = new URL('../../../../../tools/operator/two-region.mjs', import.meta.url).pathname;
let folder: string;
let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'two-region-shells-'));
  await symlink(bin, join(folder, 'two-region'));
  environment = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
});
afterAll(() => rm(folder, { recursive: true }));

async function scriptOf(shell: Shell): Promise<string> {
  const { code, stdout } = await runHere(['completion', shell]);
  expect(code).toBe(0);
  const file = join(folder, `two-region.${shell}`);
  await writeFile(file, stdout);
  return file;
}

/** What bash puts in the place of the last word. Readline splits words at `=`, too. */
async function completeInBash(line: string): Promise<string[]> {
  const words = line.split(' ').flatMap((word) => (word.includes('=') ? word.split(/(=)/) : [word]));
  const { stdout } = await run(
    'bash',
    [
      ...['--norc', '-c'],
      'source "$1"; COMP_LINE="$2"; COMP_POINT=${#2}; shift 2; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _two_region; printf "%s\\n" "${COMPREPLY[@]}"',
      ...['bash', await scriptOf('bash'), line, ...words],
    ],
    { env: environment },
  );
  return stdout.split('\n').filter((word) => word !== '');
}

describe("the shells' completion", () => {
  it('is refused for a shell that there is no script for', async () => {
    expect(await runHere(['completion', 'tcsh'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('bash, zsh, fish'),
    });
  });

  it.each(SHELLS.filter(isInstalled))('is a script without mistakes of syntax: %s', async (shell) => {
    await run(shell, ['-n', await scriptOf(shell)]);
  });

  it('completes commands, stages and values behind = in bash', async () => {
    expect(await completeInBash('two-region dep')).toEqual(['deploy']);
    expect(await completeInBash('two-region deploy ')).toEqual(['dev', 'prod']);
    expect(await completeInBash('two-region call GET /test --region=sec')).toEqual(['secondary']);
    expect(await completeInBash('two-region call GET /test --region=')).toEqual(['primary', 'secondary']);
    expect(await completeInBash('two-region params put dev --file ')).toEqual([]);
  });

  it('runs nothing of what is typed', async () => {
    const file = join(folder, 'made');
    expect(await completeInBash(`two-region deploy $(touch\u00a0${file}) `)).toEqual(['envA', 'envB']);
    await expect(rm(file)).rejects.toThrow('ENOENT');
  });

  it.runIf(isInstalled('zsh'))('completes in zsh, with descriptions', async () => {
    const command =
      'compdef() { :; }; _files() { print files; }; _describe() { print -l -- "${(@P)2}"; }; source "$1"; ' +
      'shift; words=("$@"); CURRENT=$#; _two_region';
    const complete = async (...words: string[]) =>
      (await run('zsh', ['-f', '-c', command, 'zsh', await scriptOf('zsh'), ...words], { env: environment })).stdout;
    expect(await complete('two-region', 'deploy', '')).toBe('dev:\nprod:\n');
    expect(await complete('two-region', 'state', 'ver')).toMatch(/^verify:compare states/);
    expect(await complete('two-region', 'params', 'put', 'dev', '--file', '')).toBe('files\n');
  });

  it.runIf(isInstalled('fish'))('completes in fish', async () => {
    const command = `source ${await scriptOf('fish')}; complete -C 'two-region deploy '`;
    const { stdout } = await run('fish', ['--no-config', '-c', command], { env: environment });
    expect(stdout.match(/\w+/g)).toEqual(['dev', 'prod']);
  });
});
