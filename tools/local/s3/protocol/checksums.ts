import { hash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { crc32 } from 'node:zlib';
import { Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import { invalidRequest, S3Error } from './errors.ts';

/** A checksum as S3 keeps it of an object or a part. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; of a composite one with `-<number of parts>` behind it. */
  readonly value: string;
  readonly type: ChecksumType;
}

export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';

/** Of the whole object, or of the checksums of its parts. */
export type ChecksumType = 'COMPOSITE' | 'FULL_OBJECT';

const HEADER = /^x-amz-checksum-((?:crc|sha|md5|xxhash)\w*)$/;

interface Algorithm {
  readonly bytes: number;
  readonly digest: (body: Buffer) => Promise<Uint8Array> | Uint8Array;
}

/** Source: Amazon S3 User Guide, "Checking object integrity in Amazon S3". */
const ALGORITHMS: Readonly<Record<ChecksumAlgorithm, Algorithm>> = {
  CRC32: { bytes: 4, digest: crc32Bytes },
  CRC32C: { bytes: 4, digest: (body) => digestOf(new Crc32c(), body) },
  CRC64NVME: { bytes: 8, digest: (body) => digestOf(new Crc64Nvme(), body) },
  SHA1: { bytes: 20, digest: (body) => hash('sha1', body, 'buffer') },
  SHA256: { bytes: 32, digest: (body) => hash('sha256', body, 'buffer') },
};

/** S3 computes it of what comes without one ("Checking object integrity": since December 2024). */
export const DEFAULT_ALGORITHM = 'CRC64NVME';

export const ALGORITHM_NAMES = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;

/** Reads an algorithm's name. */
const toAlgorithm = (text: string): ChecksumAlgorithm | undefined =>
  ALGORITHM_NAMES.find((name) => name === text.toUpperCase());

/** @throws AwsError `InvalidRequest` */
export function requireAlgorithm(text: string): ChecksumAlgorithm {
  const algorithm = toAlgorithm(text);
  if (algorithm) return algorithm;
  const valid = ALGORITHM_NAMES.join(', ');
  throw invalidRequest(
    `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${valid}]`,
  );
}

/** Base64 of a body's checksum. */
export async function computeChecksum(algorithm: ChecksumAlgorithm, body: Buffer): Promise<string> {
  return Buffer.from(await ALGORITHMS[algorithm].digest(body)).toString('base64');
}

/** `x-amz-checksum-<algorithm>` and, unless told otherwise, its type. */
export const checksumHeaders = ({ algorithm, value, type }: Checksum, withType = true) => ({
  [`x-amz-checksum-${algorithm.toLowerCase()}`]: value,
  ...(withType && { 'x-amz-checksum-type': type }),
});

/**
 * The checksum that a body came with, as a header or trailer, if it is right; else one of {@link DEFAULT_ALGORITHM}.
 *
 * @throws AwsError `BadDigest` when it doesn't match the body, `InvalidRequest`
 */
export async function verifiedChecksum(
  body: Buffer,
  headers: IncomingHttpHeaders,
  trailers: Readonly<Record<string, string>>,
): Promise<Checksum> {
  const given = givenChecksum({ ...headers, ...trailers });
  const algorithm = given?.algorithm ?? DEFAULT_ALGORITHM;
  const value = await computeChecksum(algorithm, body);
  if (given && given.value !== value) {
    throw new S3Error(400, 'BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
  }
  return { algorithm, value, type: 'FULL_OBJECT' };
}

/**
 * The one checksum that headers name.
 *
 * @throws AwsError `InvalidRequest` for several, for one that no such algorithm gives, and for none where an algorithm is announced
 */
export function givenChecksum(headers: IncomingHttpHeaders): Pick<Checksum, 'algorithm' | 'value'> | undefined {
  const found = Object.entries(headers).flatMap(([name, value]) => {
    const text = name === 'x-amz-checksum-type' ? undefined : HEADER.exec(name)?.[1];
    return text !== undefined && typeof value === 'string' ? [{ name, text, value }] : [];
  });
  if (found.length > 1) {
    throw invalidRequest('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  }
  const announced = headers['x-amz-sdk-checksum-algorithm']?.toString();
  const [only] = found;
  if (!only) {
    if (announced === undefined) return undefined;
    requireAlgorithm(announced);
    throw invalidRequest(
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  }
  const algorithm = requireAlgorithm(only.text);
  if (!isChecksum(algorithm, only.value)) throw invalidRequest(`Value for ${only.name} header is invalid.`);
  if (announced !== undefined && requireAlgorithm(announced) !== algorithm) {
    throw invalidRequest('Value for x-amz-sdk-checksum-algorithm header is invalid.');
  }
  return { algorithm, value: only.value };
}

/** Whether the text is base64 of as many bytes as the algorithm gives. */
function isChecksum(algorithm: ChecksumAlgorithm, text: string): boolean {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === ALGORITHMS[algorithm].bytes && bytes.toString('base64') === text;
}

function crc32Bytes(body: Buffer): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes;
}

function digestOf(
  checksum: { update(data: Uint8Array): void; digest(): Promise<Uint8Array> },
  body: Buffer,
): Promise<Uint8Array> {
  checksum.update(body);
  return checksum.digest();
}
