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
