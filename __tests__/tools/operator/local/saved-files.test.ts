import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { watchSavedFiles } from '#operator/local/watch/saved-files.ts';

const SOURCE = 'functions/greeting/text.ts';

async function watched() {
  const directory = await mkdtemp(join(tmpdir(), 'saved-'));
  const folder = join(directory, 'functions/greeting');
  const save = (content: string) => writeFile(join(directory, SOURCE), content);
  await mkdir(folder, { recursive: true });
  await save('one');
  const saved: string[][] = [];
  const watcher = await watchSavedFiles(directory, (paths) => saved.push([...paths]));
  onTestFinished(async () => {
    await watcher.close();
    await rm(directory, { recursive: true });
  });
  /** Waits for what comes of some work. */
  const after = async (work: () => Promise<unknown>) => {
    const count = saved.length;
    await work();
    await vi.waitUntil(() => saved.length > count, { timeout: 60_000 });
    return saved.at(-1);
  };
  return { folder, save, saved, after };
}

it('hears of a file that is saved, and not of one that is saved as it was (B14)', async () => {
  const { save, saved, after } = await watched();
  await save('one');
  expect(await after(() => save('two'))).toEqual([SOURCE]);
  expect(saved).toHaveLength(1);
});

it('hears of files in a folder that was removed and made again, as a change of branches does (B14)', async () => {
  const { folder, save, after } = await watched();
  expect(await after(() => rm(folder, { recursive: true }))).toEqual([SOURCE]);
  await after(async () => {
    await mkdir(folder);
    await save('two');
  });
  expect(await after(() => save('three'))).toEqual([SOURCE]);
});

it('hears of files in a folder that another has replaced at once (B14)', async () => {
  const { folder, save, after } = await watched();
  await after(async () => {
    await rm(folder, { recursive: true });
    await mkdir(folder);
    await save('two');
  });
  expect(await after(() => save('three'))).toEqual([SOURCE]);
});
