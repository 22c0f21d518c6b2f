import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, type Dispatcher } from 'undici';
import { listen } from '../listen.ts';
import type { HttpService } from '../service.ts';
import { requestHeaders, responseHeaders } from './forwarded-headers.ts';
import type { Resolution, Resolver } from './resolver.ts';

export interface EntryOptions {
  /** The public name: what the gateways see as `Host`. */
  readonly name: string;
  /** 0: any free port. */
  readonly port: number;
  readonly resolver: Resolver;
}

/** Response header that names the region that answered; the one thing that the entry adds to what AWS would send. */
export const SERVED_BY = 'x-two-region-served-by';

/**
 * The public name on loopback: each request goes to the region that the name resolves to, streamed both ways on kept-alive connections.
 * In AWS there is no such hop, clients connect to the region themselves; so where a client would see a refused or broken connection, the
 * entry answers 502 with a JSON body that says so.
 */
export async function startEntry({ name, port, resolver }: EntryOptions): Promise<HttpService> {
  // The gateway keeps API Gateway's time limits, so the entry has none of its own; a region that hangs is the health checks' to find.
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  const server = createServer((request, response) => {
    const resolution = resolver.current();
    if (resolution) forward(agent, name, resolution, request, response);
    else refuse(response, 502, [], `The name ${name} does not resolve: a client would see a name error.`);
  });
  const listening = await listen(server, port);
  return {
    ...listening,
    close: async () => {
      await Promise.all([listening.close(), agent.destroy()]);
    },
  };
}

function forward(
  agent: Agent,
  name: string,
  { region, origin }: Resolution,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const served = [SERVED_BY, region];
  let abort: (() => void) | undefined;
  response.once('close', () => {
    if (!response.writableFinished) abort?.();
  });
  const hasBody = request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined;
  agent.dispatch(
    {
      origin,
      path: originForm(request.url ?? '/'),
      // Any token is a method to Node's parser and to undici, whose type lists the common ones only.
      method: (request.method ?? 'GET') as Dispatcher.HttpMethod,
      headers: requestHeaders(request.rawHeaders, name, request.socket.remoteAddress ?? '127.0.0.1'),
      body: hasBody ? request : null,
    },
    {
      onConnect: (cancel) => {
        abort = () => cancel();
        if (response.destroyed) cancel();
      },
      onHeaders: (status, headers, resume, statusText) => {
        if (status < 200) return true;
        response.writeHead(status, statusText, responseHeaders(headers, served));
        response.on('drain', resume);
        return true;
      },
      onData: (chunk) => response.write(chunk),
      onComplete: () => {
        response.end();
      },
      onError: (error) => {
        if (response.headersSent || response.destroyed) response.destroy();
        else if (isInvalidRequest(error)) refuse(response, 400, served, `The request is malformed: ${error.message}.`);
        else {
          const seen = `The ${region} region does not answer (${error.message})`;
          refuse(response, 502, served, `${seen}: a client of ${name} would see a connection error.`, region);
        }
      },
    },
  );
}

/** RFC 9112, 3.2: a proxy's `http://host/path` and an `OPTIONS *` as the path that a server expects. */
function originForm(target: string): string {
  if (target.startsWith('/')) return target;
  const path = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(.*)$/i.exec(target)?.[1] ?? '';
  return path.startsWith('/') ? path : `/${path}`;
}

function isInvalidRequest(error: Error): boolean {
  return (
    'code' in error && (error.code === 'UND_ERR_INVALID_ARG' || error.code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH')
  );
}

function refuse(response: ServerResponse, status: number, served: string[], message: string, region?: string): void {
  const body = JSON.stringify({ message, ...(region && { region }) });
  response.writeHead(status, [
    'Content-Type',
    'application/json',
    'Content-Length',
    `${Buffer.byteLength(body)}`,
    ...served,
  ]);
  response.end(body);
}
