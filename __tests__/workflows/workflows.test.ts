import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { checkUsage } from '#operator/cli/usage/check-usage.ts';
import { createProgram } from '#operator/program.ts';

const folder = join(import.meta.dirname, '../../.github');
const files = [
  'actions/prepare/action.yml',
  ...readdirSync(join(folder, 'workflows')).map((name) => `workflows/${name}`),
];
const textOf = (file: string) => readFileSync(join(folder, file), 'utf8');

const step = z.object({ id: z.string().optional(), uses: z.string().optional(), run: z.string().optional() });
const workflow = z.object({
  permissions: z.record(z.string(), z.string()),
  jobs: z.record(z.string(), z.object({ environment: z.string().optional(), steps: z.array(step) })),
});
const action = z.object({ runs: z.object({ steps: z.array(step) }) });

function stepsOf(file: string): readonly z.infer<typeof step>[] {
  const document: unknown = parse(textOf(file));
  if (file.startsWith('actions/')) return action.parse(document).runs.steps;
  return Object.values(workflow.parse(document).jobs).flatMap(({ steps }) => steps);
}

/** The script of a step, run by a shell as GitHub does, in a folder of its own. `npx` is a stand-in that says what it was given. */
async function runStep(id: string, file: string, npx: string, env: Readonly<Record<string, string>>) {
  const script = stepsOf(file).find((each) => each.id === id)?.run ?? '';
  const directory = mkdtempSync(join(tmpdir(), 'workflow-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, 'npx'), `#!/usr/bin/env bash\n${npx}\n`);
  chmodSync(join(directory, 'npx'), 0o755);
  const PATH = `${directory}:${process.env.PATH}`;
  const GITHUB_OUTPUT = join(directory, 'output');
  writeFileSync(GITHUB_OUTPUT, '');
  const code = await new Promise<number>((resolve) => {
    execFile(
      'bash',
      ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script],
      { cwd: directory, env: { ...env, PATH, GITHUB_OUTPUT } },
      (error) => resolve(error === null ? 0 : Number(error.code)),
    );
  });
  const read = (name: string) => readFileSync(join(directory, name), 'utf8');
  return { code, output: read('output'), read };
}

describe('the workflows for GitHub (S4.5)', () => {
  // It comes as a Go program only: check.yml runs it for every change.
  it.skipIf(spawnSync('actionlint', ['-version']).error !== undefined)('have nothing that actionlint finds', () => {
    const { stdout } = spawnSync('actionlint', ['-no-color'], { cwd: dirname(folder), encoding: 'utf8' });
    expect(stdout).toBe('');
  });

  it.each(files)('%s takes actions by commit, and no more rights than it names', (file) => {
    for (const { uses } of stepsOf(file)) {
      if (uses !== undefined && !uses.startsWith('./')) expect(uses).toMatch(/^[\w/-]+@[0-9a-f]{40}$/);
    }
    // Code of a fork with the rights of this repository.
    expect(textOf(file)).not.toContain('pull_request_target');
    if (file.startsWith('workflows/')) expect(workflow.parse(parse(textOf(file))).permissions.contents).toBe('read');
  });

  it.each(files)('%s gives only commands that there are, with flags that they have', (file) => {
    const lines = [...textOf(file).matchAll(/npx two-region ([^>|\n)]+)/g)].map(([, line = '']) => line);
    if (file.startsWith('workflows/') && !file.endsWith('check.yml')) expect(lines).not.toEqual([]);
    for (const line of lines) {
      const words = line
        .replaceAll('"$STAGE"', 'dev')
        .replaceAll('"$ENVIRONMENT"', 'envB')
        .replace(/\$\{STAGGER:\+(.*?) "\$STAGGER"\}/, '$1 15m')
        .trim()
        .split(/\s+/);
      expect(() => checkUsage(createProgram(), words)).not.toThrow();
    }
  });

  it('never moves live traffic in the job that deploys: that is another one, whose environment can ask for an approval', () => {
    const { jobs } = workflow.parse(parse(textOf('workflows/release.yml')));
    const commands = Object.values(jobs).map(({ environment, steps }) => ({
      environment: environment?.replace(/^.*-/, ''),
      switches: steps.some(({ run }) => run?.includes('two-region switch')),
    }));
    expect(commands).toEqual([
      { environment: 'deploy', switches: false },
      { environment: 'switch', switches: true },
    ]);
  });
});

describe('the step that plans (S4.5)', () => {
  const plan = (npx: string) => runStep('diff', 'workflows/plan.yml', npx, { STAGE: 'dev' });

  it.each([
    { means: 'nothing changes', npx: 'echo "No changes."' },
    { means: 'something changes', npx: 'echo "data 1"; exit 2' },
  ])('ends well where $means, and keeps what was printed', async ({ npx }) => {
    const done = await plan(npx);
    expect(done).toMatchObject({ code: 0, output: 'failed=false\n' });
    expect(done.read('plan.txt')).toMatch(/^(?:No changes\.|data 1)\n$/);
  });

  it.each([
    { means: 'a plan failed', npx: 'echo "data failed"; echo "AccessDenied" >&2; exit 1', code: '1' },
    { means: 'the command was wrong', npx: 'echo "AccessDenied" >&2; exit 2', code: '2' },
  ])('puts the reason into the comment where $means', async ({ npx, code }) => {
    const done = await plan(npx);
    expect(done.output).toBe('failed=true\n');
    expect(done.read('plan.txt')).toMatch(
      new RegExp(`^The plan of dev failed with exit code ${code}\\.\\n\\nAccessDenied\\n$`),
    );
  });
});

describe('the step that deploys (S4.5)', () => {
  const deploy = (report: unknown, code = 0) =>
    runStep('deploy', 'workflows/release.yml', `echo '${JSON.stringify(report)}'; exit ${code}`, { STAGE: 'dev' });
  const stacks = [{ stack: 'data', outcome: 'unchanged' }];

  it('names the environment that it deployed to, for the switch', async () => {
    const done = await deploy({ first: false, environments: ['envB'], stacks });
    expect(done).toMatchObject({ code: 0, output: 'environment=envB\n' });
  });

  it('names none after a first deploy: the names lead to one already', async () => {
    const done = await deploy({ first: true, environments: ['envA', 'envB', 'preview'], stacks });
    expect(done).toMatchObject({ code: 0, output: 'environment=\n' });
  });

  it('ends as the command did where it failed', async () => {
    const done = await deploy({ stacks, error: { message: 'a stack failed' } }, 4);
    expect(done).toMatchObject({ code: 4, output: '' });
  });
});
