import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const operator = fileURLToPath(new URL('../../../../tools/operator', import.meta.url));
let copy = '';
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'two-region-requirements-'));
  cpSync(operator, join(copy, 'tools/operator'), { recursive: true });
});
afterEach(() => rmSync(copy, { recursive: true }));

function statusOf(engine: string) {
  writeFileSync(join(copy, 'package.json'), JSON.stringify({ type: 'module', engines: { node: engine } }));
  const args = [join(copy, 'tools/operator/two-region.mjs'), 'status', 'dev'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, stdout, lines: stderr.trimEnd().split('\n') };
}

describe('the requirements of every command', () => {
  it('refuse a Node.js that is too old, in two lines, exit code 2', () => {
    expect(statusOf('>=99.1')).toEqual({
      status: 2,
      stdout: '',
      lines: [
        `This is Node.js ${process.versions.node}; the project needs 99.1 or newer.`,
        expect.stringContaining('Install a newer one'),
      ],
    });
  });

  it('refuse a folder without its packages, in two lines, exit code 2', () => {
    mkdirSync(join(copy, 'node_modules'));
    expect(statusOf('>=20.19')).toEqual({
      status: 2,
      stdout: '',
      lines: ["The project's packages are not installed.", expect.stringContaining('npm ci')],
    });
  });

  it.each(['two-region.mjs', 'requirements.mjs'])('are said by what Node.js 12 understands: %s', async (file) => {
    const text = readFileSync(join(operator, file), 'utf8');
    const plain = { minifyWhitespace: true, legalComments: 'none' } as const;
    const [modern, old] = await Promise.all(
      ['esnext', 'node12'].map((target) =>
        transform(text, { ...plain, target, supported: { 'dynamic-import': true } }),
      ),
    );
    expect(old?.code).toBe(modern?.code);
  });
});
