const direction = '(?:central|north|south|east|west|northeast|northwest|southeast|southwest)';

/**
 * How region codes look in each partition of AWS. A pattern and not a list, so that a new region needs no new release.
 * Source: the partitions of the AWS SDK's endpoint rules.
 */
const partitions = [
  { partition: 'aws', pattern: new RegExp(`^(?:af|ap|ca|eu|il|me|mx|sa|us)-${direction}-[1-9]$`) },
  { partition: 'aws-cn', pattern: new RegExp(`^cn-${direction}-[1-9]$`) },
  { partition: 'aws-us-gov', pattern: new RegExp(`^us-gov-${direction}-[1-9]$`) },
  { partition: 'aws-eusc', pattern: new RegExp(`^eusc-[a-z]{2}-${direction}-[1-9]$`) },
  { partition: 'aws-iso', pattern: new RegExp(`^us-iso-${direction}-[1-9]$`) },
  { partition: 'aws-iso-b', pattern: new RegExp(`^us-isob-${direction}-[1-9]$`) },
  { partition: 'aws-iso-e', pattern: new RegExp(`^eu-isoe-${direction}-[1-9]$`) },
  { partition: 'aws-iso-f', pattern: new RegExp(`^us-isof-${direction}-[1-9]$`) },
] as const;

/** What the name of the second region's copy of a state bucket ends with. */
export const STATE_REPLICA_SUFFIX = '-replica';

const reservedPrefixes = ['xn--', 'sthree-', 'amzn-s3-demo-'];
const reservedSuffixes = ['-s3alias', '--ol-s3', '--x-s3', '--table-s3', '.mrap'];

/**
 * Why S3 would refuse a bucket of this name, `undefined` when it would not. Dots are refused too: TLS to such a bucket fails.
 * Source: Amazon S3 User Guide, "General purpose bucket naming rules".
 */
export function bucketNameProblem(name: string): string | undefined {
  if (name.length < 3 || name.length > 63) return `S3 allows 3 to 63 characters, these are ${name.length}`;
  if (!/^[a-z0-9][a-z0-9-]*[a-z0-9]$/.test(name)) {
    return 'allowed are lower-case letters, digits and hyphens, at both ends a letter or digit';
  }
  const prefix = reservedPrefixes.find((reserved) => name.startsWith(reserved));
  if (prefix !== undefined) return `S3 reserves the prefix ${prefix}`;
  const suffix = reservedSuffixes.find((reserved) => name.endsWith(reserved));
  return suffix === undefined ? undefined : `S3 reserves the suffix ${suffix}`;
}

/** Partition of a region (`aws` for `eu-central-1`), `undefined` for what is not a region code. */
export function partitionOf(region: string): string | undefined {
  return partitions.find(({ pattern }) => pattern.test(region))?.partition;
}
