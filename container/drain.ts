import type { RequestListener, Server, ServerResponse } from 'node:http';

/** What is served, and can be brought to an end. */
export interface Drainable {
  /** Listens to requests in place of the one that it is given. */
  readonly listener: RequestListener;
  /**
   * Ends a server without breaking off a request: from now on each response ends its connection; when `linger` is over no connection is taken;
   * then what is under way has until `deadline`.
   *
   * @param linger - resolves when nobody sends anything new any more
   * @param deadline - resolves when whatever is left is broken off
   * @returns how many requests were broken off
   */
  drain(server: Server, linger: Promise<void>, deadline: Promise<void>): Promise<number>;
}

/** Counts what a listener serves, so that it can be brought to an end. */
export function drainable(onRequest: RequestListener): Drainable {
  const open = new Set<ServerResponse>();
  let isDraining = false;
  const endConnection = (response: ServerResponse) => {
    // Its client must not take the connection for the next request.
    if (!response.headersSent) response.setHeader('connection', 'close');
  };
  return {
    listener: (request, response) => {
      open.add(response);
      response.once('close', () => open.delete(response));
      if (isDraining) endConnection(response);
      onRequest(request, response);
    },
    drain: async (server, linger, deadline) => {
      isDraining = true;
      open.forEach(endConnection);
      await Promise.race([linger, deadline]);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.race([closed, deadline]);
      const broken = open.size;
      server.closeAllConnections();
      await closed;
      return broken;
    },
  };
}
