import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';
import { errorReason } from '#functions/error-reason.ts';

/** A GET request over HTTPS. */
export interface ProbeRequest {
  /** Name that is asked for: `Host` header and SNI. */
  readonly host: string;
  /** Name that is connected to. @default - `host` */
  readonly address?: string;
  /** Path, with a query string where wanted. */
  readonly path: string;
  readonly signal?: AbortSignal;
}

/** What came back. */
export interface ProbeResponse {
  readonly status: number;
  readonly body: string;
}

/** Asks an endpoint. @throws when there is no connection, or no answer in time */
export type Probe = (request: ProbeRequest) => Promise<ProbeResponse>;

const bodySchema = z.object({ env: z.string() });

/** API Gateway's mappings reach its hosts one by one: as many answers in a row must come from the environment. */
const IN_A_ROW = 3;

/** How long is waited for an answer. */
export interface Patience {
  readonly attempts: number;
  readonly pauseMilliseconds: number;
}

const PATIENCE: Patience = { attempts: 90, pauseMilliseconds: 1000 };

/** What a health route said of itself. */
type Answer = { readonly env: string } | { readonly problem: string };

/** Asks a health route which environment it belongs to. Never throws. */
export async function answeringEnvironment(probe: Probe, request: ProbeRequest): Promise<Answer> {
  try {
    const { status, body } = await probe(request);
    const parsed = bodySchema.safeParse(parseJson(body));
    if (status === 200 && parsed.success) return parsed.data;
    return { problem: `GET ${url(request)} responded ${status} ${body.slice(0, 200)}, expected 200.` };
  } catch (error) {
    const reason = errorReason(error);
    return { problem: `GET ${url(request)} did not answer: ${reason}` };
  }
}

/** Asks until the environment answers. @throws Error that says what came instead, or when the signal is aborted */
export async function untilAnsweredBy(
  environment: string,
  probe: Probe,
  request: ProbeRequest,
  { attempts, pauseMilliseconds }: Patience = PATIENCE,
): Promise<void> {
  let inARow = 0;
  let last: Answer = { problem: '' };
  for (let attempt = 1; attempt <= attempts; attempt++) {
    request.signal?.throwIfAborted();
    last = await answeringEnvironment(probe, request);
    inARow = 'env' in last && last.env === environment ? inARow + 1 : 0;
    if (inARow === IN_A_ROW) return;
    if (inARow === 0) await sleep(pauseMilliseconds, undefined, request.signal && { signal: request.signal });
  }
  const found = 'env' in last ? `${last.env} answered GET ${url(request)}.` : last.problem;
  throw new Error(`${environment} did not answer ${IN_A_ROW} times in a row. Last: ${found}`);
}

function url({ host, address, path }: ProbeRequest): string {
  return address === undefined ? `https://${host}${path}` : `https://${host}${path} (at ${address})`;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
