import type { OutgoingHttpHeaders } from 'node:http';

/** One version of an object. */
export interface StoredObject {
  /** `null` in a bucket without versions, as S3 names it. */
  readonly versionId: string;
  readonly body: Buffer;
  /** With its quotes. */
  readonly etag: string;
  /** Whole seconds, as HTTP dates have no more. */
  readonly lastModified: Date;
  /** What it was put with: `content-type`, `x-amz-meta-…`. */
  readonly headers: OutgoingHttpHeaders;
  /** `x-amz-checksum-…` headers that it was put with. */
  readonly checksums: OutgoingHttpHeaders;
}

/** Says that the key is deleted while older versions stay. */
export interface DeleteMarker {
  readonly versionId: string;
  readonly body: undefined;
}

export type Version = DeleteMarker | StoredObject;

export const isObject = (version: Version | undefined): version is StoredObject => version?.body !== undefined;
