import { setTimeout as sleep } from 'node:timers/promises';
import { plainRequest } from '#client/plain-request.ts';
import { send } from '#client/send.ts';
import { errorReason } from '#functions/error-reason.ts';
import { REPLAY_HEADER } from '#functions/http/request-record.ts';
import type { CallTarget } from '#operator/call/call-target.ts';
import type { ChosenRequest } from './choose-requests.ts';
import { compareResponses, type Difference, type ReceivedResponse } from './compare-responses.ts';

/** Longer than any function may take: API Gateway ends after 29 s. */
const TIMEOUT_MILLISECONDS = 35_000;

/** Between two tries: a replica, or a reader of it, has caught up by then. */
const PAUSE_MILLISECONDS = 1000;
/** What differs once may have been written in between; what differs so often in a row has not. */
const ATTEMPTS = 3;

/** Statuses that say what is there, not how a release reads it: `preview` has other data than the environment that was asked. */
const OF_DATA: ReadonlySet<number> = new Set([404, 409, 412]);

/** What came of a request. `refused`: whoever replays may not ask that. `unsteady`: the environment that it was recorded on differs from itself. */
export type Verdict =
  | { readonly kind: 'equal' }
  | { readonly kind: 'different'; readonly differences: readonly Difference[] }
  | { readonly kind: 'refused' | 'throttled' | 'unanswered' | 'unsteady' };

/** Asks one environment, at the pace that it is allowed. @throws when nothing answers */
export type Ask = (environment: string) => Promise<ReceivedResponse>;

/**
 * Asks both environments at the same time, as a response that was recorded would differ by all that was written since. What differs is asked again,
 * and counts only where it differs each time, and where the environment that it was recorded on agrees with itself.
 */
export async function askBoth(
  { operation, record }: Pick<ChosenRequest, 'operation' | 'record'>,
  [from, to]: readonly [string, string],
  ask: Ask,
  pauseMilliseconds = PAUSE_MILLISECONDS,
): Promise<Verdict> {
  for (let attempt = 1; ; attempt++) {
    const [here, there] = await Promise.allSettled([ask(from), ask(to)]);
    if (here.status === 'rejected') return { kind: 'unanswered' };
    if (isRefused(here.value.status, record.status)) return { kind: 'refused' };
    const isThrottled = [here, there].some((each) => each.status === 'fulfilled' && each.value.status === 429);
    const differences =
      there.status === 'rejected'
        ? [{ at: 'status', from: here.value.status, to: errorReason(there.reason) }]
        : compareResponses(operation, here.value, there.value);
    if (!isThrottled && differences.length === 0) return { kind: 'equal' };
    if (attempt < ATTEMPTS) {
      await sleep(pauseMilliseconds);
      continue;
    }
    if (isThrottled) return { kind: 'throttled' };
    const again = await ask(from).catch(() => undefined);
    if (again === undefined || again.status === 429) return { kind: 'unanswered' };
    const isSteady = compareResponses(operation, here.value, again).length === 0;
    return isSteady ? { kind: 'different', differences } : { kind: 'unsteady' };
  }
}

/** Two who refuse alike say nothing of what they would respond to somebody else. */
function isRefused(status: unknown, recorded: number): boolean {
  return status !== recorded && (status === 401 || status === 403);
}

/** Asks `preview`, whose data are its own: whether it takes what was taken, and refuses what was refused, is all that can be told. */
export async function askPreview(
  { record }: Pick<ChosenRequest, 'record'>,
  preview: string,
  ask: Ask,
  pauseMilliseconds = PAUSE_MILLISECONDS,
): Promise<Verdict> {
  for (let attempt = 1; ; attempt++) {
    const response = await ask(preview).catch((error: unknown) => errorReason(error));
    const status = typeof response === 'string' ? response : response.status;
    if (isRefused(status, record.status)) return { kind: 'refused' };
    // What was refused for what is there may be taken here, and the other way round; a failure is neither.
    const isOfData = OF_DATA.has(Number(status)) || (OF_DATA.has(record.status) && Number(status) < 300);
    if (status === record.status || isOfData) return { kind: 'equal' };
    if (attempt < ATTEMPTS) await sleep(pauseMilliseconds);
    else if (status === 429) return { kind: 'throttled' };
    else return { kind: 'different', differences: [{ at: 'status', from: record.status, to: status }] };
  }
}

/** Sends a recorded request with what the sender identifies itself with, marked as a replay's. @throws when nothing answers */
export async function sendAgain(
  { operation, record }: Pick<ChosenRequest, 'operation' | 'record'>,
  { baseUrl, ...access }: CallTarget,
  run: string,
): Promise<ReceivedResponse> {
  const { path, query, headers, body } = record;
  const request = plainRequest(operation, baseUrl, {
    path,
    query,
    headers: { ...headers, [REPLAY_HEADER]: run },
    body,
  });
  const options = { ...access, signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) };
  const response = await send(operation, request, options).catch((cause: unknown) => {
    // What `fetch` says of the network stands in the cause of its error.
    throw cause instanceof TypeError ? new Error(`did not answer: ${errorReason(cause.cause ?? cause)}`) : cause;
  });
  return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
}
