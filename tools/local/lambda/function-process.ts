import { type ChildProcess, spawn } from 'node:child_process';
import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Duplex, type Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { MAX_PAYLOAD_BYTES } from '#functions/lambda-payload.ts';
import type { Door } from '#local/debug/doors.ts';
import { LOOPBACK } from '#local/http/listen.ts';
import type { ProcessEnd } from './invoke-result.ts';
import { endWithRuntime } from './reaper.ts';

/** Lambda takes 100 bytes more of a response than of an event, as its error message says. */
const MAX_RESPONSE_BYTES = MAX_PAYLOAD_BYTES + 100;

export const DEBUGGER_MB = 512;

/** What an execution environment runs. */
export interface Program {
  /** Folder or file. */
  readonly source: string;
  /** Why there is no code to run. */
  readonly missing?: string;
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
  /** The whole environment of the process. */
  readonly variables: (taskRoot: string) => Record<string, string>;
  /** @default - no debugger may come */
  readonly debugged?: DebuggedProgram;
}

/** A program that debuggers may look into. */
export interface DebuggedProgram {
  readonly door: Door;
  /** Whether it waits for one before the function is loaded. */
  readonly waits: boolean;
  /** Of the package's `index.js`. @returns a URL; undefined where there is none */
  readonly sourceMapUrl: (taskRoot: string) => string | undefined;
}

/** A started process with its channel. */
export interface FunctionProcess {
  readonly pid: number | undefined;
  write(text: string): void;
  kill(): void;
}

const bootstrap = fileURLToPath(new URL('./bootstrap/bootstrap.mjs', import.meta.url));
/** Preloaded, which the function's worker threads take over. */
const networkGuard = fileURLToPath(new URL('./bootstrap/network-guard.cjs', import.meta.url));

/**
 * Starts the bootstrap in a process of its own.
 *
 * @param on.line - a line of the channel
 * @param on.output - what was written past `process.stdout` and `process.stderr`, by V8 for example
 * @param on.ending - at the first sign that it ends
 * @param on.end - once, after the last line
 */
export function startFunctionProcess(
  program: Program,
  taskRoot: string,
  on: {
    readonly line: (line: string) => void;
    readonly output: (line: string) => void;
    readonly ending: () => void;
    readonly end: (end: ProcessEnd) => void;
  },
): FunctionProcess {
  const { debugged } = program;
  const inspected = debugged ? [`--inspect${debugged.waits ? '-brk' : ''}=${LOOPBACK}:0`] : [];
  // A debugger takes memory, too.
  const heapMb = Math.floor(program.memoryMb * 0.9) + (debugged ? DEBUGGER_MB : 0);
  const flags = [`--max-old-space-size=${heapMb}`, '--require', networkGuard, ...inspected];
  const options = [program.timeoutSeconds * 1000, MAX_RESPONSE_BYTES].map(String);
  if (debugged) options.push(debugged.sourceMapUrl(taskRoot) ?? 'none');
  const child = spawn(process.execPath, [...flags, bootstrap, ...options], {
    cwd: taskRoot,
    env: program.variables(taskRoot),
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // Not detached: Linux shares the processor between sessions first, which under load slows a session of its own down to a fifth.
    windowsHide: true,
  });
  const forget = child.pid === undefined ? undefined : endWithRuntime(child.pid);
  const channel = duplexOf(child);
  let pending = '';
  let open = 2;
  let end: ProcessEnd | undefined;
  const partEnded = () => {
    open -= 1;
    on.ending();
    if (open === 0 && end) on.end(end);
  };
  child.once('error', (error) => {
    if (child.pid !== undefined) return;
    end = { error };
    open = 1;
    partEnded();
  });
  child.once('exit', (code, signal) => {
    end = { code, signal };
    forget?.();
    partEnded();
  });
  // An ended process breaks the pipe; that it ended is reported above.
  channel?.on('error', () => {});
  channel?.once('close', partEnded);
  if (channel) readLines(channel, on.line);
  if (child.stdout) readLines(child.stdout, on.output);
  if (child.stderr) readLines(child.stderr, debugged ? withoutInspector(debugged.door, child, on.output) : on.output);
  const flush = () => {
    channel?.write(pending);
    pending = '';
  };
  return {
    pid: child.pid,
    // What one turn of the event loop sends goes out in one system call, which may have to wake the process.
    write(text) {
      if (pending === '') setImmediate(flush);
      pending += text;
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

/** What Node.js says of its inspector is no output of the function. */
const INSPECTOR_LINE =
  /^(?:Debugger (?:attached|listening on|ending on)|For help, see: https:\/\/nodejs\.org\/|Waiting for the debugger to disconnect)/;

function withoutInspector(door: Door, child: ChildProcess, onLine: (line: string) => void): (line: string) => void {
  return (line) => {
    const port = /^Debugger listening on ws:\/\/[^/]+:(\d+)\//.exec(line)?.[1];
    if (port !== undefined) {
      door.lead(Number(port));
      child.once('exit', () => door.leave(Number(port)));
    }
    if (!INSPECTOR_LINE.test(line)) onLine(line);
  };
}

function duplexOf(child: ChildProcess): Duplex | undefined {
  const stream = child.stdio[3];
  return stream instanceof Duplex ? stream : undefined;
}

/** Calls `onLine` for each line of UTF-8 text, without its end; at the end of the stream for what is left. */
function readLines(stream: Readable, onLine: (line: string) => void): void {
  stream.setEncoding('utf8');
  let rest = '';
  stream.on('data', (chunk: string) => {
    let start = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
      const line = rest + chunk.slice(start, end);
      rest = '';
      start = end + 1;
      onLine(line);
    }
    rest += chunk.slice(start);
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}

/**
 * Where Lambda would unpack the package of `source`, a folder or a single file.
 *
 * @returns absolute folder without symbolic links; undefined when there is nothing at `source`
 */
export function taskRootOf(source: string): string | undefined {
  const stats = statSync(source, { throwIfNoEntry: false });
  if (!stats) return undefined;
  return realpathSync(stats.isDirectory() ? source : dirname(source));
}
