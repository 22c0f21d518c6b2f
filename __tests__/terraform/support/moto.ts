import { type EmulatedAccount, Emulator, environmentOf } from './emulator.ts';
import { DomainStatusProxy } from './moto/domain-status-proxy.ts';
import type { RecordedCall } from './recording/recorded-calls.ts';

/** A moto server of its own: an AWS account that starts empty and forgets everything. */
export class Moto implements EmulatedAccount {
  readonly #emulator: Emulator;
  readonly #proxy: DomainStatusProxy;

  private constructor(emulator: Emulator, proxy: DomainStatusProxy) {
    this.#emulator = emulator;
    this.#proxy = proxy;
  }

  static async start(): Promise<Moto> {
    const emulator = await Emulator.start({
      command: 'moto_server',
      args: (port) => ['-H', '127.0.0.1', '-p', String(port)],
      ready: '/moto-api/',
      environment: () => ({
        // Policies that AWS manages, such as API Gateway's for logging, exist in every account.
        MOTO_IAM_LOAD_MANAGED_POLICIES: 'true',
        // Another account's bucket is as closed as on AWS.
        MOTO_S3_ALLOW_CROSSACCOUNT_ACCESS: 'false',
        // Seconds until a certificate counts as validated.
        MOTO_ACM_VALIDATION_WAIT: '0',
      }),
    });
    return new Moto(emulator, await DomainStatusProxy.start(emulator.port));
  }

  /** `http://127.0.0.1:PORT` */
  get url(): string {
    return this.#proxy.url;
  }

  /** Everything that this account was asked, as IAM judges it. */
  get calls(): readonly RecordedCall[] {
    return this.#proxy.calls;
  }

  /** From here on services, or regions, do not answer at all: a control plane that is gone. @returns brings them back, and tells what they were asked */
  lose(scopes: readonly string[]): () => readonly string[] {
    const { lost, lostCalls } = this.#proxy;
    const before = lostCalls.length;
    for (const scope of scopes) lost.add(scope);
    return () => {
      for (const scope of scopes) lost.delete(scope);
      return lostCalls.slice(before);
    };
  }

  get environment(): Record<string, string> {
    return environmentOf(this.url);
  }

  async stop(): Promise<void> {
    await this.#proxy.stop();
    await this.#emulator.stop();
  }
}
