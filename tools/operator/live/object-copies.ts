import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { type ReplicationRule, S3Client } from '@aws-sdk/client-s3';
import { ACCOUNT_ID } from '#local/aws-endpoint/authorize.ts';
import type { ControlClient } from '#local/control/client.ts';
import { accessOf, clientSettings, hasOwnS3Endpoint } from '#operator/aws/aws-access.ts';
import { askIdentity } from '#operator/cli/ask-identity.ts';
import { replicationOf } from '#operator/state/storage/bucket-replication.ts';
import { inRegion, otherRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { bucketName, DATA_BUCKET, OBJECT_RULE } from '#stacks/naming.ts';
import { liveRegion } from './local-sources.ts';

/** What S3 does with the objects of a region's data bucket. */
export interface ObjectCopies {
  /** AWS region that they should be copied to. */
  readonly to: string;
  /** The rule as it is shown. @default - S3 copies nothing there */
  readonly rule?: string;
  /** How late the other region's objects were here at most, in the last 15 minutes. @default - nothing waited */
  readonly lateSeconds?: number;
}

/** Asks one region alone. @throws what S3 answers: without the bucket, too */
export type AskObjects = () => Promise<ObjectCopies>;

const RECENT_MILLISECONDS = 15 * 60_000;

/** Both regions of a stage on AWS. Nothing is asked yet. @returns undefined where settings have nothing copied */
export function awsObjectCopies(context: StageContext): Readonly<Record<RegionType, AskObjects>> | undefined {
  return inBoth(context, (regionType) => async () => {
    const { region } = inRegion(context, regionType);
    const settings = clientSettings(accessOf(context), region);
    const { account } = (await askIdentity(context, region)).identity();
    const s3 = new S3Client({ ...settings, forcePathStyle: hasOwnS3Endpoint() });
    const [copies, lateSeconds] = await Promise.all([
      copiesOf(context, regionType, s3, account),
      // What cannot be measured hides nothing of the rest.
      greatestLatency(context, regionType, new CloudWatchClient(settings), account).catch(() => undefined),
    ]);
    return { ...copies, ...(lateSeconds !== undefined && { lateSeconds }) };
  });
}

/** Both regions of the running local runtime, which measures no latency. @returns as {@link awsObjectCopies} */
export function localObjectCopies(
  context: StageContext,
  control: Pick<ControlClient, 'regions'>,
): Readonly<Record<RegionType, AskObjects>> | undefined {
  return inBoth(context, (regionType) => async () => {
    const { region, services } = await liveRegion(control, regionType);
    const { operator: credentials } = (await control.regions()).credentials;
    const settings = { region, endpoint: services.s3 ?? '', credentials, forcePathStyle: true, maxAttempts: 1 };
    return copiesOf(context, regionType, new S3Client(settings), ACCOUNT_ID);
  });
}

function inBoth(context: StageContext, ask: (regionType: RegionType) => AskObjects) {
  if (context.settings.objectReplication === 'none') return undefined;
  return { primary: ask('primary'), secondary: ask('secondary') };
}

const bucketIn = (context: StageContext, regionType: RegionType, account: string) =>
  bucketName(inRegion(context, regionType), DATA_BUCKET, account);

async function copiesOf(
  context: StageContext,
  regionType: RegionType,
  s3: S3Client,
  account: string,
): Promise<ObjectCopies> {
  const { region } = inRegion(context, regionType);
  const other = otherRegion(regionType);
  const found = await replicationOf(s3, { bucket: bucketIn(context, regionType, account), account, region });
  const destination = bucketIn(context, other, account);
  const rule = found?.Rules?.find(
    ({ Status, Destination }) => Status === 'Enabled' && Destination?.Bucket?.endsWith(`:${destination}`),
  );
  return { to: inRegion(context, other).region, ...(rule && { rule: describeRule(rule) }) };
}

/** Without the names of roles and buckets, which are each region's own. */
function describeRule({ DeleteMarkerReplication, Destination, SourceSelectionCriteria }: ReplicationRule): string {
  const { ReplicationTime } = Destination ?? {};
  const minutes = ReplicationTime?.Status === 'Enabled' ? ReplicationTime.Time?.Minutes : undefined;
  const isOn = (block: { readonly Status?: string | undefined } | undefined) => block?.Status === 'Enabled';
  return [
    minutes === undefined ? 'at no promised time' : `within ${minutes} min`,
    `${isOn(DeleteMarkerReplication) ? 'with' : 'without'} delete markers`,
    `${isOn(SourceSelectionCriteria?.ReplicaModifications) ? 'with' : 'without'} changes of replicas`,
  ].join(', ');
}

async function greatestLatency(
  context: StageContext,
  regionType: RegionType,
  client: CloudWatchClient,
  account: string,
): Promise<number | undefined> {
  const now = Date.now();
  const Dimensions = [
    { Name: 'SourceBucket', Value: bucketIn(context, otherRegion(regionType), account) },
    { Name: 'DestinationBucket', Value: bucketIn(context, regionType, account) },
    { Name: 'RuleId', Value: OBJECT_RULE },
  ];
  const Metric = { Namespace: 'AWS/S3', MetricName: 'ReplicationLatency', Dimensions };
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - RECENT_MILLISECONDS),
      EndTime: new Date(now),
      MetricDataQueries: [{ Id: 'latency', MetricStat: { Metric, Period: 60, Stat: 'Maximum' } }],
    }),
  );
  const values = MetricDataResults.flatMap(({ Values = [] }) => Values);
  return values.length === 0 ? undefined : Math.max(...values);
}
