import type { Bucket } from '#local/model/model.ts';
import { NoSuchKey, noSuchVersion } from '#local/s3/protocol/errors.ts';
import type { KeepVersions } from './kept-versions.ts';
import {
  type DeleteMarker,
  isObject,
  isVersionId,
  NULL_VERSION,
  newVersionId,
  type StoredObject,
  type Version,
  wholeSeconds,
} from './stored-object.ts';
import { Uploads } from './uploads.ts';

/** The objects of one bucket, in memory. */
export class BucketStore {
  readonly createdAt = wholeSeconds(new Date());
  readonly uploads = new Uploads();
  /** Key → versions, the newest last. Never empty. */
  readonly #versions = new Map<string, Version[]>();
  #sortedKeys: readonly string[] | undefined;

  readonly name: string;
  readonly versioned: boolean;
  /** Names versions, which are all `null`; a deleted object leaves a marker. */
  readonly suspended: boolean;
  readonly takesAcls: boolean;
  readonly #keep: KeepVersions;

  /** @param keep - takes what becomes of versions before it does; when it throws, nothing has changed */
  constructor({ name, versioned, suspended = false, takesAcls = false }: Bucket, keep: KeepVersions = () => {}) {
    this.name = name;
    this.versioned = versioned;
    this.suspended = suspended;
    this.takesAcls = takesAcls;
    this.#keep = keep;
  }

  /** Puts back a version that was kept; later ones come later. */
  restore(key: string, version: Version): void {
    this.#versions.set(key, [...(this.#versions.get(key) ?? []), version]);
    this.#sortedKeys = undefined;
  }

  /** Takes all versions and uploads away. */
  clear(): void {
    for (const [key, versions] of this.#versions) {
      this.#keep(
        key,
        versions.map(({ versionId }) => ({ versionId, version: undefined })),
      );
    }
    this.#versions.clear();
    this.#sortedKeys = undefined;
    for (const upload of this.uploads.all()) this.uploads.end(upload);
  }

  put(key: string, object: Omit<StoredObject, 'lastModified' | 'versionId'>): StoredObject {
    const stored = { ...object, versionId: this.#newVersionId(), lastModified: wholeSeconds(new Date()) };
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
      if (!isObject(newest)) throw new NoSuchKey(this.name, key, newest?.versionId);
      return newest;
    }
    const version = versions?.find((each) => each.versionId === versionId);
    if (!version) throw noSuchVersion(key, versionId);
    return version;
  }

  /** The newest version, a delete marker as well. */
  newest(key: string): Version | undefined {
    return this.#versions.get(key)?.at(-1);
  }

  /** Every version of a key, the newest first. */
  history(key: string): readonly Version[] {
    return this.#versions.get(key)?.toReversed() ?? [];
  }

  /**
   * Deletes as S3 does: a version for good; without one, the object, which in a bucket with versions a delete marker hides.
   *
   * @returns the version that was removed or the marker that was set; undefined when nothing was there
   */
  delete(key: string, versionId: string | undefined): Version | undefined {
    if (versionId === undefined && (this.versioned || this.suspended)) {
      const lastModified = wholeSeconds(new Date());
      const marker: DeleteMarker = { versionId: this.#newVersionId(), lastModified, body: undefined };
      this.#add(key, marker);
      return marker;
    }
    return this.#remove(key, versionId ?? NULL_VERSION);
  }

  /** Puts another state of a version in its place. */
  replace(key: string, version: StoredObject): void {
    this.#keep(key, [{ versionId: version.versionId, version }]);
    const versions = this.#versions.get(key) ?? [];
    this.#versions.set(
      key,
      versions.map((each) => (each.versionId === version.versionId ? version : each)),
    );
  }

  /** Keys that have any version, in the order of their UTF-8 bytes. */
  keys(): readonly string[] {
    this.#sortedKeys ??= [...this.#versions.keys()]
      .map((key) => ({ key, bytes: Buffer.from(key) }))
      .sort((one, other) => Buffer.compare(one.bytes, other.bytes))
      .map(({ key }) => key);
    return this.#sortedKeys;
  }

  /** Whether the id can be one of this bucket's, whether or not it is. */
  isVersionId(text: string): boolean {
    return text === NULL_VERSION || isVersionId(text);
  }

  #add(key: string, version: Version): void {
    const versions = this.#versions.get(key);
    const gone = this.versioned ? [] : (versions ?? []).filter(({ versionId }) => versionId !== version.versionId);
    this.#keep(key, [
      ...gone.map(({ versionId }) => ({ versionId, version: undefined })),
      { versionId: version.versionId, version },
    ]);
    if (!versions) this.#sortedKeys = undefined;
    if (this.versioned && versions) versions.push(version);
    else this.#versions.set(key, [version]);
  }

  #remove(key: string, versionId: string): Version | undefined {
    const versions = this.#versions.get(key) ?? [];
    const removed = versions.find((version) => version.versionId === versionId);
    const rest = versions.filter((version) => version !== removed);
    if (removed) this.#keep(key, [{ versionId, version: undefined }]);
    if (rest.length > 0) {
      this.#versions.set(key, rest);
    } else {
      this.#versions.delete(key);
      this.#sortedKeys = undefined;
    }
    return removed;
  }

  #newVersionId(): string {
    return this.versioned ? newVersionId() : NULL_VERSION;
  }
}
