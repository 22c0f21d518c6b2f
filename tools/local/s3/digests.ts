import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { crc32 } from 'node:zlib';
import { AwsError } from '#local/aws-endpoint/aws-error.ts';

const CHECKSUM_PREFIX = 'x-amz-checksum-';

/** Base64 of a body's checksum, by algorithm as the header's name ends. CRC32C and CRC64NVME are kept as they come: Node doesn't have them. */
const ALGORITHMS: ReadonlyMap<string, (body: Buffer) => string> = new Map([
  ['crc32', crc32Base64],
  ['sha1', (body: Buffer) => createHash('sha1').update(body).digest('base64')],
  ['sha256', (body: Buffer) => createHash('sha256').update(body).digest('base64')],
]);

/**
 * The checksums that a body came with, as headers or trailers.
 *
 * Source: Amazon S3 User Guide, "Checking object integrity".
 *
 * @returns `x-amz-checksum-<algorithm>` → value
 * @throws AwsError `BadDigest` when one doesn't match the body
 */
export function verifiedChecksums(
  body: Buffer,
  headers: IncomingHttpHeaders,
  trailers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const given = Object.entries({ ...headers, ...trailers }).flatMap(([name, value]): [string, string][] => {
    const isChecksum = name.startsWith(CHECKSUM_PREFIX) && /-(crc|sha)\w+$/.test(name);
    return isChecksum && typeof value === 'string' ? [[name, value]] : [];
  });
  for (const [name, value] of given) {
    const actual = ALGORITHMS.get(name.slice(CHECKSUM_PREFIX.length))?.(body);
    if (actual !== undefined && actual !== value) throw badDigest(name, value, actual);
  }
  return Object.fromEntries(given);
}

/** @throws AwsError `XAmzContentSHA256Mismatch` when the body isn't the one that was signed */
export function verifySignedDigest(body: Buffer, { 'x-amz-content-sha256': signed }: IncomingHttpHeaders): void {
  if (typeof signed !== 'string' || !/^[0-9a-f]{64}$/.test(signed)) return;
  const actual = createHash('sha256').update(body).digest('hex');
  if (signed === actual) return;
  const message = `The provided 'x-amz-content-sha256' header does not match what was computed: got ${signed}, computed ${actual}.`;
  throw new AwsError(400, 'XAmzContentSHA256Mismatch', message);
}

/**
 * @param given - the Content-MD5 header
 * @returns the body's MD5, from which S3 makes its ETag
 * @throws AwsError `BadDigest`
 */
export function verifiedMd5(body: Buffer, given: string | string[] | undefined): Buffer {
  const md5 = createHash('md5').update(body).digest();
  const actual = md5.toString('base64');
  if (typeof given === 'string' && given !== actual) throw badDigest('Content-MD5', given, actual);
  return md5;
}

function crc32Base64(body: Buffer): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc32(body));
  return bytes.toString('base64');
}

const badDigest = (name: string, given: string, actual: string): AwsError =>
  new AwsError(
    400,
    'BadDigest',
    `The ${name} you specified did not match what was received: got ${given}, computed ${actual}.`,
  );
