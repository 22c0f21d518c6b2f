import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('There is no median of nothing.');
  return middle;
}

/** Milliseconds that a command takes as a whole process. */
export async function timeCommand(
  command: string,
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<number> {
  const started = performance.now();
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const errors: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${Buffer.concat(errors)}`);
  return performance.now() - started;
}

/** Starts a server and waits until `url` answers 200. */
export async function startServer(
  command: string,
  args: readonly string[],
  url: string,
  cwd = root,
): Promise<{ readonly child: ChildProcess; readonly readyAfterMs: number }> {
  const started = performance.now();
  const child = spawn(command, args, { cwd, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const errors: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  while (performance.now() - started < 90_000) {
    if (child.exitCode !== null)
      throw new Error(`${command} ${args.join(' ')} ended with ${child.exitCode}: ${Buffer.concat(errors)}`);
    const ready = await fetch(url).then(
      (response) => response.status === 200,
      () => false,
    );
    if (ready) return { child, readyAfterMs: performance.now() - started };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  endServer(child);
  throw new Error(`${command} ${args.join(' ')}: ${url} did not answer 200 within 90 s. ${Buffer.concat(errors)}`);
}

/** Ends a server with everything that it started. */
export function endServer(child: ChildProcess): void {
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
}

/** Resident memory, in MB, of a process and all that it started (Linux only). */
export function residentMegabytes(pid: number): number {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const status = readFileSync(`/proc/${name}/status`, 'utf8');
        const field = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
        return [{ pid: Number(name), parent: field('PPid'), kilobytes: field('VmRSS') }];
      } catch {
        return []; // It ended while we read.
      }
    });
  const family = (of: number): number =>
    processes
      .filter(({ parent }) => parent === of)
      .reduce((sum, child) => sum + child.kilobytes + family(child.pid), 0);
  const own = processes.find((process) => process.pid === pid)?.kilobytes ?? 0;
  return (own + family(pid)) / 1024;
}

/** Prints rows under a heading, aligned. */
export function printTable(heading: string, rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  console.log(`\n${heading}`);
  for (const row of rows)
    console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}
