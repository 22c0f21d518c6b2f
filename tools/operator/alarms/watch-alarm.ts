import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { LocalAlarms } from '#local/control/protocol.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { inRegion, otherRegion, type RegionType, type StageContext, standsBy } from '#stacks/context.ts';
import { functionName, REGION_WATCH } from '#stacks/naming.ts';
import type { SickAlarm } from './sick-alarm.ts';

/** The alarm by which a region says that the other one, which is active, is ill: ROUTE_AWAY. */
export interface WatchAlarm extends SickAlarm {
  readonly ill: RegionType;
}

/** Asks one region whether it has found the other one ill. @returns undefined unless its alarm is in ALARM, and where none watches */
export type AskWatch = (watching: RegionType) => Promise<WatchAlarm | undefined>;

/** @returns undefined where nothing watches: with ROUTE_AWAY="manual", and of a region that only stands by */
function watchIn(context: StageContext, watching: RegionType) {
  const { settings } = context;
  const ill = otherRegion(watching);
  if (settings.routeAway === 'manual' || !standsBy(settings, watching)) return undefined;
  return { ill, name: functionName(context, REGION_WATCH), region: inRegion(context, watching).region };
}

/** CloudWatch of the region that watches. Source: Amazon CloudWatch API Reference, "DescribeAlarms". */
export function awsWatchAlarm(context: StageContext): AskWatch {
  return async (watching) => {
    const watch = watchIn(context, watching);
    if (watch === undefined) return undefined;
    const { ill, name, region } = watch;
    const client = new CloudWatchClient(clientSettings(accessOf(context), region));
    const command = new DescribeAlarmsCommand({ AlarmNames: [name], StateValue: 'ALARM' });
    const { MetricAlarms: [alarm] = [] } = await client.send(command);
    if (alarm?.StateValue !== 'ALARM') return undefined;
    const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
    return { ill, name, ...(since && { since: since.toISOString() }), reason: alarm.StateReason ?? '' };
  };
}

/** The same of the local runtime. */
export function localWatchAlarm(context: StageContext, read: () => Promise<LocalAlarms>): AskWatch {
  return async (watching) => {
    const watch = watchIn(context, watching);
    if (watch === undefined) return undefined;
    const { ill, name, region } = watch;
    const all = (await read()).alarms;
    const alarm = all.find((each) => each.name === name && each.region === region && each.state === 'ALARM');
    return alarm && { ill, name, since: new Date(alarm.since).toISOString(), reason: alarm.reason };
  };
}
