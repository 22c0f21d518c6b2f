import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completeLine } from '#operator/cli/completion/complete-line.ts';
import { readKnownValues } from '#operator/cli/completion/known-values.ts';
import { createProgram } from '#operator/program.ts';
import { runHere } from '#tests/tools/operator/run-here.ts';

const known = readKnownValues('settings.conf');
const complete = (...words: string[]) => completeLine(createProgram(), words, known).map(({ value }) => value);

describe('completion of a command line', () => {
  it('offers commands with what they do, and commands of commands', () => {
    const offered = completeLine(createProgram(), ['dep'], known);
    expect(offered).toEqual([{ value: 'deploy', description: expect.stringContaining('deploy a stage') }]);
    expect(complete('')).toEqual(expect.arrayContaining(['bootstrap', 'local', 'params', 'state']));
    expect(complete('state', '')).toEqual(['verify', 'recover', 'return']);
    expect(complete('state', 're')).toEqual(['recover', 'return']);
  });

  it.each([
    { words: ['deploy', ''], offers: ['dev', 'prod'] },
    { words: ['deploy', 'dev', ''], offers: ['envA', 'envB'] },
    { words: ['deploy', 'dev', 'envA', ''], offers: [] },
    { words: ['params', 'put', 'dev', 'hosted'], offers: ['hosted_zone_id'] },
    { words: ['local', 'fail', ''], offers: ['primary', 'secondary'] },
    { words: ['call', 'GET', '/test', '--env', 'p'], offers: ['preview'] },
    { words: ['call', 'GET', '/test', '--region', ''], offers: ['primary', 'secondary'] },
    { words: ['call', 'GET', '/test', '--region=s'], offers: ['--region=secondary'] },
    { words: ['synth', '--stage', 'p'], offers: ['prod'] },
    { words: ['diff', 'dev', 'data', 'rout'], offers: ['routing'] },
    { words: ['diff', 'dev', 'routing', 'rout'], offers: [] },
    { words: ['deploy', 'dev', '--stack', 'data', 'api-'], offers: ['api-primary', 'api-secondary'] },
    { words: ['params', 'put', 'dev', '--file', ''], offers: [] },
    { words: ['params', 'get', 'dev', '--', '--re'], offers: [] },
    { words: ['nonsense', 'deploy', ''], offers: [] },
  ])('offers $offers for $words', ({ words, offers }) => {
    expect(complete(...words)).toEqual(offers);
  });

  it('offers flags once they are begun, each once, one that may be repeated again', () => {
    expect(complete('deploy', 'dev', '--')).toEqual(expect.arrayContaining(['--stack', '--plan', '--json', '--help']));
    expect(complete('deploy', 'dev', '--plan', '--pl')).toEqual([]);
    expect(complete('call', 'GET', '/', '--header', 'a: b', '--hea')).toEqual(['--header']);
    expect(complete('deploy', 'dev', '')).not.toContain('--plan');
  });
});

describe('completion in a folder', () => {
  const project = process.cwd();
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'two-region-completion-'));
    process.chdir(folder);
  });
  afterAll(async () => {
    process.chdir(project);
    await rm(folder, { recursive: true });
  });

  it('goes without the words of the settings where there are none, and never fails', async () => {
    const { code, stdout, stderr } = await runHere(['__complete', '--', 'deploy', '']);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await runHere(['__complete'])).toMatchObject({ code: 0, stderr: '' });
    expect(await runHere(['__complete', '--', '--nonsense', '\u0000', ''])).toMatchObject({ code: 0, stderr: '' });
  });

  it('takes the words of settings that are half written', async () => {
    await writeFile('settings.conf', 'STAGES=( "dev" "test" )\nAPI_ENVIRONMENTS=( "blue"\nAPP_NAME=$(x)\n');
    const { stdout } = await runHere(['__complete', '--', 'deploy', 't']);
    expect(stdout).toBe('test\t\n');
  });

  it('is no command that anybody is told of', async () => {
    expect((await runHere(['--help'])).stdout).not.toContain('__complete');
  });
});
