import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import * as z from 'zod/mini';
import { operations } from '#contract/index.ts';
import { functionsOf } from '#contract/operation.ts';
import { recordedParts } from '#contract/replay.ts';
import { errorReason } from '#functions/error-reason.ts';
import { requestRecordSchema } from '#local/events/recorded-requests.ts';
import { unlessAbsent } from '#operator/aws/absent.ts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import { stageTarget } from '#operator/call/stage-target.ts';
import { awsLiveSources } from '#operator/live/open-live.ts';
import { readRegion, readTarget } from '#operator/live/read-region.ts';
import { liveTarget } from '#operator/live/target.ts';
import { REGION_TYPES } from '#operator/regions/left-region.ts';
import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { functionLogGroup } from '#stacks/naming.ts';
import type { FoundRecords, RecordedRequest, ReplayPlace } from './replay-place.ts';

/** Of one function in one region: more than are ever sent, in ten pages of CloudWatch Logs. */
const MOST_RECORDS = 10_000;

/** A line that a function wrote, see `recorderOf`. */
const lineSchema = z.object({ environment: z.string(), recorded: requestRecordSchema });

/**
 * A stage on AWS as the place of a replay: what its functions were asked stands in their logs. Nothing is asked yet.
 *
 * @param token - of the issuer, for operations that take tokens. @default - those are not sent
 */
export function awsReplayPlace(context: StageContext, token?: string): ReplayPlace {
  const live = awsLiveSources(context);
  return {
    stage: context.stage,
    flags: '',
    environments: context.settings.apiEnvironments,
    target: async () =>
      liveTarget(await Promise.all(REGION_TYPES.map((type) => readTarget(context, type, live.regions[type])))),
    records: async (environment, since) => {
      const found = await Promise.all(REGION_TYPES.map((type) => recordsIn(context, type, environment, since)));
      return {
        records: found.flatMap(({ records }) => records).toSorted((one, other) => one.time - other.time),
        remarks: found.flatMap(({ remarks }) => remarks),
      };
    },
    deployed: async (regionType) => (await readRegion(context, regionType, live.regions[regionType])).environments,
    targetOf: (operation, place) =>
      stageTarget(operation, { ...place, ...(token !== undefined && { token }) }, context.stage),
    secrets: context.settings.recording.secrets,
    howToRecord:
      context.settings.recording.percent === 0
        ? 'RECORDING_PERCENT of settings.conf is 0: set it, deploy and switch; the release after that one can be tried so.'
        : 'RECORDING_PERCENT of settings.conf counts from the release that was deployed with it.',
  };
}

/** A region that does not answer is passed by, and said. */
async function recordsIn(
  context: StageContext,
  regionType: RegionType,
  environment: string,
  startTime: number,
): Promise<FoundRecords> {
  const { region } = inRegion(context, regionType);
  const client = new CloudWatchLogsClient(clientSettings(accessOf(context), region));
  const [records, remarks]: [RecordedRequest[], string[]] = [[], []];
  const recording = operations.filter((operation) => recordedParts(operation) !== undefined);
  for (const name of functionsOf(recording)) {
    // Of one function after the other: FilterLogEvents is limited to some a second per region.
    const logGroupName = functionLogGroup(context, name);
    const filterPattern = `{ $.environment = ${JSON.stringify(environment)} && $.recorded.operation = "*" }`;
    try {
      const read = await unlessAbsent(readLines(client, { logGroupName, startTime, filterPattern }));
      for (const line of read ?? []) records.push(...recordIn(line, regionType));
      if (read?.length === MOST_RECORDS)
        remarks.push(`${logGroupName} in ${region}: the first ${MOST_RECORDS} records.`);
    } catch (error) {
      remarks.push(`${logGroupName} in ${region} could not be read: ${errorReason(error)}`);
    }
  }
  return { records, remarks };
}

async function readLines(
  client: CloudWatchLogsClient,
  input: { readonly logGroupName: string; readonly startTime: number; readonly filterPattern: string },
): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const { events = [] } of paginateFilterLogEvents({ client }, input)) {
    lines.push(...events.flatMap(({ message }) => message ?? []));
    if (lines.length >= MOST_RECORDS) return lines.slice(0, MOST_RECORDS);
  }
  return lines;
}

/** A line of another release's format is none of ours. */
function recordIn(line: string, regionType: RegionType): readonly RecordedRequest[] {
  try {
    const parsed = lineSchema.safeParse(JSON.parse(line));
    return parsed.success ? [{ regionType, ...parsed.data.recorded }] : [];
  } catch {
    return [];
  }
}
