import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';

interface RawResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends a request exactly as told: the path isn't normalized, nothing is signed. */
export function sendRaw(
  url: string,
  { method = 'POST', path = '/', headers = {}, body = '' }: RawRequest,
): Promise<RawResponse> {
  const { hostname, port } = new URL(url);
  // Node frames the body of a GET only when told to.
  const framing = 'transfer-encoding' in headers ? {} : { 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers: { ...framing, ...headers } }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

interface RawRequest {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Buffer | string;
}

/** A request of the AWS JSON protocol; `input` is turned into JSON unless it's text already. */
export const jsonRequest = (target: string, input: unknown): RawRequest => ({
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target },
  body: typeof input === 'string' ? input : JSON.stringify(input),
});
