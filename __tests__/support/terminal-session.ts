import { stripVTControlCharacters } from 'node:util';
import { type IPty, spawn } from '@lydell/node-pty';

export interface SessionOptions {
  readonly directory?: string;
  /** Beside this process's own; `undefined` takes a variable away. */
  readonly environment?: NodeJS.ProcessEnv;
}

export const CTRL_C = '\u0003';
export const ENTER = '\r';

/** A command at a terminal of its own, as a person would use it. */
export class TerminalSession {
  readonly #pty: IPty;
  readonly #exited: Promise<number>;
  readonly #watchers = new Set<() => void>();
  #hasEnded = false;
  #raw = '';
  /** How much of the output has been waited for. */
  #seen = 0;

  constructor(command: string, args: readonly string[], { directory, environment }: SessionOptions = {}) {
    const env = Object.entries({ ...process.env, NO_COLOR: undefined, CI: undefined, ...environment });
    this.#pty = spawn(command, [...args], {
      name: 'xterm-256color',
      cols: 160,
      rows: 50,
      cwd: directory ?? process.cwd(),
      env: Object.fromEntries(env.filter(([, value]) => value !== undefined)),
    });
    this.#pty.onData((data) => {
      this.#raw += data;
      this.#tell();
    });
    this.#exited = new Promise((resolve) => {
      this.#pty.onExit(({ exitCode }) => {
        this.#hasEnded = true;
        this.#tell();
        resolve(exitCode);
      });
    });
  }

  /** Runs a module of TypeScript that is given as text. */
  static ofScript(script: string, options?: SessionOptions): TerminalSession {
    return new TerminalSession(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], options);
  }

  /** Everything that came out, control sequences included. */
  get raw(): string {
    return this.#raw;
  }

  /** What came out as text. */
  get text(): string {
    return stripVTControlCharacters(this.#raw);
  }

  type(keys: string): void {
    this.#pty.write(keys);
  }

  /** Waits until something comes out that wasn't waited for before. @throws when the command ends without it */
  shows(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(this.text.slice(this.#seen));
        if (found === null && !this.#hasEnded) return;
        this.#watchers.delete(look);
        // With a mark, as a stack trace in it would be taken for the error's own.
        if (found === null) {
          return reject(new Error(`The command ended without ${pattern}:\n${this.text.replace(/^/gm, '| ')}`));
        }
        this.#seen += found.index + found[0].length;
        resolve(found);
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** Waits for the end. @returns the exit code */
  ends(): Promise<number> {
    return this.#exited;
  }

  /** Ends the command if it has not ended by itself. */
  close(): void {
    if (!this.#hasEnded) this.#pty.kill('SIGKILL');
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
