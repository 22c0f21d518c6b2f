import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { LocalAlarms } from '#local/control/protocol.ts';
import type { StageContext } from '#stacks/context.ts';
import { sickAlarmName } from '#stacks/naming.ts';

/** An environment's alarm that has gone off in a region. */
export interface SickAlarm {
  readonly name: string;
  /** ISO 8601. */
  readonly since?: string;
  readonly reason: string;
}

/**
 * Asks the composite alarm that says whether an environment is sick in the client's region.
 *
 * @returns `undefined` unless it is in ALARM: a stage without alarms, or one that has seen no requests yet, is not sick
 */
export async function askSickAlarm(
  client: CloudWatchClient,
  context: StageContext,
  environment: string,
): Promise<SickAlarm | undefined> {
  const name = sickAlarmName(context, environment);
  const { CompositeAlarms: [alarm] = [] } = await client.send(
    new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ['CompositeAlarm'], StateValue: 'ALARM' }),
  );
  if (alarm?.StateValue !== 'ALARM') return undefined;
  const since = alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp;
  return { name, ...(since && { since: since.toISOString() }), reason: alarm.StateReason ?? '' };
}

/** The same of the local runtime. @param region - `eu-central-1` */
export function localSickAlarm(
  { alarms }: LocalAlarms,
  context: StageContext,
  region: string,
  environment: string,
): SickAlarm | undefined {
  const name = sickAlarmName(context, environment);
  const alarm = alarms.find((each) => each.name === name && each.region === region && each.state === 'ALARM');
  return alarm && { name, since: new Date(alarm.since).toISOString(), reason: alarm.reason };
}

/** `two-region-api-dev-envB-sick is in ALARM since 2026-11-29T01:02:03.000Z: …` */
export function describeSickAlarm({ name, since, reason }: SickAlarm): string {
  return `${name} is in ALARM${since === undefined ? '' : ` since ${since}`}${reason === '' ? '.' : `: ${reason}`}`;
}
