import type { Operation } from '#contract/operation.ts';
import type { RegionType } from '#stacks/context.ts';
import type { Call, Journey, Traffic } from './journeys.ts';
import type { Ledger } from './ledger.ts';
import { contains, type Outcome, type Sender } from './sender.ts';

/** How a request got to the API: on a connection of its own, on one that is kept alive, at the secondary region's own door, or in excess of what is allowed. */
export type Connection = 'kept' | 'new' | 'overload' | 'secondary';

/** One request and what came of it. */
export interface Sent {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly milliseconds: number;
  readonly connection: Connection;
  /** `POST /user/{id}` */
  readonly route: string;
  /** `refused`: more than the API takes (429). */
  readonly outcome: 'failed' | 'ok' | 'refused' | 'slow';
  readonly region?: RegionType;
  /** What was wrong, in a few words. */
  readonly problem?: string;
}

export interface LoadOptions {
  readonly traffic: Traffic;
  readonly ledger: Ledger;
  readonly connection: Connection;
  readonly send: Sender;
  /** Requests per second. */
  readonly perSecond: number;
  /** What takes longer counts as slow; milliseconds. */
  readonly slowMilliseconds: number;
  readonly onSent: (sent: Sent) => void;
}

export interface Load {
  /** Ends it, when every request has come to its end. @throws what the first request threw that could not be sent at all */
  stop(): Promise<void>;
}

const TICK_MILLISECONDS = 10;
/** Requests that may be under way: beyond them the machine would be measured. */
const MOST_OPEN = 500;

/**
 * Sends reads, writes and calls in turn, evenly over time, whatever becomes of those before. With `secondary` it only writes and reads there, and every
 * other write is of something that the primary region wrote last.
 */
export function startLoad(options: LoadOptions): Load {
  const { perSecond } = options;
  const open = new Set<Promise<void>>();
  const begun = performance.now();
  let sent = 0;
  let failure: { readonly error: unknown } | undefined;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - begun) / 1000) * perSecond);
    for (; sent < due; sent++) {
      if (open.size >= MOST_OPEN) continue;
      // Kept until somebody stops it: a rejection that nobody waits for would end the process, and leave what a drill broke as it is.
      const request = sendNext(options, sent)
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => open.delete(request));
      open.add(request);
    }
  }, TICK_MILLISECONDS);
  return {
    stop: async () => {
      clearInterval(timer);
      await Promise.all(open);
      if (failure) throw failure.error;
    },
  };
}

async function sendNext(options: LoadOptions, turn: number): Promise<void> {
  const { calls, journeys } = options.traffic;
  // Of ten requests one calls what is neither written nor read back.
  const call =
    turn % 10 === 9 && options.connection !== 'secondary' ? calls[Math.floor(turn / 10) % calls.length] : undefined;
  if (call) return sendCall(options, call);
  const journey = journeys[turn % journeys.length];
  if (!journey) return;
  const round = Math.floor(turn / journeys.length);
  if (round % 2 === 0 || !(await sendRead(options, journey))) await sendWrite(options, journey, round % 8 === 0);
}

async function sendCall(options: LoadOptions, { operation, parts, status }: Call): Promise<void> {
  await timed(options, operation, status, () => options.send(operation, parts));
}

async function sendWrite(options: LoadOptions, journey: Journey, isRewrite: boolean): Promise<void> {
  const { ledger, connection } = options;
  const rewrite = connection === 'secondary' && isRewrite ? ledger.beginRewrite(journey, 'secondary') : undefined;
  const { item, write } = rewrite ?? ledger.beginWrite(journey);
  const parts = journey.requests.partsOf(item.number, write.version);
  const { status, region } = await timed(options, journey.write, journey.status, () =>
    options.send(journey.write, parts),
  );
  ledger.endWrite(item, write, status === journey.status ? { region } : undefined);
}

/** @returns false, and nothing was sent, where nothing can be read by itself yet */
async function sendRead(options: LoadOptions, journey: Journey): Promise<boolean> {
  const { ledger } = options;
  const read = journey.isNamed ? ledger.beginRead(journey) : undefined;
  if (!read) return false;
  const { item, expected } = read;
  const asked = () => options.send(journey.read, journey.readParts(item.number));
  const { status, body, region } = await timed(options, journey.read, 200, asked, [404]);
  const found =
    status === 200 ? contains(body, journey.requests.bodyOf(expected.version)) : status === 404 ? false : undefined;
  ledger.endRead(item, expected, found, region);
  return true;
}

/** @param absent - statuses that say that there is no such thing: stale, and no failure of the API */
async function timed(
  { connection, slowMilliseconds, onSent }: LoadOptions,
  { method, path }: Operation,
  expected: number,
  work: () => Promise<Outcome>,
  absent: readonly number[] = [],
): Promise<Outcome> {
  const at = Date.now();
  const begun = performance.now();
  const outcome = await work();
  const milliseconds = performance.now() - begun;
  const { status, region } = outcome;
  const isServed = status === expected || (status !== undefined && absent.includes(status));
  const isFast = milliseconds <= slowMilliseconds;
  const problem = isServed ? undefined : (outcome.problem ?? `HTTP ${status}`);
  onSent({
    at,
    milliseconds,
    connection,
    route: `${method} ${path}`,
    outcome: isServed ? (isFast ? 'ok' : 'slow') : status === 429 ? 'refused' : 'failed',
    ...(region && { region }),
    ...(problem !== undefined && { problem }),
  });
  return outcome;
}
