import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keptSynthesis } from '#operator/terraform/kept-synthesis.ts';
import { loadSettings } from '#stacks/settings/index.ts';

const FOLDERS = ['client', 'constructs', 'container', 'functions', 'stacks', 'tools/operator/terraform'];
const STACK = { name: 'dev-data', synthesizedStackPath: 'stacks/dev-data/cdk.tf.json' };

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kept-synthesis-'));
  for (const folder of FOLDERS) await save(`${folder}/code.ts`, 'old');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

/** Saves a file of the code, long ago unless said otherwise. @param time - seconds since 1970 */
async function save(path: string, content: string, time = 1): Promise<void> {
  const file = join(root, path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, content);
  await utimes(file, time, time);
}

let made = 0;
/** Synthesizes into a folder of the project. @returns what the stack says */
async function synthesize(outdir: string, { stage = 'dev', meanwhile = async () => {} } = {}) {
  const folder = join(root, outdir);
  await mkdir(folder, { recursive: true });
  const make = async () => {
    made += 1;
    await mkdir(join(folder, 'stacks/dev-data'), { recursive: true });
    await writeFile(join(folder, STACK.synthesizedStackPath), `made ${made}`);
    await meanwhile();
    return [STACK];
  };
  const stacks = await keptSynthesis({ settings: loadSettings('settings.conf'), stage }, folder, make, root);
  expect(stacks).toEqual([STACK]);
  return readFile(join(folder, STACK.synthesizedStackPath), 'utf8');
}

describe('a synthesis for the local runtime (B14)', () => {
  it('is kept as long as settings and code are as they were, and takes the place of another', async () => {
    const first = await synthesize('one');
    await save('two/stacks/dev-gone/cdk.tf.json', 'another');
    expect(await synthesize('two')).toBe(first);
    expect(await readdir(join(root, 'two/stacks'))).toEqual(['dev-data']);
    expect(await synthesize('one', { stage: 'prod' })).not.toBe(first);
    expect(await synthesize('one')).toBe(first);
    vi.stubEnv('CDKTF_CONTEXT_JSON', '{"excludeStackIdFromLogicalIds":"true"}');
    expect(await synthesize('one')).not.toBe(first);
  });

  it.each(FOLDERS)('is made again when a file of %s is saved, comes or goes', async (folder) => {
    const seen = new Set([await synthesize('out')]);
    await save(`${folder}/code.ts`, 'new', 2);
    seen.add(await synthesize('out'));
    await save(`${folder}/below/more.ts`, 'more');
    seen.add(await synthesize('out'));
    await rm(join(root, folder, 'code.ts'));
    seen.add(await synthesize('out'));
    expect(seen.size).toBe(4);
  });

  it('is not kept when code is saved while it is made, or has a time that is to come', async () => {
    const during = await synthesize('out', { meanwhile: () => save('stacks/code.ts', 'new', 2) });
    await save('stacks/code.ts', 'old');
    const after = await synthesize('out');
    expect(after).not.toBe(during);
    await save('stacks/code.ts', 'old', 4_000_000_000);
    expect(await synthesize('out')).not.toBe(await synthesize('out'));
  });

  it('keeps nothing of one that fails', async () => {
    const failing = synthesize('out', { meanwhile: () => Promise.reject(new Error('a mistake')) });
    await expect(failing).rejects.toThrow('a mistake');
    const before = made;
    await synthesize('out');
    expect(made).toBe(before + 1);
  });
});
