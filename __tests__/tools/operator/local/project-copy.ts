import { type ChildProcess, spawn } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** What the command line and a synthesis need, besides settings. */
const PARTS = [
  'client',
  'constructs',
  'container',
  'functions',
  'stacks',
  'tools',
  '.terraform.lock.hcl',
  'main.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

/** This project in a folder of its own, whose sources may be changed, and the local runtime that runs in it. */
export interface ProjectCopy {
  readonly directory: string;
  /** Of the REST API's public name. */
  readonly entry: string;
  /** Of the HTTP API's. */
  readonly httpEntry: string;
  readonly apiKey: string;
  /** Changes a file in its place. @throws Error where it does not hold the text */
  edit(path: string, text: string, other: string): Promise<void>;
  /** Resolves with the first line on stderr, from now on, that matches. */
  line(pattern: RegExp): Promise<string>;
  close(): Promise<void>;
}

/** Starts the local runtime in a copy of this project. @param flags - of `two-region local` */
export async function startProjectCopy(...flags: readonly string[]): Promise<ProjectCopy> {
  const directory = await mkdtemp(join(tmpdir(), 'project-'));
  for (const part of PARTS) await cp(join(root, part), join(directory, part), { recursive: true });
  await cp('settings.conf', join(directory, 'settings.conf'));
  await symlink(join(root, 'node_modules'), join(directory, 'node_modules'));
  const child = spawn(process.execPath, ['tools/operator/two-region.mjs', 'local', '--port', '0', '--json', ...flags], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const close = async () => {
    child.kill('SIGINT');
    await ended;
    await rm(directory, { recursive: true, force: true });
  };
  const waiting = new Set<(line: string) => void>();
  const said: string[] = [];
  listen(child, (line) => {
    said.push(line);
    for (const each of waiting) each(line);
  });
  const summary = await new Promise<string>((resolve, reject) => {
    child.stdout?.setEncoding('utf8').once('data', resolve);
    child.once('close', () => reject(new Error(said.join('\n'))));
  }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const { entry, httpEntry, apiKey }: { entry: string; httpEntry: string; apiKey: string } = JSON.parse(summary);
  return {
    directory,
    entry,
    httpEntry,
    apiKey,
    edit: async (path, text, other) => {
      const file = join(directory, path);
      const before = await readFile(file, 'utf8');
      if (!before.includes(text)) throw new Error(`${path} does not hold ${text}.`);
      await writeFile(file, before.replace(text, other));
    },
    line: (pattern) =>
      new Promise((resolve) => {
        const look = (line: string) => {
          if (!pattern.test(line)) return;
          waiting.delete(look);
          resolve(line);
        };
        waiting.add(look);
      }),
    close,
  };
}

function listen({ stderr }: ChildProcess, onLine: (line: string) => void): void {
  let rest = '';
  stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(onLine);
  });
}
