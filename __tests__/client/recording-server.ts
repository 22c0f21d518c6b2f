import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listen } from '#local/http/listen.ts';
import type { SignedRequest } from '#local/iam/signature/read-signature.ts';

/** How a server answers. */
export interface RecordedAnswer {
  readonly status: number;
  readonly body: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Starts a server on loopback that keeps what it is asked and always answers alike. */
export async function startRecordingServer(answer: RecordedAnswer) {
  const requests: SignedRequest[] = [];
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    requests.push({ method, url, headers, body: await buffer(request) });
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  return { ...(await listen(server, 0)), requests };
}
