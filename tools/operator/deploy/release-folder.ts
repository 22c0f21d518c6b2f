import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** `release-PID-…`: whose it is says whether anybody still works in it. */
const NAME = /^release-(\d+)-/;

/**
 * Works in a folder of its own below `.two-region`, which is gone afterwards: when the work ends or fails, and when a signal ends the process,
 * which it then does with the usual exit code. What a killed command has left there goes first.
 *
 * @param endsOnSignals - `false`: somebody else takes signals, and ends the work. @default true
 */
export async function inReleaseFolder<T>(
  directory: string,
  work: (folder: string) => Promise<T>,
  { endsOnSignals = true }: { readonly endsOnSignals?: boolean } = {},
): Promise<T> {
  const parent = join(directory, '.two-region');
  await mkdir(parent, { recursive: true });
  await removeAbandoned(parent);
  const folder = await mkdtemp(join(parent, `release-${process.pid}-`));
  const interrupted = (signal: NodeJS.Signals) => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of endsOnSignals ? SIGNALS : []) process.once(signal, interrupted);
  try {
    return await work(folder);
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupted);
    await rm(folder, { recursive: true, force: true });
  }
}

async function removeAbandoned(parent: string): Promise<void> {
  const names = await readdir(parent);
  const abandoned = names.filter((name) => name.startsWith('release-') && !isAtWork(Number(NAME.exec(name)?.[1])));
  await Promise.all(abandoned.map((name) => rm(join(parent, name), { recursive: true, force: true })));
}

function isAtWork(pid: number): boolean {
  if (!Number.isInteger(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is somebody else's, and there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
