import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { type EmulatedAccount, Emulator, environmentOf } from './emulator.ts';

/** A ministack server of its own: an AWS account that starts empty, with tables that replicate and functions that run. */
export class Ministack implements EmulatedAccount {
  readonly #emulator: Emulator;
  readonly #server: Server;

  private constructor(
    emulator: Emulator,
    server: Server,
    readonly url: string,
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
    const server = rootMappings(emulator.port).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The proxy got no address.');
    return new Ministack(emulator, server, `http://127.0.0.1:${address.port}`);
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
function rootMappings(port: number): Server {
  return createServer(async (incoming, response) => {
    const { method, url: path = '', headers } = incoming;
    const isMapping = method === 'POST' && /^\/domainnames\/[^/]+\/basepathmappings$/.test(path);
    const body = isMapping ? withoutEmptyPath(await text(incoming)) : undefined;
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers: { ...headers, ...length } });
    outgoing.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.once('error', () => response.destroy());
    if (body === undefined) incoming.pipe(outgoing);
    else outgoing.end(body);
  });
}

function withoutEmptyPath(body: string): string {
  const { basePath, ...rest }: { basePath?: string } = JSON.parse(body);
  return JSON.stringify(basePath ? { basePath, ...rest } : rest);
}
