import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod/mini';
import { errorReason } from '#functions/error-reason.ts';
import type { Responses } from '#operator/switch/switch-ports.ts';

/** A GET request over HTTPS. */
export interface ProbeRequest {
  readonly host: string;
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

/** When an environment counts as the one that answers. */
export interface Verification {
  /** So many responses in a row must be the environment's. */
  readonly inARow: number;
  /** Over at least this time, from the first one of the row to the last one. */
  readonly spanSeconds: number;
  /** So often is asked until the row is complete. */
  readonly attempts: number;
}

/**
 * API Gateway's mappings reach its hosts one by one, within seconds to minutes: a few responses of the new environment say little.
 *
 * @default for every verification on AWS; the longest takes about two minutes
 */
export const VERIFICATION: Verification = { inARow: 20, spanSeconds: 15, attempts: 150 };

/** What a health route said of itself. */
type Answer = { readonly env: string } | { readonly problem: string; readonly status?: number };

/** Asks a health route which environment it belongs to. Never throws. */
export async function answeringEnvironment(probe: Probe, request: ProbeRequest): Promise<Answer> {
  try {
    const { status, body } = await probe(request);
    const parsed = bodySchema.safeParse(parseJson(body));
    if (status === 200 && parsed.success) return parsed.data;
    return { status, problem: `GET ${url(request)} responded ${status} ${body.slice(0, 200)}, expected 200.` };
  } catch (error) {
    const reason = errorReason(error);
    return { problem: `GET ${url(request)} did not answer: ${reason}` };
  }
}

/**
 * Asks until the environment alone answers.
 *
 * @returns how often was asked, and how many responses were another environment's
 * @throws Error that says what came instead, or when the signal is aborted
 */
export async function untilAnsweredBy(
  environment: string,
  probe: Probe,
  request: ProbeRequest,
  { inARow, spanSeconds, attempts }: Verification = VERIFICATION,
): Promise<Responses> {
  const pause = (1000 * spanSeconds) / (inARow - 1);
  const others: string[] = [];
  let row = 0;
  let last: Answer = { problem: '' };
  for (let asked = 1; asked <= attempts; asked++) {
    request.signal?.throwIfAborted();
    last = await answeringEnvironment(probe, request);
    const isOurs = 'env' in last && last.env === environment;
    row = isOurs ? row + 1 : 0;
    if ('env' in last && !isOurs) others.push(new Date().toISOString());
    const lastOther = others.at(-1);
    if (row === inARow) return { asked, others: others.length, ...(lastOther !== undefined && { lastOther }) };
    await sleep(pause, undefined, request.signal && { signal: request.signal });
  }
  const found = 'env' in last ? `${last.env} answered GET ${url(request)}.` : last.problem;
  const share = others.length === 0 ? '' : ` ${others.length} of ${attempts} responses were another environment's.`;
  throw new Error(`${environment} did not answer ${inARow} times in a row.${share} Last: ${found}`);
}

/** Several verifications as one. */
export function together(all: readonly Responses[]): Responses {
  const lastOther = all
    .flatMap((each) => each.lastOther ?? [])
    .sort()
    .at(-1);
  return {
    asked: all.reduce((sum, { asked }) => sum + asked, 0),
    others: all.reduce((sum, { others }) => sum + others, 0),
    ...(lastOther !== undefined && { lastOther }),
  };
}

function url({ host, path }: ProbeRequest): string {
  return `https://${host}${path}`;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
