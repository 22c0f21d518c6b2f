import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
let copy = '';

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'two-region-program-'));
  for (const name of [
    'client',
    'constructs',
    'container',
    'functions',
    'stacks',
    'tools',
    'package.json',
    'package-lock.json',
  ]) {
    cpSync(join(root, name), join(copy, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true }));

const run = (...args: string[]) =>
  spawnSync(process.execPath, [join(copy, 'tools/operator/two-region.mjs'), ...args], {
    cwd: copy,
    encoding: 'utf8',
    env: { ...process.env, DEBUG: '1' },
  });
const edit = (file: string, from: string, to: string) => {
  const path = join(copy, file);
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
};

describe('the compiled command line', () => {
  it('is compiled again when a source has changed', () => {
    expect(run('synth', '--help').stdout).toContain('write the stacks of a stage as Terraform JSON');
    edit('tools/operator/commands/synth.ts', 'write the stacks of a stage', 'write something else');
    expect(run('synth', '--help').stdout).toContain('write something else as Terraform JSON');
  });

  it('names the source, not what was compiled of it, where it fails', () => {
    const { stderr, status } = run('params', 'list', 'dev');
    expect(stderr).toContain('settings.conf');
    expect(stderr).toMatch(/at loadSettings \(.*stacks\/settings\/index\.ts:\d+:\d+\)/);
    expect(status).toBe(2);
  });

  it('says in which file and line a source cannot be compiled', () => {
    edit('stacks/naming.ts', 'export function prefix', 'export functoin prefix');
    const { stderr, status } = run('--version');
    expect(stderr).toMatch(/stacks\/naming\.ts:\d+:\d+: ERROR/);
    expect(status).not.toBe(0);
  });
});
