import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that an SDK client sent. */
export interface AwsRequest {
  readonly method: string;
  readonly path: string;
  /** DynamoDB's operation: `DynamoDB_20120810.GetItem`; empty for S3. */
  readonly target: string;
  readonly body: string;
}

/** Answers one request; `undefined` leaves the connection open without a word. */
export type AwsAnswer = (request: AwsRequest) => { readonly status: number; readonly body?: string } | undefined;

/** An endpoint on loopback that real SDK clients talk to. */
export interface AwsEndpoint {
  readonly url: string;
  readonly requests: readonly AwsRequest[];
  close(): Promise<void>;
}

/** Starts an endpoint that answers as told. Point `AWS_ENDPOINT_URL` to its URL. */
export async function startAwsEndpoint(answer: AwsAnswer): Promise<AwsEndpoint> {
  const requests: AwsRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const request = await read(incoming);
    requests.push(request);
    respond(response, answer(request));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

/** What a healthy DynamoDB and S3 answer to reads of nothing and to writes. */
export const healthy: AwsAnswer = ({ target }) => ({ status: 200, body: target ? '{}' : '' });

async function read(incoming: IncomingMessage): Promise<AwsRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    target: String(incoming.headers['x-amz-target'] ?? ''),
    body: Buffer.concat(chunks).toString(),
  };
}

function respond(response: ServerResponse, answer: ReturnType<AwsAnswer>): void {
  if (answer === undefined) return;
  response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' }).end(answer.body);
}
