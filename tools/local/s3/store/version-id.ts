import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** What S3 calls the version of an object in a bucket without versions. */
export const NULL_VERSION = 'null';

/** 32 characters, as S3's are. They carry a sum of themselves: S3, too, tells an id that it never gave from one of a version that is gone. */
export function newVersionId(): string {
  const random = randomBytes(20);
  return Buffer.concat([random, sumOf(random)]).toString('base64url');
}

/** Whether the text is an id that {@link newVersionId} has made. */
export function isVersionId(text: string): boolean {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== 24 || bytes.toString('base64url') !== text) return false;
  return sumOf(bytes.subarray(0, 20)).equals(bytes.subarray(20));
}

function sumOf(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}
