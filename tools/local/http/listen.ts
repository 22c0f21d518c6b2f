import { once } from 'node:events';
import type { Server } from 'node:http';
import type { HttpService } from '../service.ts';

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
