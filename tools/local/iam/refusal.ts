import type { SignatureFault } from './signature/verify-signature.ts';

/** Why a request isn't let through. */
export type RefusalCause =
  | SignatureFault
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'version-2' }
  | { readonly kind: 'malformed'; readonly cause: string; readonly isPresigned: boolean }
  | { readonly kind: 'unknown-key'; readonly accessKeyId: string }
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
  /** What S3 says beside it. */
  readonly details?: Readonly<Record<string, string>>;
}

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.';

const VERSION_2 = 'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.';

const S3_MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your key and signing method.';

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
    case 'version-2':
      return refusal(400, 'IncompleteSignatureException', VERSION_2);
    case 'malformed':
      return refusal(400, 'IncompleteSignatureException', `The request's signature can't be read: ${cause.cause}.`);
    case 'unknown-key':
    case 'token':
      return refusal(400, 'UnrecognizedClientException', 'The security token included in the request is invalid.');
    case 'expired':
      return refusal(400, 'InvalidSignatureException', `Signature expired: ${comparison(cause, 'earlier', -1)}`);
    case 'not-yet-valid':
      return refusal(400, 'InvalidSignatureException', `Signature not yet current: ${comparison(cause, 'later', 1)}`);
    case 'scope':
      return refusal(
        400,
        'InvalidSignatureException',
        cause.part === 'service'
          ? `Credential should be scoped to correct service: '${cause.expected}'.`
          : `Credential should be scoped to a valid region, not '${cause.got}', but '${cause.expected}'.`,
      );
    case 'unsigned-headers':
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
    case 'version-2':
      return refusal(400, 'InvalidRequest', VERSION_2);
    case 'malformed':
      return cause.isPresigned
        ? refusal(400, 'AuthorizationQueryParametersError', cause.cause)
        : refusal(400, 'AuthorizationHeaderMalformed', `The authorization header is malformed; ${cause.cause}`);
    case 'scope':
      return s3ScopeRefusal(cause);
    case 'unknown-key':
      return refusal(403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', {
        AWSAccessKeyId: cause.accessKeyId,
      });
    case 'token':
      return refusal(400, 'InvalidToken', 'The provided token is malformed or otherwise invalid.', {
        'Token-0': cause.token,
      });
    case 'expired':
    case 'not-yet-valid':
      return s3TimeRefusal(cause);
    case 'unsigned-headers':
      return refusal(403, 'AccessDenied', 'There were headers present in the request which were not signed', {
        HeadersNotSigned: cause.names.join(', '),
      });
    case 'payload':
      return refusal(
        400,
        'XAmzContentSHA256Mismatch',
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
        { ClientComputedContentSHA256: cause.declared, S3ComputedContentSHA256: cause.actual },
      );
    case 'mismatch':
      return refusal(403, 'SignatureDoesNotMatch', S3_MISMATCH, {
        AWSAccessKeyId: cause.accessKeyId,
        StringToSign: cause.stringToSign,
        SignatureProvided: cause.signature,
        StringToSignBytes: bytesOf(cause.stringToSign),
        CanonicalRequest: cause.canonicalRequest,
        CanonicalRequestBytes: bytesOf(cause.canonicalRequest),
      });
    case 'denied':
      return refusal(403, 'AccessDenied', denial(cause, `"${cause.resource}"`));
  }
}

/** Hexadecimal, as S3 shows bytes. */
const bytesOf = (text: string): string =>
  Buffer.from(text)
    .toString('hex')
    .replace(/..(?=.)/g, '$& ');

function s3ScopeRefusal({ part, got, expected, isPresigned }: Extract<RefusalCause, { kind: 'scope' }>): Refusal {
  const wrong =
    part === 'region'
      ? `the region '${got}' is wrong; expecting '${expected}'`
      : `incorrect service "${got}". This endpoint belongs to "${expected}".`;
  const details = part === 'region' ? { Region: expected } : undefined;
  return isPresigned
    ? refusal(
        400,
        'AuthorizationQueryParametersError',
        `Error parsing the X-Amz-Credential parameter; ${wrong}`,
        details,
      )
    : refusal(400, 'AuthorizationHeaderMalformed', `The authorization header is malformed; ${wrong}`, details);
}

function s3TimeRefusal({ kind, signedAt, now, skew, expiresSeconds }: TimeCause): Refusal {
  const ServerTime = isoSeconds(now);
  if (expiresSeconds === undefined) {
    const message = 'The difference between the request time and the current time is too large.';
    return refusal(403, 'RequestTimeTooSkewed', message, {
      RequestTime: basicTime(signedAt),
      ServerTime,
      MaxAllowedSkewMilliseconds: String(skew),
    });
  }
  if (kind === 'not-yet-valid') return refusal(403, 'AccessDenied', 'Request is not valid yet', { ServerTime });
  return refusal(403, 'AccessDenied', 'Request has expired', {
    'X-Amz-Expires': String(expiresSeconds),
    Expires: isoSeconds(signedAt + expiresSeconds * 1000),
    ServerTime,
  });
}

type TimeCause = Extract<RefusalCause, { kind: 'expired' | 'not-yet-valid' }>;

/** `20250131T120000Z is now earlier than 20250131T120100Z (20250131T120600Z - 5 min.)`. */
function comparison({ signedAt, now, skew }: TimeCause, than: 'earlier' | 'later', direction: -1 | 1): string {
  const limit = `${basicTime(now + direction * skew)} (${basicTime(now)} ${direction < 0 ? '-' : '+'} ${skew / 60_000} min.)`;
  return `${basicTime(signedAt)} is ${than === 'earlier' ? 'now earlier' : 'still later'} than ${limit}`;
}

/** `20250131T120000Z`. */
const basicTime = (time: number): string => isoSeconds(time).replace(/[-:]/g, '');

const isoSeconds = (time: number): string => new Date(time).toISOString().replace(/\.\d+/, '');

function denial({ user, action, explicit }: Extract<RefusalCause, { kind: 'denied' }>, resource: string): string {
  const reason = explicit
    ? 'with an explicit deny in an identity-based policy'
    : `because no identity-based policy allows the ${action} action`;
  return `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
}

function refusal(status: number, code: string, message: string, details?: Refusal['details']): Refusal {
  return { status, code, message, ...(details && { details }) };
}
