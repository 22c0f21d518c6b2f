import { randomBytes } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import { NoSuchKey, noSuchVersion } from './errors.ts';

export const isObject = (version: Version | undefined): version is StoredObject => version?.body !== undefined;

/** What S3 calls the version of an object in a bucket without versions. */
const NULL_VERSION = 'null';

/** The objects of one bucket, in memory. */
export class BucketStore {
  /** Key → versions, the newest last. Never empty. */
  readonly #versions = new Map<string, Version[]>();
  #sortedKeys: readonly string[] | undefined;

  constructor(
    readonly name: string,
    readonly versioned: boolean,
  ) {}

  put(key: string, object: Omit<StoredObject, 'versionId'>): StoredObject {
    const stored = { ...object, versionId: this.#newVersionId() };
    this.#add(key, stored);
    return stored;
  }

  /** The current version; undefined when there's none or it is a delete marker. */
  current(key: string): StoredObject | undefined {
    const newest = this.#versions.get(key)?.at(-1);
    return isObject(newest) ? newest : undefined;
  }

  /**
   * @param versionId - absent: the current version
   * @throws AwsError `NoSuchKey`, `NoSuchVersion`
   */
  find(key: string, versionId: string | undefined): Version {
    const versions = this.#versions.get(key);
    if (versionId === undefined) {
      const newest = versions?.at(-1);
      if (!isObject(newest)) throw new NoSuchKey(key, newest !== undefined);
      return newest;
    }
    const version = versions?.find((each) => each.versionId === versionId);
    if (!version) throw noSuchVersion();
    return version;
  }

  /**
   * Deletes as S3 does: a version for good; without one, the object, which in a bucket with versions a delete marker hides.
   *
   * @returns the version that was removed or the marker that was set; undefined when nothing was there
   */
  delete(key: string, versionId: string | undefined): Version | undefined {
    if (versionId === undefined && this.versioned) {
      const marker: DeleteMarker = { versionId: this.#newVersionId(), body: undefined };
      this.#add(key, marker);
      return marker;
    }
    return this.#remove(key, versionId ?? NULL_VERSION);
  }

  /** Keys that have a current version, in the order of their UTF-8 bytes. */
  keys(): readonly string[] {
    this.#sortedKeys ??= [...this.#versions.keys()]
      .filter((key) => this.current(key))
      .map((key) => ({ key, bytes: Buffer.from(key) }))
      .sort((one, other) => Buffer.compare(one.bytes, other.bytes))
      .map(({ key }) => key);
    return this.#sortedKeys;
  }

  #add(key: string, version: Version): void {
    const versions = this.#versions.get(key);
    if (!this.current(key) || !isObject(version)) this.#sortedKeys = undefined;
    if (this.versioned && versions) versions.push(version);
    else this.#versions.set(key, [version]);
  }

  #remove(key: string, versionId: string): Version | undefined {
    const versions = this.#versions.get(key) ?? [];
    const removed = versions.find((version) => version.versionId === versionId);
    const rest = versions.filter((version) => version !== removed);
    if (rest.length > 0) this.#versions.set(key, rest);
    else this.#versions.delete(key);
    this.#sortedKeys = undefined;
    return removed;
  }

  #newVersionId(): string {
    return this.versioned ? randomBytes(24).toString('base64url') : NULL_VERSION;
  }
}

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
interface DeleteMarker {
  readonly versionId: string;
  readonly body: undefined;
}

type Version = DeleteMarker | StoredObject;
