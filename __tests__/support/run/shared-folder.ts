import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** What test files of one run share. */
    readonly sharedFolder: string;
  }
}

/** vitest's `globalSetup`: a folder for the run, which goes with it. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'two-region-tests-'));
  const empty = () => rm(folder, { recursive: true, force: true });
  project.provide('sharedFolder', folder);
  project.onTestsRerun(empty);
  return empty;
}

/**
 * A folder that one test file fills and all the others of the run read.
 *
 * @param key - what its content is made of, beside the sources
 * @param fill - writes into a folder that nobody else sees before it is full
 */
export async function sharedFolder(key: unknown, fill: (folder: string) => Promise<void>): Promise<string> {
  const name = createHash('sha256').update(JSON.stringify(key)).digest('hex');
  const folder = join(inject('sharedFolder'), name);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${randomUUID()}`;
  await mkdir(draft, { recursive: true });
  await fill(draft);
  // Another worker may have been first: what it made is the same.
  await rename(draft, folder).catch(() => rm(draft, { recursive: true }));
  return folder;
}
