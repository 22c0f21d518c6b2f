import * as z from 'zod/mini';
import type { Kept } from '#local/data/data-folder.ts';
import type { Change } from '#local/data/journal.ts';
import { isObject, type Version } from './stored-object.ts';

const common = {
  versionId: z.string(),
  lastModified: z.number(),
  // Folders of before objects replicated have none of these.
  writtenAt: z.optional(z.number()),
  changedAt: z.optional(z.number()),
  replication: z.optional(z.enum(['COMPLETED', 'FAILED', 'PENDING', 'REPLICA'])),
};
const KEPT = z.union([
  z.object({
    ...common,
    base64: z.string(),
    etag: z.string(),
    headers: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])),
    checksum: z.object({
      algorithm: z.enum(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256']),
      value: z.string(),
      type: z.enum(['COMPOSITE', 'FULL_OBJECT']),
    }),
    tags: z.array(z.tuple([z.string(), z.string()])),
    parts: z.optional(z.array(z.number())),
  }),
  z.object({ ...common, isMarker: z.literal(true) }),
]);

/** Takes what becomes of versions before it does; undefined: the version goes. */
export type KeepVersions = (
  key: string,
  changes: readonly { readonly versionId: string; readonly version: Version | undefined }[],
) => void;

/** A version's id in a journal: keys may hold anything, version ids no space. */
const idOf = (key: string, versionId: string): string => `${versionId} ${key}`;

/** Keeps the versions of one bucket. */
export function keepingVersions(kept: Kept, container: string): KeepVersions {
  return (key, changes) =>
    kept.keep(
      changes.map(({ versionId, version }): Change => {
        return { container, id: idOf(key, versionId), value: version ? toKept(version) : null };
      }),
    );
}

/** What was kept of one bucket: each version with its key, the oldest first. */
export function keptVersions(
  kept: Kept,
  container: string,
): readonly { readonly key: string; readonly version: Version }[] {
  return [...kept.read(container)].map(([id, value]) => ({
    key: id.slice(id.indexOf(' ') + 1),
    version: toVersion(KEPT.parse(value)),
  }));
}

function toKept(version: Version): z.infer<typeof KEPT> {
  const { versionId, writtenAt, changedAt, replication } = version;
  const lastModified = version.lastModified.getTime();
  const facts = { versionId, lastModified, writtenAt, changedAt, ...(replication && { replication }) };
  if (!isObject(version)) return { ...facts, isMarker: true };
  const { body, etag, checksum, tags, parts } = version;
  const headers = Object.entries(version.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, typeof value === 'object' ? [...value] : value] as const],
  );
  return {
    ...facts,
    base64: body.toString('base64'),
    etag,
    headers: Object.fromEntries(headers),
    checksum,
    tags: [...tags],
    ...(parts && { parts: [...parts] }),
  };
}

function toVersion(kept: z.infer<typeof KEPT>): Version {
  const { versionId, replication, writtenAt = kept.lastModified, changedAt = writtenAt } = kept;
  const facts = { versionId, lastModified: new Date(kept.lastModified), writtenAt, changedAt, replication };
  if ('isMarker' in kept) return { ...facts, body: undefined };
  const { base64, etag, headers, checksum, tags, parts } = kept;
  const body = Buffer.from(base64, 'base64');
  return { ...facts, body, etag, headers, checksum, tags: new Map(tags), ...(parts && { parts }) };
}
