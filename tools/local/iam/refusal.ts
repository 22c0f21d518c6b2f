import type { SignatureFault } from './signature/verify-signature.ts';

/** Why a request isn't let through. */
export type RefusalCause =
  | SignatureFault
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'malformed'; readonly cause: string }
  | { readonly kind: 'unknown-key' }
  | {
      readonly kind: 'denied';
      readonly user: string;
      readonly action: string;
      readonly resource: string;
      readonly explicit: boolean;
    };

/** An answer as the service words it. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.';

/**
 * What AWS answers. S3 has codes of its own; API Gateway answers 403 where others answer 400.
 *
 * Sources: Amazon DynamoDB Developer Guide, "Error handling with DynamoDB"; Amazon S3 API Reference, "Error responses"; IAM User Guide,
 * "Troubleshoot access denied error messages".
 */
export function createRefusal(service: string, cause: RefusalCause): Refusal {
  if (service === 's3') return s3Refusal(cause);
  const refusal = commonRefusal(cause);
  return service === 'execute-api' ? { ...refusal, status: 403 } : refusal;
}

function commonRefusal(cause: RefusalCause): Refusal {
  switch (cause.kind) {
    case 'unsigned':
      return refusal(400, 'MissingAuthenticationTokenException', 'Missing Authentication Token');
    case 'malformed':
      return refusal(400, 'IncompleteSignatureException', `The request's signature can't be read: ${cause.cause}.`);
    case 'unknown-key':
    case 'token':
      return refusal(400, 'UnrecognizedClientException', 'The security token included in the request is invalid.');
    case 'expired':
      return refusal(
        400,
        'InvalidSignatureException',
        `Signature expired: it was valid until ${new Date(cause.validUntil).toISOString()}.`,
      );
    case 'not-yet-valid':
      return refusal(
        400,
        'InvalidSignatureException',
        `Signature not yet current: it is valid from ${new Date(cause.validFrom).toISOString()}.`,
      );
    case 'scope':
      return refusal(400, 'InvalidSignatureException', cause.cause);
    case 'payload':
    case 'mismatch':
      return refusal(400, 'InvalidSignatureException', `${MISMATCH} Consult the service documentation for details.`);
    case 'denied':
      return refusal(400, 'AccessDeniedException', denial(cause, cause.resource));
  }
}

function s3Refusal(cause: RefusalCause): Refusal {
  switch (cause.kind) {
    case 'unsigned':
      return refusal(403, 'AccessDenied', 'Access Denied');
    case 'malformed':
    case 'scope':
      return refusal(400, 'AuthorizationHeaderMalformed', `The authorization header is malformed; ${cause.cause}`);
    case 'unknown-key':
      return refusal(403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.');
    case 'token':
      return refusal(400, 'InvalidToken', 'The provided token is malformed or otherwise invalid.');
    case 'expired':
    case 'not-yet-valid':
      return refusal(
        403,
        'RequestTimeTooSkewed',
        'The difference between the request time and the current time is too large.',
      );
    case 'payload':
      return refusal(
        400,
        'XAmzContentSHA256Mismatch',
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
      );
    case 'mismatch':
      return refusal(403, 'SignatureDoesNotMatch', MISMATCH);
    case 'denied':
      return refusal(403, 'AccessDenied', denial(cause, `"${cause.resource}"`));
  }
}

function denial({ user, action, explicit }: Extract<RefusalCause, { kind: 'denied' }>, resource: string): string {
  const reason = explicit
    ? 'with an explicit deny in an identity-based policy'
    : `because no identity-based policy allows the ${action} action`;
  return `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
}

function refusal(status: number, code: string, message: string): Refusal {
  return { status, code, message };
}
