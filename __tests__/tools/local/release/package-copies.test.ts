import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LocalModel } from '#local/model/model.ts';
import { packageCopies } from '#local/release/package-copies.ts';
import { twoRegions } from '#tests/tools/local/support/two-regions.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packages-'));
  await writeFile(join(folder, 'index.js'), 'one');
});
afterEach(() => rm(folder, { recursive: true }));

const sourceOf = ({ regions }: LocalModel) => regions.primary.functions[0]?.source ?? '';

it('B13: a release keeps its code when the folder that it came from changes or goes; equal packages share one copy', async () => {
  const directory = join(folder, 'copies');
  const copies = packageCopies(directory);
  const source = await mkdtemp(join(folder, 'synthesized-'));
  await writeFile(join(source, 'index.js'), 'one');
  const frozen = await copies.freeze(twoRegions(source));
  await rm(source, { recursive: true });
  expect(await readFile(join(sourceOf(frozen), 'index.js'), 'utf8')).toBe('one');
  expect(frozen.regions.secondary.functions[0]?.source).toBe(sourceOf(frozen));
  expect(await readdir(directory)).toHaveLength(1);
  await copies.remove();
  await expect(stat(directory)).rejects.toThrow('ENOENT');
});

it('B13: a package that is one file stays one, beside nothing else', async () => {
  const frozen = await packageCopies(join(folder, 'copies')).freeze(twoRegions(join(folder, 'index.js')));
  expect(sourceOf(frozen)).toMatch(/index\.js$/);
  expect(await readFile(sourceOf(frozen), 'utf8')).toBe('one');
});

it('B13: a package that is not there refuses the release, and the next one is tried afresh', async () => {
  const copies = packageCopies(join(folder, 'copies'));
  const file = join(folder, 'index.js');
  await expect(copies.freeze(twoRegions(join(folder, 'none')))).rejects.toThrow('ENOENT');
  expect(sourceOf(await copies.freeze(twoRegions(file)))).not.toBe(file);
});
