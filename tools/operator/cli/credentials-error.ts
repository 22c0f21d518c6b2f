import type { AwsAccess } from '#operator/aws/aws-access.ts';
import { ExitCode } from './exit-codes.ts';

/** No AWS endpoint answers. */
class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
  readonly exitCode = ExitCode.Failed;
}

/** AWS credentials are missing, expired, or not allowed to do it. */
class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
  readonly exitCode = ExitCode.Credentials;
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

/** System errors of a connection that doesn't come about, or breaks off. */
const UNREACHABLE: ReadonlySet<unknown> = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** The SDK's words for an answer that says nothing of its cause, such as a proxy's. */
const WORDLESS: ReadonlySet<string> = new Set(['', 'Unknown', 'UnknownError']);

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
  return error instanceof CredentialsError || REFUSED.has(error.name) || FORBIDDEN.has(error.name);
}

function explained({ stage, profile }: AwsAccess, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const whose = profile === undefined ? 'default credentials' : `profile "${profile}"`;
  const logIn = profile === undefined ? '`aws configure` or `aws sso login`' : `\`aws sso login --profile ${profile}\``;
  if (REFUSED.has(error.name)) {
    return new CredentialsError(
      `AWS credentials of stage ${stage} (${whose}) are missing or not accepted: ${firstLine(error.message)}\n` +
        `Log in with ${logIn}, set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, ` +
        "or name the stage's profile in AWS_PROFILES of settings.conf.",
      { cause: error },
    );
  }
  if (FORBIDDEN.has(error.name) || isWordlessRefusal(error)) {
    const refusal = WORDLESS.has(error.message) ? 'HTTP 403' : firstLine(error.message);
    return new CredentialsError(
      `AWS credentials of stage ${stage} (${whose}) may not do this: ${refusal}\n` +
        'Use credentials that may do it, or have the missing permission added to their policy.',
      { cause: error },
    );
  }
  const reason = whyUnanswered(error);
  if (reason === undefined) return error;
  const endpoint = process.env.AWS_ENDPOINT_URL;
  const where = endpoint ? `AWS_ENDPOINT_URL is ${endpoint}: is something listening there?` : 'Is there a network?';
  return new UnreachableError(`AWS did not answer: ${reason}. ${where}`, { cause: error });
}

/** S3 says no more than the status where the answer has no body. */
function isWordlessRefusal(error: Error): boolean {
  return statusOf(error) === 403 && WORDLESS.has(error.message);
}

/** Why AWS did not answer at all. @returns `undefined` where it did, be it that it refuses */
export function whyGone(error: unknown): string | undefined {
  return error instanceof Error && !isWordlessRefusal(error) ? whyUnanswered(error) : undefined;
}

/** @returns `undefined` where AWS did answer, and said what it refuses */
function whyUnanswered(error: Error): string | undefined {
  if (error.name === 'TimeoutError') return 'nothing came in time';
  const code = 'code' in error ? error.code : undefined;
  if (UNREACHABLE.has(code)) return error.message || String(code);
  const status = statusOf(error);
  if (status === undefined || (status < 500 && !WORDLESS.has(error.name))) return undefined;
  const came = `HTTP ${status} came instead`;
  return WORDLESS.has(error.message) ? came : `${came}: ${firstLine(error.message)}`;
}

/** Status of the HTTP answer that an error of the SDK was made of. */
function statusOf(error: Error): number | undefined {
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  const isMetadata = typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata;
  return isMetadata && typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}
