import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dynamoDbItemStore } from '#functions/adapters/dynamodb-item-store.ts';
import { HEARTBEAT } from '#functions/environment.ts';
import { beatAge } from '#functions/heartbeat/exchange-beats.ts';
import type { ControlClient } from '#local/control/client.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { inRegion, otherRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { tableName } from '#stacks/naming.ts';
import { liveRegion } from './local-sources.ts';

/** What of the other region's heartbeat has arrived in a region. */
export interface HeardBeat {
  /** AWS region that wrote it. */
  readonly of: string;
  /** `null`: none has arrived yet. */
  readonly ageSeconds: number | null;
}

/** Reads, in one region, what has arrived of the other's. @throws what DynamoDB answers: without the table, too */
export type HearBeat = () => Promise<HeardBeat>;

/** Both regions of a stage on AWS. Nothing is asked yet. @returns undefined where settings have no heartbeat */
export function awsHeartbeats(context: StageContext): Readonly<Record<RegionType, HearBeat>> | undefined {
  if (context.settings.alarms.heartbeatAgeSeconds === 0) return undefined;
  const listen = (regionType: RegionType) => () =>
    hear(
      context,
      regionType,
      new DynamoDBClient(clientSettings(accessOf(context), inRegion(context, regionType).region)),
    );
  return { primary: listen('primary'), secondary: listen('secondary') };
}

/** Both regions of the running local runtime. @returns undefined where settings have no heartbeat */
export function localHeartbeats(
  context: StageContext,
  control: Pick<ControlClient, 'regions' | 'status'>,
): Readonly<Record<RegionType, HearBeat>> | undefined {
  if (context.settings.alarms.heartbeatAgeSeconds === 0) return undefined;
  const listen = (regionType: RegionType) => async () => {
    const { region, services } = await liveRegion(control, regionType);
    const { operator: credentials } = (await control.regions()).credentials;
    const client = new DynamoDBClient({ region, endpoint: services.dynamodb ?? '', credentials, maxAttempts: 1 });
    return hear(context, regionType, client, (await control.status()).timeScale);
  };
  return { primary: listen('primary'), secondary: listen('secondary') };
}

/** Whether what has arrived is older than settings allow. */
export function isLate({ settings }: StageContext, { ageSeconds }: HeardBeat): boolean {
  return ageSeconds !== null && ageSeconds > settings.alarms.heartbeatAgeSeconds;
}

async function hear(context: StageContext, regionType: RegionType, client: DynamoDBClient, timeScale = 1) {
  const of = inRegion(context, otherRegion(regionType)).region;
  const beat = await dynamoDbItemStore(client, tableName(context, HEARTBEAT)).get(of);
  return { of, ageSeconds: beatAge(beat, new Date(), timeScale) ?? null };
}
