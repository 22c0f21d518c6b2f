import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { Credentials } from '#local/iam/credential-store.ts';
import { createCanonicalRequest } from './canonical-request.ts';
import type { RequestSignature, SignedRequest } from './read-signature.ts';

const MAX_KEYS = 1_000;

/** Signing keys by credentials, day, region and service: each is derived once. */
class SigningKeys {
  readonly #keys = new Map<string, Buffer>();

  /** Source: IAM User Guide, "Create a signed AWS API request", "Derive a signing key". */
  get(
    { accessKeyId, secretAccessKey }: Credentials,
    { date, region, service }: Pick<RequestSignature, 'date' | 'region' | 'service'>,
  ): Buffer {
    const id = `${accessKeyId}/${date}/${region}/${service}`;
    let key = this.#keys.get(id);
    if (key === undefined) {
      if (this.#keys.size >= MAX_KEYS) this.#keys.clear();
      key = Buffer.from(`AWS4${secretAccessKey}`);
      for (const part of [date, region, service, 'aws4_request']) key = createHmac('sha256', key).update(part).digest();
      this.#keys.set(id, key);
    }
    return key;
  }
}

/** Why a signature isn't accepted. */
export type SignatureFault =
  | { readonly kind: 'token' }
  | { readonly kind: 'expired'; readonly validUntil: number }
  | { readonly kind: 'not-yet-valid'; readonly validFrom: number }
  | { readonly kind: 'scope'; readonly cause: string }
  | { readonly kind: 'payload' }
  | { readonly kind: 'mismatch' };

interface Verification {
  readonly request: SignedRequest;
  readonly signature: RequestSignature;
  readonly credentials: Credentials;
  /** What the credential scope must say. */
  readonly region: string;
  readonly service: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const MINUTE = 60_000;
const EMPTY_HASH = sha256('');
const NOT_HASHED = /^(UNSIGNED-PAYLOAD|STREAMING-[A-Z0-9-]+)$/;

/** Verifies Signatures Version 4 by signing again with the secret that is known. */
export class SignatureVerifier {
  readonly #keys = new SigningKeys();

  /** @returns `undefined` for a signature that is right */
  verify(verification: Verification): SignatureFault | undefined {
    const { request, signature, credentials } = verification;
    if (!sameText(signature.sessionToken ?? '', credentials.sessionToken ?? '')) return { kind: 'token' };
    const fault = checkScope(verification) ?? checkTime(verification);
    if (fault) return fault;
    const payloadHash = hashPayload(request, signature);
    if (payloadHash === undefined) return { kind: 'payload' };
    const canonical = createCanonicalRequest({
      ...signature,
      method: request.method,
      headers: request.headers,
      payloadHash,
    });
    const scope = `${signature.date}/${signature.region}/${signature.service}`;
    const stringToSign = `AWS4-HMAC-SHA256\n${signature.timestamp}\n${scope}/aws4_request\n${sha256(canonical)}`;
    const expected = createHmac('sha256', this.#keys.get(credentials, signature)).update(stringToSign).digest('hex');
    return sameText(expected, signature.signature) ? undefined : { kind: 'mismatch' };
  }
}

function checkScope({ signature, region, service }: Verification): SignatureFault | undefined {
  if (signature.service !== service)
    return { kind: 'scope', cause: `Credential should be scoped to correct service: '${service}'.` };
  if (signature.region === region) return undefined;
  return {
    kind: 'scope',
    cause: `Credential should be scoped to a valid region, not '${signature.region}', but '${region}'.`,
  };
}

/** Clocks may differ by 5 minutes, with S3 by 15; a presigned URL isn't valid for longer than it says. */
function checkTime({
  signature: { timestamp, expiresSeconds },
  service,
  now,
}: Verification): SignatureFault | undefined {
  const skew = (service === 's3' ? 15 : 5) * MINUTE;
  const signedAt = parseTimestamp(timestamp);
  const validUntil = signedAt + (expiresSeconds === undefined ? skew : expiresSeconds * 1_000);
  if (now > validUntil) return { kind: 'expired', validUntil };
  return now >= signedAt - skew ? undefined : { kind: 'not-yet-valid', validFrom: signedAt - skew };
}

/**
 * The hash that the signature covers. Only S3 takes payloads that aren't hashed, or in chunks of which each has its own signature: those
 * aren't verified.
 *
 * @returns `undefined` when the body isn't what `x-amz-content-sha256` says
 */
function hashPayload(
  { headers, body }: SignedRequest,
  { service, expiresSeconds }: RequestSignature,
): string | undefined {
  const declared = headers['x-amz-content-sha256']?.toString();
  if (service === 's3') {
    if (declared !== undefined && NOT_HASHED.test(declared)) return declared;
    if (expiresSeconds !== undefined && declared === undefined) return 'UNSIGNED-PAYLOAD';
  }
  const actual = body.length === 0 ? EMPTY_HASH : sha256(body);
  return service === 's3' && declared !== undefined && declared !== actual ? undefined : actual;
}

/** `YYYYMMDDTHHMMSSZ` as milliseconds since the epoch; a month of 13 is one of the next year. */
function parseTimestamp(text: string): number {
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(4, 6)), Number(text.slice(6, 8))];
  const [hours, minutes, seconds] = [Number(text.slice(9, 11)), Number(text.slice(11, 13)), Number(text.slice(13, 15))];
  return Date.UTC(year, month - 1, day, hours, minutes, seconds);
}

function sha256(data: string | Buffer): string {
  return hash('sha256', data, 'hex');
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
