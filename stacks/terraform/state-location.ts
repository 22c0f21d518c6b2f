import { inRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { lockTableName, stateBucketName, stateReplicaName } from '#stacks/naming.ts';

/** Where one region keeps a stage's Terraform state. */
export interface StateLocation {
  readonly regionType: RegionType;
  /** AWS region: `eu-central-1`. */
  readonly region: string;
  readonly bucket: string;
  readonly lockTable: string;
}

/** Where a region keeps, or is to keep, a stage's state: the primary itself, the secondary S3's copy of it. */
export function stateLocation(context: StageContext, regionType: RegionType): StateLocation {
  const bucket = regionType === 'primary' ? stateBucketName(context) : stateReplicaName(context);
  return { regionType, region: inRegion(context, regionType).region, bucket, lockTable: lockTableName(context) };
}

/** Where the project reads and writes a stage's state: in the primary region unless `STATE_IN_SECONDARY` names the stage. */
export function liveStateLocation(context: StageContext): StateLocation {
  const { settings, stage } = context;
  return stateLocation(context, settings.stateInSecondary.includes(stage) ? 'secondary' : 'primary');
}

/** What the keys of a stage's states start with; a stack's own is `<stage>/<stack id>.tfstate`. */
export function stateKeyPrefix({ stage }: StageContext): string {
  return `${stage}/`;
}
