import { connect, type Socket } from 'node:net';

/** A request as it goes out: nothing in it is checked, escaped or left out. */
export interface RawRequest {
  readonly method: string;
  /** Path and query; characters beyond Latin-1 are cut to a byte. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

export interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

const HEAD_END = '\r\n\r\n';

/** Sends requests over connections that it keeps: several at once, one on each connection. */
export class RawClient {
  readonly #port: number;
  readonly #idle: Socket[] = [];

  constructor(port: number) {
    this.#port = port;
  }

  async send(request: RawRequest): Promise<RawAnswer> {
    const socket = this.#idle.pop() ?? (await this.#connect());
    const answer = readAnswer(socket, request.method === 'HEAD');
    socket.write(Buffer.concat([Buffer.from(headOf(request), 'latin1'), request.body]));
    const { keptAlive, ...rest } = await answer;
    if (keptAlive) this.#idle.push(socket);
    else socket.destroy();
    return rest;
  }

  close(): void {
    for (const socket of this.#idle) socket.destroy();
  }

  #connect(): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.#port, '127.0.0.1', () => resolve(socket));
      socket.setNoDelay(true);
      socket.once('error', reject);
    });
  }
}

function headOf({ method, target, headers, body }: RawRequest): string {
  const lines = [`${method} ${target} HTTP/1.1`, ...headers.map(([name, value]) => `${name}: ${value}`)];
  if (body.length > 0) lines.push(`content-length: ${body.length}`);
  return lines.join('\r\n') + HEAD_END;
}

/** An answer with its length, as the gateways send it, or one that the end of the connection ends. */
function readAnswer(socket: Socket, isHead: boolean): Promise<RawAnswer & { readonly keptAlive: boolean }> {
  return new Promise((resolve, reject) => {
    let received = '';
    const settle = (ended: boolean) => {
      const answer = parse(received, isHead, ended);
      if (!answer && !ended) return;
      socket.off('data', onData).off('end', onEnd).off('error', onError);
      if (answer) resolve(answer);
      else reject(new Error(`The connection ended after: ${JSON.stringify(received.slice(0, 200))}`));
    };
    const onData = (chunk: Buffer) => {
      received += chunk.toString('latin1');
      settle(false);
    };
    const onEnd = () => settle(true);
    // A server that refuses a body before it is all sent ends the connection under the rest of it.
    const onError = () => settle(true);
    socket.on('data', onData).once('end', onEnd).once('error', onError);
  });
}

function parse(received: string, isHead: boolean, ended: boolean) {
  const end = received.indexOf(HEAD_END);
  if (end < 0) return undefined;
  const head = received.slice(0, end);
  const status = Number(head.slice(9, 12));
  if (status === 100) return parse(received.slice(end + HEAD_END.length), isHead, ended);
  const body = received.slice(end + HEAD_END.length);
  const announced = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN);
  const length = isHead || status === 204 || status === 304 ? 0 : announced;
  const isWhole = Number.isNaN(length) ? ended : body.length >= length;
  if (!isWhole) return undefined;
  const keptAlive = !ended && body.length === length && !/\r\nconnection: close/i.test(head);
  return { status, body: Buffer.from(body, 'latin1').toString(), keptAlive };
}
