import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { PUBLIC } from '#contract/journeys.ts';
import type { LocalAlarms } from '#local/control/protocol.ts';
import { askSickAlarm, describeSickAlarm, localSickAlarm, type SickAlarm } from '#operator/alarms/sick-alarm.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { JOURNEYS } from '#stacks/naming.ts';

/** Names at which journeys fail, as one region finds it. */
export interface FailingJourneys {
  /** Where they are taken: AWS regions, by their own names, and `public`. */
  readonly takenAt: readonly string[];
  /** Alarms of where they fail, by the name. */
  readonly failing: Readonly<Record<string, SickAlarm>>;
}

/** Asks one region's alarms. @throws what CloudWatch answers */
export type AskJourneys = () => Promise<FailingJourneys>;

type Journeys = Readonly<Record<RegionType, AskJourneys>> | undefined;

/** Both regions of a stage on AWS. Nothing is asked yet. @returns undefined where settings have no journeys taken */
export function awsJourneys(context: StageContext): Journeys {
  return journeysBy(context, (region) => {
    const client = new CloudWatchClient(clientSettings(accessOf(context), region));
    return (at) => askSickAlarm(client, context, `${JOURNEYS}-${at}`);
  });
}

/** Both regions of the running local runtime. @returns undefined where settings have no journeys taken */
export function localJourneys(context: StageContext, read: () => Promise<LocalAlarms>): Journeys {
  return journeysBy(
    context,
    (region) => async (at) => localSickAlarm(await read(), context, region, `${JOURNEYS}-${at}`),
  );
}

function journeysBy(
  context: StageContext,
  askIn: (region: string) => (at: string) => Promise<SickAlarm | undefined>,
): Journeys {
  const { journeyMinutes, primaryRegion, secondaryRegion } = context.settings;
  if (journeyMinutes === 0) return undefined;
  const takenAt = [primaryRegion, secondaryRegion, PUBLIC];
  const look = (regionType: RegionType) => async (): Promise<FailingJourneys> => {
    const ask = askIn(inRegion(context, regionType).region);
    const asked = await Promise.all(takenAt.map(async (at) => [at, await ask(at)] as const));
    const failing = asked.flatMap(([at, alarm]) => (alarm === undefined ? [] : [[at, alarm] as const]));
    return { takenAt, failing: Object.fromEntries(failing) };
  };
  return { primary: look('primary'), secondary: look('secondary') };
}

/** What regions have found, in sentences. @param command - that says more */
export function describeFailing(
  regions: readonly { readonly region: string; readonly journeys?: FailingJourneys | undefined }[],
  command: string,
): readonly string[] {
  return regions.flatMap(({ region, journeys }) =>
    Object.entries(journeys?.failing ?? {}).map(([at, alarm]) => {
      const names = at === PUBLIC ? 'the public names' : `the own names of ${at}`;
      const since = describeSickAlarm(alarm).replace(/\.?$/, '.');
      return `Journeys that ${region} takes at ${names} fail: ${since} Which ones: ${command}`;
    }),
  );
}
