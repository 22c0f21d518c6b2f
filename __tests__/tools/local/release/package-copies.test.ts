import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LocalModel, PackedCode, RegionModel } from '#local/model/model.ts';
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

function packed(source: string, code: PackedCode): LocalModel {
  const model = twoRegions(source);
  const { primary, secondary } = model.regions;
  const withCode = (region: RegionModel): RegionModel => ({
    ...region,
    functions: region.functions.map((each) => ({ ...each, packed: code, codeSha256: 'cGFja2Vk' })),
  });
  return { ...model, regions: { primary: withCode(primary), secondary: withCode(secondary) } };
}

it('zip files and archives of contents are unpacked before the start; what lies in a folder runs where it is', async () => {
  const zip = join(folder, 'a.zip');
  await writeFile(zip, zipSync({ 'index.js': strToU8('zipped'), 'lib/': strToU8(''), 'lib/b.js': strToU8('b') }));
  const copies = packageCopies(join(folder, 'copies'));
  const unpacked = await copies.unpack(packed(zip, { zip }));
  expect(await readFile(join(sourceOf(unpacked), 'index.js'), 'utf8')).toBe('zipped');
  expect(await readFile(join(sourceOf(unpacked), 'lib/b.js'), 'utf8')).toBe('b');
  expect(unpacked.regions.secondary.functions[0]?.source).toBe(sourceOf(unpacked));
  expect(sourceOf(await copies.freeze(unpacked))).toBe(sourceOf(unpacked));
  const files = [
    { name: 'index.js', content: 'inline' },
    { name: 'deep/er.js', copyOf: join(folder, 'index.js') },
  ];
  const written = sourceOf(await packageCopies(join(folder, 'others')).unpack(packed(folder, { files })));
  expect(await readFile(join(written, 'index.js'), 'utf8')).toBe('inline');
  expect(await readFile(join(written, 'deep/er.js'), 'utf8')).toBe('one');
});

it('a name in a zip file that leads out of its folder is left out', async () => {
  const zip = join(folder, 'b.zip');
  const outside = { '../out.js': strToU8('x'), 'a/../../out.js': strToU8('x'), '/out.js': strToU8('x') };
  await writeFile(zip, zipSync({ ...outside, 'in.js': strToU8('y') }));
  const unpacked = await packageCopies(join(folder, 'copies')).unpack(packed(zip, { zip }));
  expect(await readdir(sourceOf(unpacked))).toEqual(['in.js']);
  expect(await readdir(join(folder, 'copies'))).toHaveLength(1);
});

it('a file that is no zip is an error that names it; a package that nobody has is left as it is', async () => {
  const broken = packed(join(folder, 'index.js'), { zip: join(folder, 'index.js') });
  await expect(packageCopies(join(folder, 'copies')).unpack(broken)).rejects.toThrow(
    `The package of healthcheck, ${join(folder, 'index.js')}, is no zip file`,
  );
  const missing = packed('s3://bucket/key', { missing: 'No package' });
  expect(sourceOf(await packageCopies(join(folder, 'copies')).freeze(missing))).toBe('s3://bucket/key');
});
