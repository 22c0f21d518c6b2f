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

/** Partition of a region (`aws` for `eu-central-1`), `undefined` for what is not a region code. */
export function partitionOf(region: string): string | undefined {
  return partitions.find(({ pattern }) => pattern.test(region))?.partition;
}
