import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { callsOf, type RecordedCall } from './recorded-calls.ts';

/** Notes what an emulator is asked. JSON and the query protocol of IAM and STS say so in the body. @returns the body, where it was read for it */
export function recorded(incoming: IncomingMessage, calls: RecordedCall[]): Promise<string> | undefined {
  const note = (body: string) => {
    calls.push(...callsOf(incoming, body));
    return body;
  };
  const { 'content-type': type, 'x-amz-target': target } = incoming.headers;
  if (target !== undefined || type?.startsWith('application/x-www-form-urlencoded')) {
    return text(incoming).then(note);
  }
  note('');
  return undefined;
}

/** Passes a request on to an emulator, and its response back. @param body - in the place of what was sent */
export async function passOn(
  { port, path }: { readonly port: number; readonly path: string },
  incoming: IncomingMessage,
  response: ServerResponse,
  body: Promise<string> | undefined,
): Promise<void> {
  const { method } = incoming;
  const content = await body;
  const headers = { ...incoming.headers };
  if (content !== undefined) headers['content-length'] = String(Buffer.byteLength(content));
  const outgoing = request({ host: '127.0.0.1', port, method, path, headers });
  outgoing.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  outgoing.once('error', () => response.destroy());
  if (content === undefined) incoming.pipe(outgoing);
  else outgoing.end(content);
}
