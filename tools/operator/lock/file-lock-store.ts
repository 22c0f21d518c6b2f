import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod/mini';
import { isSameLock, type LockRecord, type LockStore } from './lock-store.ts';

const recordSchema = z.object({
  token: z.string(),
  user: z.string(),
  host: z.string(),
  pid: z.int(),
  begun: z.iso.datetime(),
  expires: z.iso.datetime(),
});

/** A lock in a file, for the processes of one machine. A file that isn't a lock counts as none. */
export function fileLockStore(file: string): LockStore {
  return { read: () => read(file), replace: (expected, next) => replace(file, expected, next) };
}

/**
 * A rename takes the file away from everybody else, for only one of two renames finds it; a link puts one there only where there is none.
 * What was taken by mistake, as it changed after it was read, is put back.
 */
async function replace(file: string, expected: LockRecord | undefined, next: LockRecord | undefined): Promise<boolean> {
  await mkdir(dirname(file), { recursive: true });
  if (!isSameLock(await read(file), expected)) return false;
  if (expected === undefined && next !== undefined) {
    if (await put(file, next)) return true;
    // Somebody was faster, unless what lies there is no lock.
    if ((await read(file)) !== undefined) return false;
  }
  const taken = `${file}.taken-${process.pid}-${counter++}`;
  if (!(await succeeds(rename(file, taken), 'ENOENT'))) return expected === undefined && next === undefined;
  try {
    const found = await read(taken);
    const wanted = isSameLock(found, expected) ? next : found;
    const isPut = wanted === undefined || (await put(file, wanted));
    return wanted === next && isPut;
  } finally {
    await rm(taken, { force: true });
  }
}

let counter = 0;

/** @returns false where there is one already */
async function put(file: string, record: LockRecord): Promise<boolean> {
  const made = `${file}.made-${process.pid}-${counter++}`;
  await writeFile(made, JSON.stringify(record));
  try {
    return await succeeds(link(made, file), 'EEXIST');
  } finally {
    await rm(made);
  }
}

async function read(file: string): Promise<LockRecord | undefined> {
  try {
    return recordSchema.safeParse(JSON.parse(await readFile(file, 'utf8'))).data;
  } catch (error) {
    if (error instanceof SyntaxError || isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** @returns false for the one error that is foreseen */
async function succeeds(work: Promise<void>, code: string): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (isCode(error, code)) return false;
    throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
