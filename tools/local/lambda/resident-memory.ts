import { readFileSync } from 'node:fs';

/**
 * What a process has in memory without the files it maps, which is what counts against a container's limit.
 *
 * @returns megabytes; undefined where there is no `/proc` or the process has ended
 */
export function residentMemoryMb(pid: number | undefined): number | undefined {
  try {
    const kilobytes = /^RssAnon:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
  } catch {
    return undefined;
  }
}
