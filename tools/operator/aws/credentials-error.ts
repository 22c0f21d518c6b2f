import type { AwsAccess } from './aws-access.ts';

/** No AWS endpoint answers. */
class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** AWS credentials are missing, expired, or not allowed to do it. */
class CredentialsError extends Error {
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

/** System errors of a connection that doesn't come about. */
const UNREACHABLE: ReadonlySet<unknown> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'ETIMEDOUT',
]);

/**
 * Runs what calls AWS, and says of refused credentials whose they were and what to do.
 *
 * @throws CredentialsError for those, UnreachableError where nobody answers; any other error as it came
 */
export async function explainingCredentials<T>(access: AwsAccess, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw explained(access, error);
  }
}

/** Whether an error of AWS is about whose credentials these are, and so says nothing of what was asked for. */
export function isAboutCredentials(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'CredentialsError' || REFUSED.has(error.name) || FORBIDDEN.has(error.name);
}

function explained({ stage, profile }: AwsAccess, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const whose = profile === undefined ? 'default credentials' : `profile "${profile}"`;
  const logIn = profile === undefined ? '`aws configure` or `aws sso login`' : `\`aws sso login --profile ${profile}\``;
  if (REFUSED.has(error.name)) {
    return new CredentialsError(
      `AWS credentials of stage ${stage} (${whose}) are missing or not accepted: ${firstLine(error.message)}\n` +
        `Log in with ${logIn}, set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, ` +
        'or name the stage’s profile in AWS_PROFILES of settings.conf.',
      { cause: error },
    );
  }
  if (FORBIDDEN.has(error.name)) {
    return new CredentialsError(
      `AWS credentials of stage ${stage} (${whose}) may not do this: ${firstLine(error.message)}\n` +
        'Use credentials that may do it, or have the missing permission added to their policy.',
      { cause: error },
    );
  }
  if ('code' in error && UNREACHABLE.has(error.code)) {
    const endpoint = process.env.AWS_ENDPOINT_URL;
    const where = endpoint ? `AWS_ENDPOINT_URL is ${endpoint}: is something listening there?` : 'Is there a network?';
    return new UnreachableError(`AWS does not answer: ${error.message}. ${where}`, { cause: error });
  }
  return error;
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}
