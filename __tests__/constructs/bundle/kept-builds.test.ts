import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepBuild, keptBuildOf } from '#constructs/bundle/kept-builds.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kept-builds-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A source that was saved long ago, and the bundle that was made of it. */
async function built() {
  const source = join(folder, 'source.ts');
  await writeFile(source, 'one');
  await utimes(source, 1, 1);
  const path = join(folder, 'bundle');
  await mkdir(path);
  await writeFile(join(path, 'index.js'), 'three');
  const bundle = { name: `kept-${randomUUID()}`, path, sha256: 'hash', bytes: 5, inputs: [relative(root, source)] };
  const keep = (began: number) => keepBuild([bundle], began);
  return { source, bundle, keep, kept: () => keptBuildOf([bundle.name]) };
}

describe('a build of functions', () => {
  it('is kept as long as what it read and what it wrote is as it was', async () => {
    const { source, bundle, keep, kept } = await built();
    expect(await kept()).toBeUndefined();
    await keep(Date.now() + 60_000);
    expect(await kept()).toEqual([bundle]);
    await utimes(source, 2, 2);
    expect(await kept()).toBeUndefined();
    await utimes(source, 1, 1);
    expect(await kept()).toEqual([bundle]);
    await writeFile(join(bundle.path, 'index.js'), 'fourteen');
    expect(await kept()).toBeUndefined();
  });

  it('is made again when a source is gone, or has another size at the same time of change', async () => {
    const { source, bundle, keep, kept } = await built();
    await keep(Date.now() + 60_000);
    await writeFile(source, 'other');
    await utimes(source, 1, 1);
    expect(await kept()).toBeUndefined();
    await writeFile(source, 'two');
    await utimes(source, 1, 1);
    expect(await kept()).toEqual([bundle]);
    await rm(source);
    expect(await kept()).toBeUndefined();
  });

  it('is not kept when a source was saved after it began', async () => {
    const { source, keep, kept } = await built();
    await utimes(source, 4_000_000_000, 4_000_000_000);
    await keep(Date.now());
    expect(await kept()).toBeUndefined();
  });
});
