import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { PartContent } from './manifest.ts';

/** A file, or a symbolic link, of an archive. */
export interface PackedFile {
  /** Below the archive's folder, with slashes. */
  readonly path: string;
  /** Where it lies. */
  readonly source: string;
  readonly bytes: number;
}

/** One after the other they would wait for the disk, all at once they would run out of handles. */
const AT_ONCE = 16;

/** Content of files, whatever their order, owners and times are. */
export async function hashFiles(files: readonly PackedFile[]): Promise<PartContent> {
  const waiting = [...files];
  const lines: string[] = [];
  const hashers = Array.from({ length: AT_ONCE }, async () => {
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      lines.push(`${file.path}\0${await hashFile(file.source)}\n`);
    }
  });
  await Promise.all(hashers);
  const sha256 = createHash('sha256').update(lines.sort().join('')).digest('hex');
  return { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), sha256 };
}

/** SHA-256 of a file's content, of a symbolic link's target. Hexadecimal. */
export async function hashFile(source: string): Promise<string> {
  const hash = createHash('sha256');
  if ((await lstat(source)).isSymbolicLink()) return hash.update(`link ${await readlink(source)}`).digest('hex');
  await pipeline(createReadStream(source), hash);
  return hash.digest('hex');
}

/**
 * Every file below a folder.
 *
 * @param start - what paths begin with: empty, or with a slash at the end
 * @param skip - folders and files that are left out, by name
 */
export async function filesBelow(
  folder: string,
  start = '',
  skip: (name: string, isFolder: boolean) => boolean = () => false,
): Promise<readonly PackedFile[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found: PackedFile[] = [];
  for (const entry of entries) {
    const [path, source] = [`${start}${entry.name}`, join(folder, entry.name)];
    if (skip(entry.name, entry.isDirectory())) continue;
    if (entry.isDirectory()) found.push(...(await filesBelow(source, `${path}/`, skip)));
    else found.push({ path, source, bytes: (await lstat(source)).size });
  }
  return found;
}
