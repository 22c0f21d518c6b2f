import { createHash } from 'node:crypto';
import { type FSWatcher, watch } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Service } from '#local/http/listen.ts';

/** Files of the project's own folder that what is served is made of. */
const ROOT_FILES = ['main.ts', 'settings.conf', 'package-lock.json'];

/** Folders of sources, with all below them. */
const FOLDERS = ['client', 'constructs', 'functions', 'stacks'];

/** So long nothing else is saved: an editor writes a file in several steps, and git many files at once. */
const QUIET_MILLISECONDS = 10;

/**
 * Watches the sources of a project. What is saved at about the same time comes in one call; what has the same content as before does not count.
 *
 * @param onSaved - hears paths relative to the project's folder, and when the first of them was written, by `performance.now()`
 */
export async function watchSavedFiles(
  directory: string,
  onSaved: (paths: readonly string[], since: number) => void,
): Promise<Service> {
  const contents = new Map<string, string>();
  const watchers = new Map<string, FSWatcher>();
  const touched = new Set<string>();
  let since = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const contentOf = async (path: string) =>
    readFile(join(directory, path)).then(
      (content) => createHash('sha256').update(content).digest('hex'),
      () => 'none',
    );
  const settle = async () => {
    const paths = [...touched];
    touched.clear();
    const found = await Promise.all(paths.map(async (path) => [path, await contentOf(path)] as const));
    const changed = found.filter(([path, content]) => (contents.get(path) ?? 'none') !== content);
    for (const [path, content] of changed) contents.set(path, content);
    if (changed.length > 0 && !closed) onSaved(changed.map(([path]) => path).sort(), since);
  };
  const touch = (path: string) => {
    if (touched.size === 0) since = performance.now();
    touched.add(path);
    clearTimeout(timer);
    timer = setTimeout(() => void settle(), QUIET_MILLISECONDS);
  };
  const watchFolder = (folder: string, isWanted: (name: string) => boolean): void => {
    if (closed || watchers.has(folder)) return;
    const watcher = watch(join(directory, folder), (event, name) => {
      if (name === null || !isWanted(name)) return;
      const path = join(folder, name);
      touch(path);
      if (folder === '') return;
      // It may be a folder, with files in it already.
      look(path);
      // So it says, too, that the folder itself is gone; one that comes in its place is another.
      if (event !== 'rename' || name !== basename(folder)) return;
      close(folder);
      look(folder);
    });
    // A folder that is removed is watched no longer.
    watcher.on('error', () => close(folder));
    watchers.set(folder, watcher);
  };
  const close = (folder: string) => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const enter = async (folder: string, isNew: boolean): Promise<void> => {
    const path = join(directory, folder);
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (!isFolder) return;
    // First: what comes into it meanwhile is heard of, or listed.
    watchFolder(folder, () => true);
    for (const entry of await readdir(path, { withFileTypes: true })) {
      const inside = join(folder, entry.name);
      if (entry.isDirectory()) await enter(inside, isNew);
      else if (isNew) touch(inside);
      else contents.set(inside, await contentOf(inside));
    }
  };
  /** It may be gone again. */
  const look = (folder: string) => void enter(folder, true).catch(() => undefined);

  for (const file of ROOT_FILES) contents.set(file, await contentOf(file));
  watchFolder('', (name) => ROOT_FILES.includes(name));
  for (const folder of FOLDERS) await enter(folder, false);
  return {
    close: async () => {
      closed = true;
      clearTimeout(timer);
      for (const folder of [...watchers.keys()]) close(folder);
    },
  };
}
