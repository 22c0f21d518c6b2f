import { randomBytes } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import type { Checksum, ChecksumAlgorithm, ChecksumType } from '#local/s3/protocol/checksums.ts';
import { S3Error } from '#local/s3/protocol/errors.ts';

/** A part that has come. */
export interface Part {
  readonly number: number;
  readonly body: Buffer;
  /** With its quotes. */
  readonly etag: string;
  readonly md5: Buffer;
  readonly lastModified: Date;
  /** Of the upload's algorithm. */
  readonly checksum: Checksum;
}

/** A multipart upload that is neither completed nor aborted. */
export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly initiated: Date;
  /** What the object will be put with. */
  readonly headers: OutgoingHttpHeaders;
  readonly tags: ReadonlyMap<string, string>;
  /** As asked for; absent: S3's default, of which it says nothing before the upload is complete. */
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly type: ChecksumType };
  /** By number. */
  readonly parts: Map<number, Part>;
}

/** The multipart uploads of one bucket. */
export class Uploads {
  readonly #uploads = new Map<string, Upload>();

  start(upload: Omit<Upload, 'id' | 'initiated' | 'parts'>): Upload {
    const started = { ...upload, id: randomBytes(48).toString('base64url'), initiated: new Date(), parts: new Map() };
    this.#uploads.set(started.id, started);
    return started;
  }

  /** @throws AwsError `NoSuchUpload` */
  find(key: string, id: string): Upload {
    const upload = this.#uploads.get(id);
    if (upload?.key === key) return upload;
    throw new S3Error(
      404,
      'NoSuchUpload',
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
      { UploadId: id },
    );
  }

  end({ id }: Upload): void {
    this.#uploads.delete(id);
  }

  /** By key in the order of their UTF-8 bytes, those of one key by age. */
  all(): readonly Upload[] {
    return [...this.#uploads.values()].sort((one, other) =>
      Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)),
    );
  }
}
