import { freshConnections } from '#client/fresh-connections.ts';
import { operations } from '#contract/index.ts';
import type { ControlClient } from '#local/control/client.ts';
import type { RegionsMessage } from '#local/control/regions-schema.ts';
import { summarize } from '#local/control/summary.ts';
import type { CallTarget } from '#operator/call/call-target.ts';
import { targetIn, tokenFor } from '#operator/call/local-target.ts';
import type { RoutePlace } from '#operator/route/move-route.ts';
import { localRoutePlace } from '#operator/route/open-route.ts';
import type { RegionType, StageContext } from '#stacks/context.ts';
import { type Traffic, trafficOf } from './load/journeys.ts';
import type { Connection } from './load/load.ts';
import { createPlainSender, onNewConnection, type Sender } from './load/sender.ts';

/** Seconds that a connection is kept at the most, as docs/clients.md asks of clients. */
export const KEPT_SECONDS = 60;

/** A client that waits longer than this has given up. */
const PATIENCE_SECONDS = 5;
/** What takes longer counts as slow. */
const SLOW_SECONDS = 1;
/** However fast time runs, this machine needs some. */
const LEAST_PATIENCE_MILLISECONDS = 2000;
const OVERLOAD_PATIENCE_MILLISECONDS = 30_000;
const LEAST_SLOW_MILLISECONDS = 250;

/** The running local runtime, as a drill needs it. */
export interface DrillPlace {
  readonly context: StageContext;
  readonly control: ControlClient;
  readonly route: RoutePlace;
  readonly regions: RegionsMessage;
  /** 10: a minute passes in six seconds. */
  readonly timeScale: number;
  readonly traffic: Traffic;
  readonly slowMilliseconds: number;
  readonly senderFor: (connection: Connection) => Sender;
  /** At a region's own door, past DNS. */
  readonly regionSender: (region: RegionType) => Sender;
}

/** @param run - some letters and digits that no other run has */
export async function openDrillPlace(context: StageContext, control: ControlClient, run: string): Promise<DrillPlace> {
  const [regions, { timeScale }, route] = await Promise.all([
    control.regions(),
    control.status(),
    localRoutePlace(context, control),
  ]);
  const summary = summarize(regions);
  const timeoutMilliseconds = Math.max(LEAST_PATIENCE_MILLISECONDS, (PATIENCE_SECONDS * 1000) / timeScale);
  const awsRegions = [summary.regions.primary.region, summary.regions.secondary.region];
  const kept = freshConnections((KEPT_SECONDS * 1000) / timeScale);
  const targets = new Map<string, CallTarget>();
  const targetOf = (operation: (typeof operations)[number], region?: RegionType): CallTarget => {
    const key = `${operation.api} ${operation.scopes?.join(' ')} ${region ?? ''}`;
    const place = { ...(region && { region }), token: tokenFor(operation, control) };
    const target = targets.get(key) ?? targetIn(summary, operation, place);
    targets.set(key, target);
    return target;
  };
  const regionSender = (region: RegionType): Sender =>
    createPlainSender({
      targetOf: (operation) => targetOf(operation, region),
      fetch: kept,
      timeoutMilliseconds: Math.max(10_000, timeoutMilliseconds),
      regions: awsRegions,
      region,
    });
  return {
    context,
    control,
    route,
    regions,
    timeScale,
    traffic: trafficOf(operations, run),
    slowMilliseconds: Math.max(LEAST_SLOW_MILLISECONDS, (SLOW_SECONDS * 1000) / timeScale),
    regionSender,
    senderFor: (connection) =>
      connection === 'secondary'
        ? regionSender('secondary')
        : createPlainSender({
            targetOf: (operation) => targetOf(operation),
            fetch: connection === 'kept' ? kept : onNewConnection,
            // Its first requests wait for processes to start.
            timeoutMilliseconds: connection === 'overload' ? OVERLOAD_PATIENCE_MILLISECONDS : timeoutMilliseconds,
            regions: awsRegions,
          }),
  };
}
