import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { getOwn } from '#local/http/raw-headers.ts';
import type { Credentials } from '#local/iam/credential-store.ts';
import { canonicalPaths, createCanonicalRequest } from './canonical-request.ts';
import { findWrongChunk } from './chunk-signatures.ts';
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
  | { readonly kind: 'token'; readonly token: string }
  | (TimeFault & { readonly kind: 'expired' | 'not-yet-valid' })
  | {
      readonly kind: 'scope';
      readonly part: 'region' | 'service';
      readonly got: string;
      readonly expected: string;
      readonly isPresigned: boolean;
    }
  | { readonly kind: 'unsigned-headers'; readonly names: readonly string[] }
  | { readonly kind: 'payload'; readonly declared: string; readonly actual: string }
  | {
      readonly kind: 'mismatch';
      readonly accessKeyId: string;
      readonly signature: string;
      readonly canonicalRequest: string;
      readonly stringToSign: string;
    };

/** Milliseconds since the epoch. */
interface TimeFault {
  readonly signedAt: number;
  readonly now: number;
  /** How far clocks may differ. */
  readonly skew: number;
  /** Of a presigned URL: how long it is valid. */
  readonly expiresSeconds?: number;
}

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
    const token = signature.sessionToken ?? '';
    if (!sameText(token, credentials.sessionToken ?? '')) return { kind: 'token', token };
    const fault = checkScope(verification) ?? checkTime(verification) ?? checkHeaders(verification);
    if (fault) return fault;
    const payloadHash = hashPayload(request, signature);
    if (typeof payloadHash !== 'string') return payloadHash;
    const key = this.#keys.get(credentials, signature);
    const { method } = request;
    let mismatch: SignatureFault | undefined;
    for (const headers of readings(request.headers, signature.signedHeaders)) {
      for (const canonicalPath of canonicalPaths(signature.service)) {
        const canonicalRequest = createCanonicalRequest({ ...signature, method, headers, payloadHash, canonicalPath });
        const stringToSign = createStringToSign(signature, canonicalRequest);
        const expected = createHmac('sha256', key).update(stringToSign).digest('hex');
        if (sameText(expected, signature.signature)) return checkChunks(verification, canonicalRequest, key);
        const { accessKeyId, signature: given } = signature;
        mismatch = { kind: 'mismatch', accessKeyId, signature: given, canonicalRequest, stringToSign };
      }
    }
    return mismatch;
  }
}

function createStringToSign(signature: RequestSignature, canonicalRequest: string): string {
  return `AWS4-HMAC-SHA256\n${signature.timestamp}\n${scopeOf(signature)}\n${sha256(canonicalRequest)}`;
}

function scopeOf({ date, region, service }: RequestSignature): string {
  return `${date}/${region}/${service}/aws4_request`;
}

/** What follows the signature of the headers, where S3 is sent a body in chunks. */
function checkChunks(
  { request, signature, service }: Verification,
  canonicalRequest: string,
  key: Buffer,
): SignatureFault | undefined {
  const declared = request.headers['x-amz-content-sha256']?.toString();
  if (service !== 's3' || declared === undefined) return undefined;
  const { accessKeyId, timestamp, signature: seed } = signature;
  const wrong = findWrongChunk(request.body, declared, { key, timestamp, scope: scopeOf(signature), seed });
  return (
    wrong && {
      kind: 'mismatch',
      accessKeyId,
      signature: wrong.given,
      canonicalRequest,
      stringToSign: wrong.stringToSign,
    }
  );
}

/** Clients put letters beyond ASCII into headers as Latin-1, as Node reads them, or as UTF-8; what they sign is UTF-8. */
function readings(headers: IncomingHttpHeaders, names: readonly string[]): readonly IncomingHttpHeaders[] {
  const wide = names.filter((name) => /[\x80-\xff]/.test(getOwn(headers, name)?.toString() ?? ''));
  if (wide.length === 0) return [headers];
  const inUtf8 = wide.map((name) => [name, Buffer.from(String(headers[name]), 'latin1').toString()]);
  return [headers, { ...headers, ...Object.fromEntries(inUtf8) }];
}

function checkScope({ signature, region, service }: Verification): SignatureFault | undefined {
  const isPresigned = signature.expiresSeconds !== undefined;
  const scope = { kind: 'scope', isPresigned } as const;
  if (signature.service !== service) return { ...scope, part: 'service', got: signature.service, expected: service };
  return signature.region === region
    ? undefined
    : { ...scope, part: 'region', got: signature.region, expected: region };
}

/** Clocks may differ by 5 minutes, with S3 by 15; a presigned URL isn't valid for longer than it says. */
function checkTime({
  signature: { timestamp, expiresSeconds },
  service,
  now,
}: Verification): SignatureFault | undefined {
  const skew = (service === 's3' ? 15 : 5) * MINUTE;
  const signedAt = parseTimestamp(timestamp);
  const time = { signedAt, now, skew, ...(expiresSeconds !== undefined && { expiresSeconds }) };
  if (now > signedAt + (expiresSeconds === undefined ? skew : expiresSeconds * 1_000))
    return { kind: 'expired', ...time };
  return now >= signedAt - skew ? undefined : { kind: 'not-yet-valid', ...time };
}

/** S3 takes none of its own headers that the signature doesn't cover ("Authenticating Requests: Using Query Parameters"). */
function checkHeaders({ signature, service, request: { headers } }: Verification): SignatureFault | undefined {
  if (service !== 's3') return undefined;
  const names = Object.keys(headers).filter(
    (name) => name.startsWith('x-amz-') && !signature.signedHeaders.includes(name) && name !== 'x-amz-content-sha256',
  );
  return names.length > 0 ? { kind: 'unsigned-headers', names: names.sort() } : undefined;
}

/**
 * The hash that the signature covers. Only S3 takes payloads that aren't hashed, or in chunks of which each has its own signature.
 *
 * @returns a fault when the body isn't what `x-amz-content-sha256` says
 */
function hashPayload(
  { headers, body }: SignedRequest,
  { service, expiresSeconds }: RequestSignature,
): string | SignatureFault {
  const declared = headers['x-amz-content-sha256']?.toString();
  if (service === 's3') {
    if (declared !== undefined && NOT_HASHED.test(declared)) return declared;
    if (expiresSeconds !== undefined && declared === undefined) return 'UNSIGNED-PAYLOAD';
  }
  const actual = body.length === 0 ? EMPTY_HASH : sha256(body);
  const isRight = service !== 's3' || declared === undefined || declared === actual;
  return isRight ? actual : { kind: 'payload', declared, actual };
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
