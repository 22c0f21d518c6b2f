import type { AwsAccess } from './aws-access.ts';

/** AWS credentials are missing, expired, or not allowed to do it. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
}

/** Error codes of AWS (Common Error Types, Amazon S3 "Error responses", AWS STS) for credentials that it doesn't take. */
const REFUSED: ReadonlySet<string> = new Set([
  'AuthFailure',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidAccessKeyId',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'InvalidToken',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'UnrecognizedClientException',
]);

/** … and for credentials whose policies don't allow the call. */
const FORBIDDEN: ReadonlySet<string> = new Set(['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation']);

/**
 * Runs what calls AWS, and says of refused credentials whose they were and what to do.
 *
 * @throws CredentialsError for those; any other error as it came
 */
export async function explainingCredentials<T>(access: AwsAccess, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explained(access, error);
  }
}

function explained({ stage, profile }: AwsAccess, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const whose = profile === undefined ? 'the default credentials' : `the profile "${profile}"`;
  const logIn = profile === undefined ? '`aws configure` or `aws sso login`' : `\`aws sso login --profile ${profile}\``;
  if (REFUSED.has(error.name)) {
    return new CredentialsError(
      `AWS takes no credentials of ${whose} for stage ${stage}: ${firstLine(error.message)}\n` +
        `Log in with ${logIn}, set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, ` +
        'or name the stage’s profile in AWS_PROFILES of settings.conf.',
      { cause: error },
    );
  }
  if (FORBIDDEN.has(error.name)) {
    return new CredentialsError(
      `AWS does not allow this to ${whose} for stage ${stage}: ${firstLine(error.message)}\n` +
        'Use credentials that may do it, or have the missing permission added to their policy.',
      { cause: error },
    );
  }
  return error;
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}
