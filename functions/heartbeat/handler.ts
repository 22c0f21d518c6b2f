import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { clientSettings } from '#functions/adapters/client-settings.ts';
import { dynamoDbItemStore } from '#functions/adapters/dynamodb-item-store.ts';
import { readRegion } from '#functions/environment.ts';
import { writeMetrics } from '#functions/metric-line.ts';
import { type BeatPorts, exchangeBeats } from './exchange-beats.ts';

/** Variables of the function, set by its stack; the last by the local runtime alone, whose time may pass faster. */
const variables = z.object({
  HEARTBEAT_TABLE_NAME: z.string(),
  OTHER_REGION: z.string(),
  METRIC_NAMESPACE: z.string(),
  METRIC_NAME: z.string(),
  TIME_SCALE: z.optional(z.string()),
});

function compose(): BeatPorts & { readonly namespace: string; readonly metric: string } {
  const { HEARTBEAT_TABLE_NAME, OTHER_REGION, METRIC_NAMESPACE, METRIC_NAME, TIME_SCALE } = variables.parse(
    process.env,
  );
  const client = new DynamoDBClient(clientSettings({ maxAttempts: 3, connectMs: 1000, attemptMs: 3000 }));
  return {
    region: readRegion(),
    otherRegion: OTHER_REGION,
    beats: dynamoDbItemStore(client, HEARTBEAT_TABLE_NAME),
    now: () => new Date(),
    timeScale: Number(TIME_SCALE ?? 1),
    namespace: METRIC_NAMESPACE,
    metric: METRIC_NAME,
  };
}

let composed: ReturnType<typeof compose> | undefined;

/** Exchanges beats once, and writes one line: a metric, too, where the other region's beat is known. */
export async function handler(): Promise<void> {
  composed ??= compose();
  const { namespace, metric, now } = composed;
  const { ageSeconds, ...said } = await exchangeBeats(composed);
  if (ageSeconds === undefined) return console.log(JSON.stringify(said));
  const metrics = { [metric]: { value: ageSeconds, unit: 'Seconds' as const } };
  writeMetrics({ namespace, at: now(), metrics, fields: said });
}
