import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, rmSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { RefusedError } from '#operator/cli/errors.ts';

/** The archiver of macOS, Linux and, since 2018, Windows. */
const TAR = 'tar';

/** Providers are most of it, and a higher level takes three times as long for a tenth less. */
const LEVEL = 3;

/** @returns its first line; undefined where there is none */
export function tarVersion(): string | undefined {
  const { status, stdout } = spawnSync(TAR, ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.split('\n', 1)[0] : undefined;
}

/**
 * Writes an archive as a stream: whatever its size, a few megabytes are held. A half-written one never has the archive's name.
 *
 * @param paths - files and symbolic links below `folder`, with slashes; folders on their way may be links
 * @param onBytes - hears how many bytes have gone in so far
 * @throws RefusedError in tar's words
 */
export async function writeArchive(
  archive: string,
  folder: string,
  paths: readonly string[],
  onBytes: (bytes: number) => void,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const draft = draftOf(archive);
  const hash = createHash('sha256');
  let [read, written] = [0, 0];
  // What macOS would add is no file of the project.
  const environment = { ...process.env, COPYFILE_DISABLE: '1' };
  const tar = spawn(TAR, ['-c', '-f', '-', '-C', folder, '-T', '-'], { env: environment });
  const ended = new Promise<number>((resolve, reject) =>
    tar.once('error', reject).once('close', (code) => resolve(code ?? 1)),
  );
  const errors = text(tar.stderr);
  // Where tar ends early, its own words say why.
  tar.stdin.on('error', () => undefined).end(`${paths.join('\n')}\n`);
  const counted = new Transform({
    transform: (chunk: Buffer, _, done) => {
      read += chunk.length;
      onBytes(read);
      done(null, chunk);
    },
  });
  const hashed = new Transform({
    transform: (chunk: Buffer, _, done) => {
      written += chunk.length;
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    await pipeline(tar.stdout, counted, createGzip({ level: LEVEL }), hashed, createWriteStream(draft));
    if ((await ended) !== 0) throw new RefusedError(`tar could not pack it: ${(await errors).trim()}`);
    await rename(draft, archive);
    return { bytes: written, sha256: hash.digest('hex') };
  } finally {
    tar.kill();
    await rm(draft, { force: true });
  }
}

/** What an archive is called until it is whole. */
export function draftOf(archive: string): string {
  return `${archive}.part`;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Works in a temporary folder, of some hundred megabytes before long, which is gone afterwards: when the work ends or fails, and when a signal ends the
 * process, which it then does with the usual exit code.
 *
 * @param drafts - files that are not to be left by a signal, either
 */
export async function inTemporaryFolder<T>(
  work: (folder: string) => Promise<T>,
  drafts: readonly string[] = [],
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'two-region-pack-'));
  const interrupted = (signal: NodeJS.Signals) => {
    for (const path of [folder, ...drafts]) rmSync(path, { recursive: true, force: true });
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of SIGNALS) process.once(signal, interrupted);
  try {
    return await work(folder);
  } finally {
    for (const signal of SIGNALS) process.off(signal, interrupted);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Unpacks an archive. @throws RefusedError in tar's words */
export async function unpackArchive(archive: string, folder: string): Promise<void> {
  const tar = spawn(TAR, ['-x', '-z', '-o', '-f', archive, '-C', folder], { stdio: ['ignore', 'ignore', 'pipe'] });
  const errors = text(tar.stderr);
  const code = await new Promise<number | null>((resolve, reject) => tar.once('error', reject).once('close', resolve));
  if (code !== 0) throw new RefusedError(`tar could not unpack ${archive}: ${(await errors).trim()}`);
}
