import { ObjectReplication, type ReplicatedBucket } from '#constructs/object-replication.ts';
import type { Base } from './base.ts';
import { inRegion, otherRegion, type RegionType, type StageContext } from './context.ts';
import type { Data } from './data.ts';
import { OBJECT_RULE, prefix, roleName } from './naming.ts';
import { serviceHost } from './settings/partitions.ts';

/**
 * Declares in the data stack that S3 copies the objects of each region's data bucket to the other one's, where settings ask for it. S3 refuses a rule
 * whose destination is not there, with versions: this stack reads both base stacks, so both buckets come first and go last. A region's own stack
 * could not wait for the other region, and a deploy without one would fail in it; of both regions the data stack is, and such a deploy leaves it out.
 */
export function replicateObjects(
  { stack, providers: ends }: Data['declaredIn'],
  context: StageContext,
  bases: Readonly<Record<RegionType, Base>>,
): void {
  if (context.settings.objectReplication === 'none') return;
  const endOf = (regionType: RegionType): ReplicatedBucket => {
    const { dataBucket, alarmTopicArn: topicArn, keyFor } = bases[regionType];
    const { region } = inRegion(context, regionType);
    const keyArn = keyFor('buckets');
    return {
      bucketName: dataBucket.bucketName,
      arn: dataBucket.arn,
      ...(keyArn && { key: { arn: keyArn, via: serviceHost('s3', region) } }),
      region,
      provider: ends[regionType],
      topicArn,
    };
  };
  for (const regionType of ['primary', 'secondary'] as const) {
    new ObjectReplication(stack, `objects-of-${regionType}`, {
      from: endOf(regionType),
      to: endOf(otherRegion(regionType)),
      ruleId: OBJECT_RULE,
      roleName: roleName(inRegion(context, regionType), 'object-replication'),
      alarmName: `${prefix(context)}-objects`,
    });
  }
}
