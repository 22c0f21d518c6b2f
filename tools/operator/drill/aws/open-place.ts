import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { freshConnections } from '#client/fresh-connections.ts';
import { operations } from '#contract/index.ts';
import { readAlarms } from '#operator/alarms/read-alarms.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import type { CallTarget } from '#operator/call/call-target.ts';
import { stageTarget } from '#operator/call/stage-target.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { KEPT_SECONDS } from '#operator/drill/drill-place.ts';
import { trafficOf } from '#operator/drill/load/journeys.ts';
import { createPlainSender, onNewConnection } from '#operator/drill/load/sender.ts';
import { awsSwitchRecords, underStageLock } from '#operator/journal/stage-records.ts';
import { awsLiveSources } from '#operator/live/open-live.ts';
import { awsRoutePlace } from '#operator/route/open-route.ts';
import { readStatus } from '#operator/status/read-status.ts';
import type { RegionStatus } from '#operator/status/stage-status.ts';
import { activeRegion, inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { awsDrillRecords } from './drill-records.ts';
import type { AwsDrillPlace } from './drill-stage.ts';
import { allowAgain, denyTable, leaveRegion } from './faults.ts';

const PATIENCE_MILLISECONDS = 5000;
const SLOW_MILLISECONDS = 1000;

/**
 * A stage on AWS as the place of a drill. What its traffic asks is looked up first: addresses and keys stay as they are while it runs. Operations for
 * holders of tokens are left out: nobody here has one.
 *
 * @param run - some letters and digits that no other run has
 * @throws RefusedError where the primary region is not the active one, or the regions refuse what does not come through the edge
 */
export async function openAwsDrillPlace(context: StageContext, run: string): Promise<AwsDrillPlace> {
  const { stage, settings } = context;
  if (activeRegion(settings) !== 'primary') {
    throw new RefusedError(
      `Drills are of stages whose primary region is the active one (ACTIVE_REGION, ROUTING_POLICY): that of ${stage} is not. Nothing was done.`,
    );
  }
  if (settings.edge.bypass === 'closed') {
    throw new RefusedError(
      `A drill reads back at the regions' own names, and with EDGE_BYPASS="closed" they refuse it: what was written would count as lost. Nothing was done. ` +
        `First, if it may be: EDGE_BYPASS="open" and two-region deploy ${stage}`,
    );
  }
  const sendable = operations.filter(({ auth }) => auth === 'open' || auth === 'apiKey' || auth === 'iam');
  const places = [undefined, 'primary', 'secondary'] as const;
  const keyOf = (id: string, region: RegionType | undefined) => `${id} ${region ?? ''}`;
  const targets = new Map<string, CallTarget>(
    await Promise.all(
      sendable.flatMap((operation) =>
        places.map(
          async (region) =>
            [keyOf(operation.id, region), await stageTarget(operation, region ? { region } : {}, stage)] as const,
        ),
      ),
    ),
  );
  const kept = freshConnections(KEPT_SECONDS * 1000);
  const regions = [settings.primaryRegion, settings.secondaryRegion];
  const sender = (fetched: typeof fetch, region?: RegionType) =>
    createPlainSender({
      targetOf: ({ id }) => {
        const target = targets.get(keyOf(id, region));
        if (target === undefined) throw new Error(`${id} is not part of the drill.`);
        return target;
      },
      fetch: fetched,
      timeoutMilliseconds: PATIENCE_MILLISECONDS,
      regions,
      ...(region && { region }),
    });
  const access = accessOf(context);
  const clientIn = (region: string) => new CloudWatchClient(clientSettings(access, region));
  const route = awsRoutePlace(context);
  const records = awsSwitchRecords(context);
  const status = () =>
    readStatus(context, awsLiveSources(context), { ...records, flags: '', routes: route.stores }, async () => []);
  const iam = new IAMClient(clientSettings(access, settings.primaryRegion));
  const traffic = trafficOf(sendable, run);
  return {
    context,
    traffic,
    slowMilliseconds: SLOW_MILLISECONDS,
    timeScale: 1,
    senderFor: (connection) => sender(connection === 'kept' ? kept : onNewConnection),
    regionSender: (region) => sender(kept, region),
    look: async () => {
      const [found, alarms] = await Promise.all([status(), readAlarms(context, clientIn)]);
      return {
        problems: found.disagreements,
        unknown: [
          ...found.regions.flatMap(({ regionType, health, problem }) =>
            problem === undefined ? notKnown(regionType, health) : [],
          ),
          ...alarms.regions.flatMap(({ region, problem }) =>
            problem === undefined ? [] : [`The alarms of ${region} could not be asked: ${problem}`],
          ),
        ],
        unhealthy: found.regions.flatMap(({ regionType, health = {} }) =>
          Object.entries(health).flatMap(([kind, { status: said }]) =>
            said === 'unhealthy' ? [`${regionType} ${kind}`] : [],
          ),
        ),
        alarms: alarms.regions.flatMap(({ region, alarms: all }) =>
          all.flatMap(({ name, state, since, reason }) =>
            state === 'ALARM'
              ? [{ region, name, from: 'OK' as const, state, reason, since: Date.parse(since ?? '') || 0 }]
              : [],
          ),
        ),
      };
    },
    responding: route.responding,
    records: awsDrillRecords(context),
    underLock: (work) => underStageLock(context, work),
    faultOf: async (name) => {
      if (name === 'route-away') return leaveRegion(route, 'primary');
      const { target } = await status();
      if (target === undefined)
        throw new RefusedError(`The public names of ${stage} lead nowhere yet: deploy it first.`);
      const lambda = new LambdaClient(clientSettings(access, inRegion(context, 'primary').region));
      return denyTable(context, 'primary', { iam, lambda, environment: target, traffic });
    },
  };
}

/** Health checks that nobody knows of are no healthy ones. */
function notKnown(regionType: RegionType, health: RegionStatus['health']): readonly string[] {
  if (health === undefined) return [`The health checks of the ${regionType} region could not be asked.`];
  return Object.entries(health).flatMap(([kind, { status }]) =>
    status === 'unknown'
      ? [`Of the health check ${regionType} ${kind} Route 53 does not say whether it is healthy.`]
      : [],
  );
}

/** What an earlier drill has left broken is taken back. @returns what was, in a sentence */
export async function restoreStage(context: StageContext): Promise<string> {
  const records = awsDrillRecords(context);
  return underStageLock(context, async () => {
    const open = await records.read();
    if (open === undefined) return `No drill of ${context.stage} has left anything. Nothing was changed.`;
    const settings = clientSettings(accessOf(context), context.settings.primaryRegion);
    if (open.scenario === 'route-away') await leaveRegion(awsRoutePlace(context), open.region).restore();
    if (open.role !== undefined) await allowAgain(new IAMClient(settings), open.role);
    await records.write(undefined);
    return `What the drill ${open.scenario} of ${open.begun} had made is taken back.`;
  });
}
