import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import * as z from 'zod';
import { checkUsage } from '#operator/cli/usage/check-usage.ts';
import { createProgram } from '#operator/program.ts';

const folder = join(import.meta.dirname, '../../.ci/pipeline');
const names = ['build', 'check', 'deploy', 'plan', 'switch'];

const phase = z.strictObject({
  'runtime-versions': z.record(z.string(), z.unknown()).optional(),
  commands: z.array(z.string()),
  finally: z.array(z.string()).optional(),
});
/** Source: AWS CodeBuild User Guide, "Buildspec syntax". */
const buildspec = z.strictObject({
  version: z.literal(0.2),
  env: z
    .strictObject({
      shell: z.literal('bash'),
      variables: z.record(z.string(), z.coerce.string()).optional(),
      'exported-variables': z.array(z.string()).optional(),
    })
    .optional(),
  phases: z.strictObject({ install: phase.optional(), build: phase }),
  artifacts: z.strictObject({ files: z.array(z.string()) }).optional(),
});

const textOf = (name: string) => readFileSync(join(folder, `${name}.yml`), 'utf8');
const specOf = (name: string) => buildspec.parse(parse(textOf(name)));

/** A release as `build` packs it, whose command is a stand-in that says what it was given. */
async function release(directory: string, command: string): Promise<void> {
  const root = join(directory, 'two-region-api');
  mkdirSync(join(root, 'tools/operator'), { recursive: true });
  writeFileSync(join(root, 'tools/operator/two-region.mjs'), command);
  await promisify(execFile)('tar', ['-czf', 'release.tar.gz', 'two-region-api'], { cwd: directory });
  rmSync(root, { recursive: true });
}

/**
 * The commands of a buildspec, run as CodeBuild does: one after the other in one shell until one fails, then those that come in any case; the environment of a
 * command is the next one's, too.
 *
 * @param programs - stand-ins, by name
 */
async function run(
  name: string,
  {
    command = '',
    programs = {},
    env = {},
  }: { command?: string; programs?: Record<string, string>; env?: Record<string, string> },
) {
  const directory = mkdtempSync(join(tmpdir(), 'buildspec-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  if (command !== '') await release(directory, command);
  mkdirSync(join(directory, 'bin'));
  for (const [program, text] of Object.entries(programs)) {
    writeFileSync(join(directory, 'bin', program), `#!/usr/bin/env bash\n${text}\n`);
    chmodSync(join(directory, 'bin', program), 0o755);
  }
  const { phases, env: declared } = specOf(name);
  const always = phases.build.finally ?? [];
  const exported = declared?.['exported-variables'] ?? [];
  const lines = [...(phases.install?.commands ?? []), ...phases.build.commands];
  const script = [
    ...lines.map((line) => `[ "$failed" -ne 0 ] || { eval "$(cat <<'COMMAND'\n${line}\nCOMMAND\n)"; failed=$?; }`),
    ...always.map((line) => `eval "$(cat <<'COMMAND'\n${line}\nCOMMAND\n)" || failed=$?`),
    `for name in ${exported.join(' ') || '""'}; do [ -z "$name" ] || echo "$name=\${!name}" > "$OUT"; done`,
    'exit "$failed"',
  ].join('\n');
  const OUT = join(directory, 'exported');
  writeFileSync(OUT, '');
  const result = await new Promise<{ readonly code: number; readonly output: string }>((resolve) => {
    const PATH = `${join(directory, 'bin')}:${process.env.PATH}`;
    const variables = { ...declared?.variables, ...env, PATH, OUT, failed: '0', CODEBUILD_SRC_DIR: directory };
    execFile(
      'bash',
      ['--noprofile', '--norc', '-c', script],
      { cwd: directory, env: variables },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), output: `${stdout}${stderr}` }),
    );
  });
  const read = (file: string) => readFileSync(join(directory, file), 'utf8');
  return { ...result, exported: read('exported').trim(), read };
}

/** Says its arguments, and whatever else a test wants. */
const SAYS = (more = '') => `console.log(process.argv.slice(2).join(' '));${more}`;

