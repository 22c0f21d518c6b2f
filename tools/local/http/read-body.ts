import type { IncomingMessage } from 'node:http';

/** `aborted`: the client went away or sent a body that breaks off. */
type BodyResult = Buffer | 'aborted' | 'too-large';

const EMPTY = Buffer.alloc(0);

/** Whether the request announces a body that is larger than `limit`, in bytes. */
export function announcesTooLarge(request: IncomingMessage, limit: number): boolean {
  return Number(request.headers['content-length'] ?? 0) > limit;
}

/** Whether the request has a body at all (RFC 9112, 6). */
export function hasBody(request: IncomingMessage): boolean {
  const length = request.headers['content-length'];
  return (length !== undefined && length !== '0') || request.headers['transfer-encoding'] !== undefined;
}

/**
 * Collects a request's body. Beyond the limit nothing is kept, and the rest is read and thrown away, so that the client gets its response.
 *
 * @param limit - bytes
 */
export function readBody(request: IncomingMessage, limit: number): Promise<BodyResult> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else {
        chunks = [];
        resolve('too-large');
      }
    });
    request.once('end', () => {
      const [first = EMPTY] = chunks;
      resolve(chunks.length > 1 ? Buffer.concat(chunks) : first);
    });
    request.once('error', () => resolve('aborted'));
    request.once('close', () => resolve('aborted'));
  });
}
