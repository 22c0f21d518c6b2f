import { paginateGetParametersByPath, type SSMClient } from '@aws-sdk/client-ssm';
import type { RegionType, StageContext } from '#stacks/context.ts';
import { parseRecords, type ReleaseRecord, type ReleaseRecords, recordsPath } from '#stacks/release-record.ts';
import type { RegionSources } from './read-region.ts';

/** Release records of a region's deployed environments, as their stacks left them in its Parameter Store. @throws ReleaseRecordError */
export async function ssmRecords(ssm: SSMClient, context: StageContext): Promise<readonly ReleaseRecord[]> {
  const values = new Map<string, string>();
  const pages = paginateGetParametersByPath({ client: ssm }, { Path: recordsPath(context), Recursive: true });
  for await (const { Parameters = [] } of pages) {
    for (const { Name = '', Value = '' } of Parameters) values.set(Name, Value);
  }
  return parseRecords(context, values);
}

/** Asks both regions what their environments run. @throws ReleaseRecordError; whatever a region that does not answer fails with */
export async function readRecords(regions: Readonly<Record<RegionType, RegionSources>>): Promise<ReleaseRecords> {
  const [primary, secondary] = await Promise.all([regions.primary.records(), regions.secondary.records()]);
  return { primary, secondary };
}
