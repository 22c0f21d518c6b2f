import { type IncomingMessage, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { LOOPBACK } from '#local/http/listen.ts';
import type { EdgeOrigin } from '#local/model/distributions.ts';

/** How an origin is, for who connects to it now. */
export type OriginState = 'accepts' | 'bad certificate' | 'drops packets' | 'no address' | 'refuses';

/** An origin of a distribution, on this machine. */
export interface OriginServer {
  /** @param place - AWS region that the client is near to */
  state(place: string | undefined): OriginState;
  /** Of what hands a request to the region that the origin's name leads to. */
  readonly port: number;
}

/** What the edge sends on. */
export interface OriginRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly place: string | undefined;
}

export interface OriginResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** Methods that are sent again where a request failed. */
export const READS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** Why no response came: the connection failed, or it took too long. */
export type OriginFailure = 'no connection' | 'too late';

/**
 * Asks an origin once, as often as it may be connected to.
 *
 * Source: Amazon CloudFront Developer Guide, "Connection attempts", "Connection timeout", "Response timeout": what is too late counts as an attempt, but of
 * reads only is there another one.
 *
 * @param timeScale - 10: three seconds until packets are given up are 0.3; how long a response takes is left as it is
 */
export async function askOrigin(
  origin: EdgeOrigin,
  server: OriginServer,
  asked: OriginRequest,
  timeScale: number,
): Promise<OriginFailure | OriginResponse> {
  const isRead = READS.includes(asked.method);
  let failure: OriginFailure = 'no connection';
  for (let attempt = 0; attempt < origin.connectionAttempts; attempt += 1) {
    const state = server.state(asked.place);
    if (state === 'accepts') {
      const response = await send(server, asked, origin.readSeconds * 1000);
      if (typeof response !== 'string') return response;
      failure = response;
      // It may have been done.
      if (!isRead) return failure;
    } else {
      failure = 'no connection';
      if (state === 'drops packets') await sleep((origin.connectionSeconds * 1000) / timeScale);
      if (state === 'no address' || state === 'bad certificate') return failure;
    }
  }
  return failure;
}

/** A connection for each request: one that is kept would stay with the region that it was made to. */
async function send(
  { port }: OriginServer,
  { method, target, headers, body }: OriginRequest,
  readMilliseconds: number,
): Promise<OriginFailure | OriginResponse> {
  const signal = AbortSignal.timeout(readMilliseconds);
  const withLength = READS.includes(method) ? headers : [...headers, ['content-length', String(body.length)] as const];
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const sent = request({
        host: LOOPBACK,
        port,
        method,
        path: target,
        headers: withLength.flat(),
        agent: false,
        signal,
      });
      sent.once('response', resolve).once('error', reject).end(body);
    });
    const content = await buffer(response);
    const pairs = response.rawHeaders.flatMap((name, at, all) =>
      at % 2 === 0 ? [[name, all[at + 1] ?? ''] as const] : [],
    );
    return { status: response.statusCode ?? 502, headers: pairs, body: content };
  } catch {
    return signal.aborted ? 'too late' : 'no connection';
  }
}
