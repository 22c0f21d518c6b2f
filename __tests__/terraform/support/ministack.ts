import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { type EmulatedAccount, Emulator, environmentOf } from './emulator.ts';
import { passOn, recorded } from './recording/pass-on.ts';
import type { RecordedCall } from './recording/recorded-calls.ts';

/** A ministack server of its own: an AWS account that starts empty, with tables that replicate and functions that run. */
export class Ministack implements EmulatedAccount {
  readonly #emulator: Emulator;
  readonly #server: Server;

  private constructor(
    emulator: Emulator,
    server: Server,
    readonly url: string,
    /** Everything that this account was asked, as IAM judges it. */
    readonly calls: readonly RecordedCall[],
  ) {
    this.#emulator = emulator;
    this.#server = server;
  }

  static async start(): Promise<Ministack> {
    const emulator = await Emulator.start({
      command: 'ministack',
      args: () => [],
      ready: '/health',
      environment: (port) => ({
        GATEWAY_PORT: String(port),
        BIND_HOST: '127.0.0.1',
        MINISTACK_ACCOUNT_ID: '123456789012',
        AWS_ACCESS_KEY_ID: 'testing',
        AWS_SECRET_ACCESS_KEY: 'testing',
        AWS_SESSION_TOKEN: '',
        LOG_LEVEL: 'ERROR',
      }),
    });
    const calls: RecordedCall[] = [];
    const server = rootMappings(emulator.port, calls).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The proxy got no address.');
    return new Ministack(emulator, server, `http://127.0.0.1:${address.port}`, calls);
  }

  get environment(): Record<string, string> {
    return environmentOf(this.url);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
    await this.#emulator.stop();
  }
}

/**
 * Passes everything on as it is, but for one kind of request: a base path mapping that is made with an empty path is not found again under `(none)`,
 * so the path is left out, which means the same.
 *
 * Source: Amazon API Gateway REST API Reference, "CreateBasePathMapping".
 */
function rootMappings(port: number, calls: RecordedCall[]): Server {
  return createServer((incoming, response) => {
    const { method, url: path = '' } = incoming;
    const form = recorded(incoming, calls);
    const isMapping = method === 'POST' && /^\/domainnames\/[^/]+\/basepathmappings$/.test(path);
    const body = isMapping ? text(incoming).then(withoutEmptyPath) : form;
    passOn({ port, path }, incoming, response, body).catch(() => response.destroy());
  });
}

function withoutEmptyPath(body: string): string {
  const { basePath, ...rest }: { basePath?: string } = JSON.parse(body);
  return JSON.stringify(basePath ? { basePath, ...rest } : rest);
}
