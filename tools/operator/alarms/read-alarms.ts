import {
  type CloudWatchClient,
  type CompositeAlarm,
  type MetricAlarm,
  paginateDescribeAlarmHistory,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch';
import { errorReason } from '#functions/error-reason.ts';
import type { LocalAlarms } from '#local/control/protocol.ts';
import type { StageContext } from '#stacks/context.ts';
import { prefix } from '#stacks/naming.ts';
import { route53Region } from '#stacks/settings/partitions.ts';

type State = 'ALARM' | 'INSUFFICIENT_DATA' | 'OK';

/** An alarm as it is now. */
interface AlarmState {
  /** Without what all names of the stage start with: `envA-sick`. */
  readonly name: string;
  readonly state: State;
  /** When it came into its state; ISO 8601. */
  readonly since?: string;
  readonly reason: string;
}

/** A change of an alarm's state. */
interface AlarmChange {
  /** ISO 8601. */
  readonly time: string;
  readonly name: string;
  /** `Alarm updated from OK to ALARM` */
  readonly summary: string;
}

/** A region's alarms, or why they could not be asked. */
export interface RegionAlarms {
  readonly region: string;
  readonly alarms: readonly AlarmState[];
  /** Newest first. @default - not asked for */
  readonly changes?: readonly AlarmChange[];
  readonly problem?: string;
}

export interface StageAlarms {
  readonly stage: string;
  readonly regions: readonly RegionAlarms[];
}

/**
 * Asks the alarms of a stage: in both regions, and in the one that has those on Route 53's health checks.
 *
 * @param since - milliseconds since the epoch: what changed from then on is asked, too
 * @throws what a region threw, when none answers
 */
export async function readAlarms(
  context: StageContext,
  clientIn: (region: string) => CloudWatchClient,
  since?: number,
): Promise<StageAlarms> {
  const { primaryRegion, secondaryRegion } = context.settings;
  const places = [...new Set([primaryRegion, secondaryRegion, route53Region(primaryRegion)])];
  const problems: unknown[] = [];
  const asked = places.map(async (region): Promise<RegionAlarms> => {
    const client = clientIn(region);
    try {
      const [alarms, changes] = await Promise.all([
        alarmsOf(client, context),
        since === undefined ? undefined : changesOf(client, context, since),
      ]);
      return { region, alarms, ...(changes && { changes }) };
    } catch (problem) {
      problems.push(problem);
      return { region, alarms: [], problem: errorReason(problem) };
    }
  });
  const regions = await Promise.all(asked);
  if (problems.length === places.length) throw problems[0];
  return { stage: context.stage, regions };
}

/**
 * What the local runtime says of the same alarms.
 *
 * @param since - milliseconds since the epoch: what changed from then on is told, too
 */
export function localAlarms(context: StageContext, { alarms, changes }: LocalAlarms, since?: number): StageAlarms {
  const { primaryRegion, secondaryRegion } = context.settings;
  const start = `${prefix(context)}-`;
  const shortened = (name: string) => (name.startsWith(start) ? name.slice(start.length) : name);
  const places = [...new Set([primaryRegion, secondaryRegion, route53Region(primaryRegion)])];
  const regions = places.map((place): RegionAlarms => {
    const told = changes
      .filter(({ region, since: time }) => region === place && since !== undefined && time >= since)
      .map(
        ({ name, since: time, from, state }): AlarmChange => ({
          time: new Date(time).toISOString(),
          name: shortened(name),
          summary: `Alarm updated from ${from} to ${state}`,
        }),
      );
    return {
      region: place,
      alarms: alarms
        .filter(({ region }) => region === place)
        .map(({ name, state, since: time, reason }) => ({
          name: shortened(name),
          state,
          since: new Date(time).toISOString(),
          reason,
        })),
      ...(since !== undefined && { changes: told.toReversed() }),
    };
  });
  return { stage: context.stage, regions };
}

async function alarmsOf(client: CloudWatchClient, context: StageContext): Promise<readonly AlarmState[]> {
  const found: (CompositeAlarm | MetricAlarm)[] = [];
  const start = `${prefix(context)}-`;
  const input = { AlarmNamePrefix: start, AlarmTypes: ['MetricAlarm' as const, 'CompositeAlarm' as const] };
  for await (const { MetricAlarms = [], CompositeAlarms = [] } of paginateDescribeAlarms({ client }, input)) {
    found.push(...CompositeAlarms, ...MetricAlarms);
  }
  return found.map((alarm) => {
    const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
    return {
      name: (alarm.AlarmName ?? '').slice(start.length),
      state: alarm.StateValue ?? 'INSUFFICIENT_DATA',
      ...(since && { since: since.toISOString() }),
      reason: alarm.StateReason ?? '',
    };
  });
}

/** CloudWatch takes the name of one alarm or none: of the account's changes those of the stage are picked out. */
async function changesOf(client: CloudWatchClient, context: StageContext, since: number): Promise<AlarmChange[]> {
  const start = `${prefix(context)}-`;
  const changes: AlarmChange[] = [];
  const input = {
    AlarmTypes: ['MetricAlarm' as const, 'CompositeAlarm' as const],
    HistoryItemType: 'StateUpdate' as const,
    StartDate: new Date(since),
    EndDate: new Date(),
    ScanBy: 'TimestampDescending' as const,
  };
  for await (const { AlarmHistoryItems = [] } of paginateDescribeAlarmHistory({ client }, input)) {
    for (const { AlarmName = '', Timestamp, HistorySummary = '' } of AlarmHistoryItems) {
      if (!AlarmName.startsWith(start) || Timestamp === undefined) continue;
      changes.push({ time: Timestamp.toISOString(), name: AlarmName.slice(start.length), summary: HistorySummary });
    }
  }
  return changes;
}
