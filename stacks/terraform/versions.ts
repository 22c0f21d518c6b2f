/**
 * Oldest Terraform that every stack works with. Before 1.7 `nonsensitive` of a value that is not sensitive is an error, and what is read from
 * another stack's state never is.
 *
 * Source: Terraform 1.7 changelog, `nonsensitive`.
 */
export const TERRAFORM_MINIMUM = '1.7.0';

/**
 * Provider versions that the stacks are checked with. The bindings pin one exact version; a range lets users take the provider's
 * updates without waiting for new bindings. Which one of the range is used stands in the lock file.
 */
export const AWS_PROVIDER_VERSIONS = '>= 5.100.0, < 7.0.0';

/**
 * Whether a provider of the range gives plans that never come to rest: these read S3's block on keys of the customer's own and take it for
 * something to remove.
 *
 * Source: CHANGELOG of terraform-provider-aws, 6.22.0 and 6.40.0, `blocked_encryption_types`.
 */
export function isRestless(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 6 && minor >= 22 && minor < 40;
}

/** Whether a provider is one of {@link AWS_PROVIDER_VERSIONS}. */
export function isInRange(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return (major === 5 && minor >= 100) || major === 6;
}
