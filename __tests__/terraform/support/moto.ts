import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A moto server of its own: an AWS account that starts empty and forgets everything. */
export class Moto {
  readonly #process: ChildProcess;

  private constructor(
    process: ChildProcess,
    /** `http://127.0.0.1:PORT` */
    readonly url: string,
  ) {
    this.#process = process;
  }

  static async start(): Promise<Moto> {
    const port = await freePort();
    const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    const moto = new Moto(child, `http://127.0.0.1:${port}`);
    for (let attempt = 0; attempt < 300; attempt++) {
      if (child.exitCode !== null) throw new Error(`moto_server ended with exit code ${child.exitCode} while it started.`);
      const answered = await fetch(`${moto.url}/moto-api/`).then(
        (response) => response.ok,
        () => false,
      );
      if (answered) return moto;
      await sleep(100);
    }
    child.kill('SIGKILL');
    throw new Error(`moto_server did not answer on ${moto.url} within 30 s.`);
  }

  /** What the AWS SDKs, Terraform and cdktf need in their environment to talk to this account. */
  get environment(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.url,
      AWS_ACCESS_KEY_ID: 'testing',
      AWS_SECRET_ACCESS_KEY: 'testing',
      AWS_EC2_METADATA_DISABLED: 'true',
    };
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
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
