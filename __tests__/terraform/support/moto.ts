import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { DomainStatusProxy } from './domain-status-proxy.ts';
import type { RecordedCall } from './recorded-calls.ts';

/** A moto server of its own: an AWS account that starts empty and forgets everything. */
export class Moto {
  readonly #process: ChildProcess;
  readonly #proxy: DomainStatusProxy;

  private constructor(process: ChildProcess, proxy: DomainStatusProxy) {
    this.#process = process;
    this.#proxy = proxy;
  }

  static async start(): Promise<Moto> {
    const port = await freePort();
    const child = spawn('moto_server', ['-H', '127.0.0.1', '-p', String(port)], {
      stdio: 'ignore',
      env: {
        ...process.env,
        // Policies that AWS manages, such as API Gateway's for logging, exist in every account.
        MOTO_IAM_LOAD_MANAGED_POLICIES: 'true',
        // Another account's bucket is as closed as on AWS.
        MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS: 'false',
        // Seconds until a certificate counts as validated.
        MOTO_ACM_VALIDATION_WAIT: '0',
      },
    });
    try {
      await untilAnswering(child, `http://127.0.0.1:${port}/moto-api/`);
      return new Moto(child, await DomainStatusProxy.start(port));
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** `http://127.0.0.1:PORT` */
  get url(): string {
    return this.#proxy.url;
  }

  /** Everything that this account was asked, as IAM judges it. */
  get calls(): readonly RecordedCall[] {
    return this.#proxy.calls;
  }

  /** What the AWS SDKs, Terraform and cdktf need in their environment to talk to this account. */
  get environment(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.url,
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

  async stop(): Promise<void> {
    await this.#proxy.stop();
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }
}

async function untilAnswering(child: ChildProcess, url: string): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null)
      throw new Error(`moto_server ended with exit code ${child.exitCode} while it started.`);
    const answered = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (answered) return;
    await sleep(100);
  }
  throw new Error(`moto_server did not answer on ${url} within 30 s.`);
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