describe('the buildspecs of the pipeline (S3.14)', () => {
  it('are those that there are, as CodeBuild takes them', () => {
    expect(readdirSync(folder).sort()).toEqual(names.map((name) => `${name}.yml`));
    for (const name of names) expect(() => specOf(name)).not.toThrow();
  });

  it.each(names)('%s gives only commands that there are, with flags that they have', (name) => {
    const lines = [...textOf(name).matchAll(/(?:npx two-region|two-region\.mjs) ([^>|)\n]+)/g)].map(
      ([, line = '']) => line,
    );
    for (const line of lines) {
      const words = line
        .replaceAll('"$STAGE"', 'dev')
        .replaceAll('"$ENVIRONMENT"', 'envB')
        .replaceAll('"$STAGGER"', '15m');
      expect(() => checkUsage(createProgram(), words.trim().split(/\s+/))).not.toThrow();
    }
    expect(lines.length > 0).toBe(name !== 'check');
  });

  it('check asks for lint and tests, and for no tests after a lint that failed', async () => {
    expect((await run('check', { programs: { npm: 'echo "npm $*"' } })).output).toBe(
      'npm ci --no-audit --no-fund\nnpm run lint\nnpm test\n',
    );
    const failed = await run('check', { programs: { npm: 'echo "npm $*"; [ "$2" != lint ]' } });
    expect(failed).toMatchObject({ code: 1, output: expect.not.stringContaining('npm test') });
  });

  const tools = {
    npm: 'true',
    npx: 'mkdir -p packed; echo "$*" > packed/two-region-api-dev.tar.gz',
    unzip: 'echo "unzip $*"',
    curl: 'echo terraform > "$2"; [[ $2 != /tmp/sums ]] || (cd /tmp && sha256sum terraform_1.11.4_linux_arm64.zip > sums)',
  };

  it('build packs once, with a Terraform whose sum is right', async () => {
    const built = await run('build', { programs: tools, env: { STAGE: 'dev' } });
    expect(built.code).toBe(0);
    expect(built.read('release.tar.gz')).toBe('two-region pack dev --output packed\n');
    const wrong = await run('build', { programs: { ...tools, sha256sum: 'exit 1' }, env: { STAGE: 'dev' } });
    expect(wrong).toMatchObject({ code: 1, output: expect.not.stringContaining('unzip') });
  });

  it.each([
    { means: 'nothing changes', more: '', code: 0 },
    { means: 'something changes', more: 'process.exitCode = 2', code: 0 },
    { means: 'a plan failed', more: 'process.exitCode = 1', code: 1 },
  ])('plan ends with $code where $means, and keeps what was printed', async ({ more, code }) => {
    const planned = await run('plan', { command: SAYS(more), env: { STAGE: 'dev' } });
    expect([planned.code, planned.read('plan.txt')]).toEqual([code, 'diff dev\n']);
  });

  it('plan fails where the command was wrong: it prints nothing', async () => {
    expect((await run('plan', { command: 'process.exitCode = 2', env: { STAGE: 'dev' } })).code).toBe(1);
  });

  const deploying = (report: object, code = 0) =>
    `if (process.argv[2] === 'doctor') process.exit(${code === 3 ? 2 : 0});
     console.log(${JSON.stringify(JSON.stringify(report))}); process.exitCode = ${code};`;

  it('deploy says where to, for the switch', async () => {
    const report = { first: false, environments: ['envB'], stacks: [{ stack: 'data', outcome: 'unchanged' }] };
    const done = await run('deploy', { command: deploying(report), env: { STAGE: 'dev' } });
    expect(done).toMatchObject({ code: 0, output: 'data unchanged\n', exported: 'ENVIRONMENT=envB' });
    const first = await run('deploy', { command: deploying({ ...report, first: true }), env: { STAGE: 'dev' } });
    expect(first.exported).toBe('ENVIRONMENT=none');
  });

  it('deploy fails as the command does, with its reason, and not before the doctor was asked', async () => {
    const report = { error: { message: 'api-primary failed' } };
    expect(await run('deploy', { command: deploying(report, 4), env: { STAGE: 'dev' } })).toMatchObject({
      code: 1,
      output: 'api-primary failed\n',
    });
    const ill = await run('deploy', { command: deploying(report, 3), env: { STAGE: 'dev' } });
    expect(ill.code).not.toBe(0);
    expect(ill.output).toBe('');
  });

  it.each([
    ['none', 'switch dev envB --yes\nstatus dev\n'],
    ['15m', 'switch dev envB --yes --stagger 15m\nstatus dev\n'],
  ])('switch moves traffic, staggered: %s, and says what is live', async (STAGGER, output) => {
    const env = { STAGE: 'dev', ENVIRONMENT: 'envB', STAGGER };
    expect(await run('switch', { command: SAYS(), env })).toMatchObject({ code: 0, output });
  });

  it('switch says what is live when it failed, too, and moves nothing after a first deploy', async () => {
    const env = { STAGE: 'dev', ENVIRONMENT: 'envB', STAGGER: 'none' };
    const failed = await run('switch', { command: SAYS("if (process.argv[2] === 'switch') process.exit(1);"), env });
    expect(failed).toMatchObject({ code: 1, output: 'switch dev envB --yes\nstatus dev\n' });
    const first = await run('switch', { command: SAYS(), env: { ...env, ENVIRONMENT: 'none' } });
    expect(first.output).not.toContain('switch dev');
  });
});
