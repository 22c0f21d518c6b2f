import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { readinessFailed } from '#constructs/watch/readiness-alarms.ts';
import type { ControlClient } from '#local/control/client.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { liveRegion } from '#operator/live/local-sources.ts';
import { inRegion, type StageContext } from '#stacks/context.ts';
import { prefix } from '#stacks/naming.ts';

/** Tells CloudWatch what a run came to: of the secondary region, which has the alarms on it. @throws what CloudWatch answers */
export type TellReadiness = (failed: number) => Promise<void>;

/** @returns undefined where settings wait for no run: its metric would be charged for, and nobody looks at it */
export function awsTeller(context: StageContext): TellReadiness | undefined {
  return tellerBy(
    context,
    async () => new CloudWatchClient(clientSettings(accessOf(context), inRegion(context, 'secondary').region)),
  );
}

/** Likewise of the running local runtime. */
export function localTeller(context: StageContext, control: ControlClient): TellReadiness | undefined {
  return tellerBy(context, async () => {
    const { region, services } = await liveRegion(control, 'secondary');
    const { operator: credentials } = (await control.regions()).credentials;
    return new CloudWatchClient({ region, endpoint: services.cloudwatch ?? '', credentials, maxAttempts: 1 });
  });
}

function tellerBy(context: StageContext, open: () => Promise<CloudWatchClient>): TellReadiness | undefined {
  if (context.settings.alarms.readinessHours === 0) return undefined;
  const { namespace: Namespace, name: MetricName } = readinessFailed(prefix(context));
  return async (failed) => {
    const client = await open();
    const MetricData = [{ MetricName, Value: failed, Timestamp: new Date() }];
    await client.send(new PutMetricDataCommand({ Namespace, MetricData }));
  };
}
