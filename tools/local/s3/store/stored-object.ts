import { randomBytes } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { crc32 } from 'node:zlib';
import type { Checksum } from '#local/s3/protocol/checksums.ts';

/** HTTP dates have no milliseconds. */
export const wholeSeconds = (date: Date): Date => new Date(Math.floor(date.getTime() / 1000) * 1000);

let lastWrite = 0;

/** Milliseconds since the epoch, later with every call: both regions run in one process, so that of two writes one is the later. */
export function nextWriteTime(): number {
  lastWrite = Math.max(Date.now(), lastWrite + 0.001);
  return lastWrite;
}

/** How far the copying of a version to the other region has come. Source: Amazon S3 User Guide, "Getting replication status information". */
export type ReplicationStatus = 'COMPLETED' | 'FAILED' | 'PENDING' | 'REPLICA';

/** What objects and delete markers have in common. */
interface AnyVersion {
  /** `null` in a bucket without versions, as S3 names it. */
  readonly versionId: string;
  /** Whole seconds, as HTTP dates have no more. */
  readonly lastModified: Date;
  /** When it was written, exactly: as of {@link nextWriteTime}. A replica has the time of what it is a copy of. */
  readonly writtenAt: number;
  /** When it or its tags were written. */
  readonly changedAt: number;
  /** @default - no rule was about it when it was written */
  readonly replication?: ReplicationStatus | undefined;
}

/** What {@link StoredObject} has that is the store's to say. */
export type WriteFacts = 'changedAt' | 'lastModified' | 'replication' | 'versionId' | 'writtenAt';

/** One version of an object. */
export interface StoredObject extends AnyVersion {
  readonly body: Buffer;
  /** With its quotes. */
  readonly etag: string;
  /** What it was put with: `content-type`, `x-amz-meta-…`, `x-amz-storage-class` unless it is STANDARD. */
  readonly headers: OutgoingHttpHeaders;
  readonly checksum: Checksum;
  readonly tags: ReadonlyMap<string, string>;
  /** Of an object that came in parts: the bytes of each. */
  readonly parts?: readonly number[];
}

/** Says that the key is deleted while older versions stay. */
export interface DeleteMarker extends AnyVersion {
  readonly body: undefined;
}

export type Version = DeleteMarker | StoredObject;

export const isObject = (version: Version | undefined): version is StoredObject => version?.body !== undefined;

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
