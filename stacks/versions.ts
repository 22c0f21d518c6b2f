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
