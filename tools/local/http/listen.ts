import { once } from 'node:events';
import type { Server } from 'node:http';

/** Every service of the runtime is for this machine only. */
export const LOOPBACK = '127.0.0.1';

/**
 * Listens on the loopback address.
 *
 * @param port - 0: any free port
 * @returns the service; `close` also ends connections that are open
 * @throws the server's error, `EADDRINUSE` for a port that is taken
 */
export async function listen(server: Server, port: number): Promise<HttpService> {
  server.listen(port, LOOPBACK);
  await once(server, 'listening');
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://${LOOPBACK}:${bound}`,
    port: bound,
    close: async () => {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** What the runtime starts it can end: `close` frees ports, threads and timers, and may be called more than once. */
export interface Service {
  close(): Promise<void>;
}

/** A service that listens on the loopback address. */
export interface HttpService extends Service {
  /** `http://127.0.0.1:PORT`, no slash at the end. */
  readonly url: string;
  readonly port: number;
}
