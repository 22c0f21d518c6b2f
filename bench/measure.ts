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

/**
 * Starts a server and waits until `url` answers 200.
 *
 * @param options.init - of the request; a GET unless it says otherwise
 */
export async function startServer(
  command: string,
  args: readonly string[],
  url: string,
  { cwd = root, init }: { readonly cwd?: string | undefined; readonly init?: RequestInit } = {},
): Promise<{ readonly child: ChildProcess; readonly readyAfterMs: number }> {
  const started = performance.now();
  const child = spawn(command, args, { cwd, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  const errors: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  while (performance.now() - started < 90_000) {
    if (child.exitCode !== null)
      throw new Error(`${command} ${args.join(' ')} ended with ${child.exitCode}: ${Buffer.concat(errors)}`);
    const ready = await fetch(url, init).then(
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
  return sumOfFamily(pid, ({ residentPages }) => residentPages) * (4096 / 1024 ** 2);
}

/** Resident memory, in MB, of a process alone (Linux only). */
export function ownResidentMegabytes(pid: number): number {
  return (readProcess(String(pid))[0]?.residentPages ?? 0) * (4096 / 1024 ** 2);
}

/** Processor time, in ms, that a process and all that it started have used so far (Linux only); to a hundredth of a second. */
export function cpuMilliseconds(pid: number | undefined): number {
  return pid === undefined ? 0 : sumOfFamily(pid, ({ ticks }) => ticks) * 10;
}

interface ProcessFigures {
  readonly pid: number;
  readonly parent: number;
  readonly residentPages: number;
  /** Of user and system time, ended children included. */
  readonly ticks: number;
}

function sumOfFamily(pid: number, figure: (process: ProcessFigures) => number): number {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(readProcess);
  const sum = (of: number): number =>
    processes
      .filter(({ pid, parent }) => pid === of || parent === of)
      .reduce((total, process) => total + (process.pid === of ? figure(process) : sum(process.pid)), 0);
  return sum(pid);
}

/** Source: proc_pid_stat(5); fields are counted from the one behind the name, which may hold blanks. */
function readProcess(name: string): ProcessFigures[] {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    const field = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    const at = (index: number) => field[index] ?? 0;
    const ticks = at(11) + at(12) + at(13) + at(14);
    return [{ pid: Number(name), parent: at(1), residentPages: at(21), ticks }];
  } catch {
    return []; // It ended while we read.
  }
}

/** Prints rows under a heading, aligned. */
export function printTable(heading: string, rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  console.log(`\n${heading}`);
  for (const row of rows)
    console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}
