import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** An account that an emulator keeps on this machine. */
export interface EmulatedAccount {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** What the AWS SDKs, Terraform and cdktf need in their environment to talk to it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The environment of whoever talks to an emulator at an address. */
export function environmentOf(url: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    AWS_EC2_METADATA_DISABLED: 'true',
    // Of this machine's user: the account here is another one.
    AWS_PROFILE: '',
    AWS_SESSION_TOKEN: '',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  };
}

/** How an emulator is started. */
interface EmulatorCommand {
  readonly command: string;
  readonly args: (port: number) => readonly string[];
  readonly environment: (port: number) => NodeJS.ProcessEnv;
  /** Path that it answers with 200 once it is ready. */
  readonly ready: string;
}

/** A process that emulates AWS on a port of its own of 127.0.0.1. */
export class Emulator {
  readonly #process: ChildProcess;

  private constructor(
    process: ChildProcess,
    readonly port: number,
  ) {
    this.#process = process;
  }

  static async start({ command, args, environment, ready }: EmulatorCommand): Promise<Emulator> {
    const port = await freePort();
    const env = { ...process.env, ...environment(port) };
    const child = spawn(command, args(port), { stdio: 'ignore', env });
    try {
      await untilAnswering(child, command, `http://127.0.0.1:${port}${ready}`);
      return new Emulator(child, port);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}

async function untilAnswering(child: ChildProcess, command: string, url: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`${command} ended with exit code ${child.exitCode} while it started.`);
    const answered = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return;
    await sleep(100);
  }
  throw new Error(`${command} did not answer on ${url} within 30 s.`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The probe for a free port got no address.');
  return address.port;
}
