import type { Bucket, BucketReplication } from '#local/model/model.ts';
import { NoSuchKey, noSuchVersion } from '#local/s3/protocol/errors.ts';
import type { KeepVersions } from './kept-versions.ts';
import {
  type DeleteMarker,
  isObject,
  isVersionId,
  NULL_VERSION,
  newVersionId,
  nextWriteTime,
  type ReplicationStatus,
  type StoredObject,
  type Version,
  type WriteFacts,
  wholeSeconds,
} from './stored-object.ts';
import { Uploads } from './uploads.ts';

/** A version that has been written, or its tags, and is to be copied to another bucket. */
export interface Change {
  readonly key: string;
  readonly versionId: string;
  /** Of its tags alone. */
  readonly isOfTags: boolean;
}

/** The objects of one bucket, in memory. */
export class BucketStore {
  /** Where S3 copies its objects to. @default - nowhere */
  replication: BucketReplication | undefined;
  /** Hears of what is to be copied, within the write. */
  onChange: (change: Change) => void = () => {};
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
  constructor(
    { name, versioned, suspended = false, takesAcls = false, replication }: Bucket,
    keep: KeepVersions = () => {},
  ) {
    this.name = name;
    this.replication = replication;
    this.versioned = versioned;
    this.suspended = suspended;
    this.takesAcls = takesAcls;
    this.#keep = keep;
  }

  /** Puts back a version that was kept. */
  restore(key: string, version: Version): void {
    this.#insert(key, version);
  }

  /**
   * A version of another bucket arrives, or its tags. Of two versions of a key the one that was written later is the current one, whichever came first.
   * Nobody hears of it, so a replica is not copied again.
   *
   * @param isOfTags - it has been here already; where its version was deleted since, nothing happens
   */
  arrive(key: string, version: Version, isOfTags: boolean): void {
    const known = this.#versions.get(key)?.find(({ versionId }) => versionId === version.versionId);
    if (known === undefined ? isOfTags : known.changedAt >= version.changedAt) return;
    const replica = { ...version, replication: known?.replication ?? ('REPLICA' as const) };
    this.#keep(key, [{ versionId: version.versionId, version: replica }]);
    this.#insert(key, replica);
  }

  /** How a copy ended; of a version that was changed since nothing is said. */
  copied(key: string, version: Version, status: ReplicationStatus): void {
    const known = this.#versions.get(key)?.find(({ versionId }) => versionId === version.versionId);
    if (known?.replication !== 'PENDING' || known.changedAt !== version.changedAt) return;
    const ended = { ...known, replication: status };
    this.#keep(key, [{ versionId: version.versionId, version: ended }]);
    this.#insert(key, ended);
  }

  /** What is still to be copied: of what was kept, what had not arrived. */
  pending(): readonly Change[] {
    return [...this.#versions].flatMap(([key, versions]) =>
      versions
        .filter(({ replication }) => replication === 'PENDING')
        .map(({ versionId }) => ({ key, versionId, isOfTags: false })),
    );
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

  put(key: string, object: Omit<StoredObject, WriteFacts>): StoredObject {
    const stored = { ...object, ...this.#written(key, this.replication !== undefined) };
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
      const copies = this.replication?.copiesDeleteMarkers ?? false;
      const marker: DeleteMarker = { ...this.#written(key, copies), body: undefined };
      this.#add(key, marker);
      return marker;
    }
    return this.#remove(key, versionId ?? NULL_VERSION);
  }

  /** Gives a version other tags. */
  setTags(key: string, object: StoredObject, tags: StoredObject['tags']): void {
    const copies = object.replication === 'REPLICA' ? this.replication?.copiesReplicaModifications : this.replication;
    // What was there before there was a rule is not copied, nor are its tags.
    const isCopied = copies && object.replication !== undefined;
    const replication = isCopied && object.replication !== 'REPLICA' ? 'PENDING' : object.replication;
    const changed = { ...object, tags, changedAt: nextWriteTime(), replication };
    this.#keep(key, [{ versionId: object.versionId, version: changed }]);
    this.#insert(key, changed);
    if (isCopied) this.onChange({ key, versionId: object.versionId, isOfTags: true });
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
    if (version.replication === 'PENDING') this.onChange({ key, versionId: version.versionId, isOfTags: false });
  }

  /** Puts a version, or its newer state, where it belongs by the time that it was written. */
  #insert(key: string, version: Version): void {
    const others = (this.#versions.get(key) ?? []).filter(({ versionId }) => versionId !== version.versionId);
    const later = others.findIndex(({ writtenAt }) => writtenAt > version.writtenAt);
    if (!this.#versions.has(key)) this.#sortedKeys = undefined;
    this.#versions.set(key, others.toSpliced(later === -1 ? others.length : later, 0, version));
  }

  #written(key: string, copies: boolean): Pick<StoredObject, WriteFacts> {
    const writtenAt = nextWriteTime();
    const isCopied = copies && this.versioned && key.startsWith(this.replication?.prefix ?? '');
    return {
      versionId: this.#newVersionId(),
      lastModified: wholeSeconds(new Date(writtenAt)),
      writtenAt,
      changedAt: writtenAt,
      ...(isCopied && { replication: 'PENDING' as const }),
    };
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
