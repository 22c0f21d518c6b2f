import { setTimeout as sleep } from 'node:timers/promises';
import { CONTROL_INTERVAL_SECONDS, CONTROL_THRESHOLD, latched, type RouteDocument } from '#contract/route-document.ts';
import { errorReason } from '#functions/error-reason.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { otherRegion, type RegionType } from '#stacks/context.ts';
import type { RouteState, RouteStore } from './route-store.ts';

/** A stage whose traffic can be kept away from a region. */
export interface RoutePlace {
  readonly stage: string;
  readonly isProduction: boolean;
  /** Commands that follow are given to the same place. */
  readonly flags: string;
  /** The region that has all traffic while it is healthy; undefined: both have some. */
  readonly active: RegionType | undefined;
  readonly stores: Readonly<Record<RegionType, RouteStore>>;
  /** Which region responds at the public name now, to a new connection. undefined: none. */
  readonly responding: () => Promise<RegionType | undefined>;
  /** 10: health checks and DNS run ten times as fast. */
  readonly timeScale: number;
  /** Seconds that a move is watched at the least: no machine that is busy gets faster by the time scale. */
  readonly watchAtLeast: number;
}

export interface RouteRequest {
  readonly kind: 'away' | 'back';
  /** The region that traffic keeps away from, or no longer does. */
  readonly region: RegionType;
  /** Until the public name is answered by another region. */
  readonly wait: boolean;
  /** Only where DNS has left the active region already: moves nothing, and keeps traffic from coming back by itself. @default false */
  readonly latch?: boolean;
}

/** What became of it. Times are milliseconds since the epoch. */
export interface RouteReport {
  readonly stage: string;
  /** As in {@link RoutePlace}. @default - both have some */
  readonly active?: RegionType;
  readonly kind: RouteRequest['kind'];
  readonly region: RegionType;
  /** Where it was written: the AWS region that says it. */
  readonly writtenIn: string;
  readonly outcome: 'already' | 'held' | 'moved' | 'unneeded' | 'unwatched' | 'waiting';
  /** What is said now. */
  readonly route: RouteDocument;
  readonly at: number;
  /** Seconds, of this run, until every client that keeps an answer no longer than its TTL is led elsewhere, or back. */
  readonly predicted: { readonly atLeast: number; readonly atMost: number };
  /** When the public name was answered elsewhere, and by which region. */
  readonly moved?: { readonly at: number; readonly to: RegionType };
  /** The command that takes it back. */
  readonly next: string;
  /** What else is to be known. */
  readonly remarks: readonly string[];
}

/** Seconds that DNS answers are kept: an alias to API Gateway has the target's. */
export const DNS_TTL_SECONDS = 60;
const POLL_MILLISECONDS = 1000;
/** A second apart each. */
const RESPONSES_IN_A_ROW = 10;

/**
 * A latch moves nothing, and holds what has moved. Failover records lead to the region that stands by only while the active one is unhealthy: that it may
 * have traffic again moves none by itself.
 *
 * @param active - the active region; undefined: both are
 */
export function movesNothing(
  { kind, region, latch }: Pick<RouteRequest, 'kind' | 'latch' | 'region'>,
  active: RegionType | undefined,
): boolean {
  return latch === true || (kind === 'back' && active === otherRegion(region));
}

/**
 * Keeps traffic away from a region, or no longer: writes one object in the other region. Nothing else is called for it, no control plane and nothing of
 * the region that is left, so that it works while that, Route 53's API or IAM is gone.
 *
 * A latch is written only where the public name is answered by the region that stands by: that is Route 53's own verdict on both, got without its API,
 * as with both unhealthy it answers with the active one. One that is there already stays as it is, with its time and its reason.
 *
 * @param confirmed - asks before anything is written
 * @param onWatch - hears that it is written and the public name is watched
 * @throws RefusedError where traffic would keep away from both regions, or somebody else has written meanwhile; whatever the region that is left over answers
 */
