import { type Agent, type IncomingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';

export interface RequestOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>> | string[];
  readonly body?: Buffer | string;
  /** @default a connection of its own */
  readonly agent?: Agent | false;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly bytes: Buffer;
  /** The body as JSON. */
  readonly json: () => unknown;
}

/** One request; the path goes out as it is, unlike with `fetch`. */
export function send(
  port: number,
  path: string,
  { method = 'GET', headers = {}, body, agent = false }: RequestOptions = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers, agent }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString();
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          bytes,
          json: () => JSON.parse(text),
        });
      });
    });
    asked.on('error', reject);
    // Node sends a body without its length where the method has no use for one.
    if (body !== undefined && !asked.headersSent && !asked.hasHeader('transfer-encoding'))
      asked.setHeader('content-length', Buffer.byteLength(body));
    asked.end(body);
  });
}

/** Sends bytes that need not be HTTP, and gives all that comes back until the server ends the connection. */
export function sendRaw(port: number, bytes: Buffer | string): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}
