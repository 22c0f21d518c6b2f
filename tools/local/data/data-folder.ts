import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from './data-error.ts';
import { type Change, Journal } from './journal.ts';

/** What one service keeps between runs. */
export type Kept = Pick<Journal, 'forget' | 'keep' | 'read'>;

/** Of a runtime that keeps nothing. */
export const NOTHING_KEPT: Kept = {
  read: () => new Map(),
  forget: () => {},
  keep: (_changes: readonly Change[]) => {},
};

/** A folder that holds what a stage's services keep between runs: a file for each. */
export interface DataFolder {
  readonly path: string;
  /** What a service keeps, the same for whoever asks. @throws DataError for a file that is damaged or another stage's */
  open(service: string): Kept;
  close(): Promise<void>;
}

const fileOf = (folder: string, service: string): string => join(folder, `${service}.journal`);

/**
 * Opens the folder, which is made where there is none, for one runtime alone.
 *
 * @throws DataError when another runtime has it
 */
export function openDataFolder(path: string, stage: string): DataFolder {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const release = claim(path);
  const journals = new Map<string, Journal>();
  return {
    path,
    open: (service) => {
      const journal = journals.get(service) ?? new Journal(fileOf(path, service), { service, stage });
      journals.set(service, journal);
      return journal;
    },
    close: async () => {
      for (const journal of journals.values()) journal.close();
      release();
    },
  };
}

/**
 * Deletes what is kept in a folder, damaged or not; other files stay.
 *
 * @param services - whose
 * @throws DataError when a runtime has it
 */
export function deleteKeptData(path: string, services: readonly string[]): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const release = claim(path);
  for (const service of services) rmSync(fileOf(path, service), { force: true });
  release();
}

/** A file with this process's number, which nobody else may make while the process lives. */
function claim(folder: string): () => void {
  const lock = join(folder, 'lock');
  const owner = ownerOf(lock);
  if (owner !== undefined && owner !== process.pid && isAlive(owner)) {
    throw new DataError(
      `${folder} is in use: process ${owner} has ${lock}. End that runtime, or give this one another folder.`,
    );
  }
  rmSync(lock, { force: true });
  const descriptor = openSync(lock, 'wx', 0o600);
  writeSync(descriptor, String(process.pid));
  closeSync(descriptor);
  return () => rmSync(lock, { force: true });
}

function ownerOf(lock: string): number | undefined {
  try {
    return Number(readFileSync(lock, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

/** Whether a process of that number lives. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