export async function moveRoute(
  place: RoutePlace,
  request: RouteRequest,
  confirmed: () => Promise<void>,
  onWatch: () => void = () => undefined,
): Promise<RouteReport> {
  const { stage, active, stores, timeScale, watchAtLeast, flags } = place;
  const { kind, region, wait, latch = false } = request;
  if (latch && region !== active) throw nothingToHold(place);
  const other = otherRegion(region);
  const store = stores[other];
  const before = await store.read();
  const remarks: string[] = [];
  const predicted = {
    atLeast: (CONTROL_INTERVAL_SECONDS * (CONTROL_THRESHOLD - 1)) / timeScale,
    atMost: (CONTROL_INTERVAL_SECONDS * CONTROL_THRESHOLD + DNS_TTL_SECONDS) / timeScale,
  };
  const next = `two-region route-${kind === 'away' ? 'back' : 'away'} ${stage} ${region}${flags}`;
  const start = {
    stage,
    ...(active && { active }),
    kind,
    region,
    writtenIn: store.region,
    at: Date.now(),
    predicted,
    next,
  };
  const wanted = kind === 'away' ? 'away' : 'home';
  if (before.document.route === wanted) return { ...start, outcome: 'already', route: before.document, remarks };
  if (latch) {
    const responding = await place.responding();
    if (responding === undefined) throw nobodyResponds(stage, flags);
    if (responding === region) return { ...start, outcome: 'unneeded', route: before.document, remarks };
  }
  if (kind === 'away') {
    const opposite = await lookAt(stores[region]);
    if (opposite === 'away') throw bothAway(place, region);
    if (opposite !== 'home') remarks.push(unreachable(region, opposite.reason));
  }
  await confirmed();
  const route: RouteDocument = latch ? latched(new Date()) : { route: wanted, since: new Date().toISOString() };
  const at = Date.now();
  if (!(await store.write(route, before.version))) throw changedMeanwhile(stage, store.region, flags);
  // Two who leave opposite regions at once each saw the other at home: whoever finds the other away now takes its own word back.
  if (kind === 'away' && (await lookAt(stores[region])) === 'away') {
    await takeBack(store, await store.read());
    throw bothAway(place, region);
  }
  const done = { ...start, at, route, remarks };
  if (latch) return { ...done, outcome: 'held' };
  if (!wait || movesNothing(request, active)) return { ...done, outcome: 'unwatched' };
  onWatch();
  const moved = await watch(
    place,
    request,
    kind === 'away' ? other : region,
    at + Math.max(predicted.atMost, watchAtLeast) * 1000,
  );
  return moved ? { ...done, outcome: 'moved', moved } : { ...done, outcome: 'waiting' };
}

/** What a region says of the other one; a region that can't be asked is lost, and what it says counts for nothing. */
async function lookAt(store: RouteStore): Promise<'away' | 'home' | { readonly reason: string }> {
  try {
    return (await store.read()).document.route;
  } catch (error) {
    return { reason: errorReason(error) };
  }
}

async function takeBack(store: RouteStore, { version }: RouteState): Promise<void> {
  await store.write({ route: 'home', since: new Date().toISOString() }, version);
}

/** With both regions active a name is answered by either, so that one response says nothing of where it no longer leads. */
async function watch(
  { active, responding }: RoutePlace,
  { kind }: RouteRequest,
  to: RegionType,
  until: number,
): Promise<RouteReport['moved']> {
  const wanted = active === undefined && kind === 'away' ? RESPONSES_IN_A_ROW : 1;
  const deadline = until + (wanted - 1) * POLL_MILLISECONDS;
  let found = { at: 0, responses: 0 };
  for (;;) {
    const region = await responding();
    if (region !== to) found = { at: 0, responses: 0 };
    else found = { at: found.responses === 0 ? Date.now() : found.at, responses: found.responses + 1 };
    if (found.responses >= wanted) return { at: found.at, to };
    if (Date.now() >= deadline) return undefined;
    await sleep(Math.max(10, Math.min(POLL_MILLISECONDS, deadline - Date.now())));
  }
}

function bothAway({ stage, active, flags }: RoutePlace, region: RegionType): RefusedError {
  const other = otherRegion(region);
  const answer = active === undefined ? 'with either' : `with the ${active} region`;
  return new RefusedError(
    `Traffic keeps away from the ${other} region already: with both away Route 53 takes all for healthy and answers ${answer}. ` +
      `First: two-region route-back ${stage} ${other}${flags}, then two-region route-away ${stage} ${region}${flags}`,
  );
}

function nothingToHold({ stage, active, flags }: RoutePlace): RefusedError {
  return new RefusedError(
    active === undefined
      ? `--latch is for stages with one active region: with both active (ROUTING_POLICY) each has traffic, and that it has is no failover. Without it: two-region route-away ${stage} REGION${flags}`
      : `--latch is for the ${active} region: DNS returns to it by itself, and never to the ${otherRegion(active)} one. two-region route-away ${stage} ${active} --latch${flags}`,
  );
}

function nobodyResponds(stage: string, flags: string): RefusedError {
  return new RefusedError(
    'Neither region responds at the public name: nothing has moved that could be held, and nothing was changed. ' +
      `Look first: two-region status ${stage}${flags}`,
  );
}

function changedMeanwhile(stage: string, region: string, flags: string): RefusedError {
  return new RefusedError(
    `Somebody else changed the route in ${region} at the same time; nothing was changed here. Look first: two-region status ${stage}${flags}`,
  );
}

function unreachable(region: RegionType, reason: string): string {
  return `The ${region} region could not be asked whether it keeps traffic away from the other one (${reason}); while it is lost, what it says counts for nothing.`;
}
