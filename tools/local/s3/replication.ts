import type { Asked } from '#local/iam/authorizer.ts';
import type { RegionType } from '#local/model/model.ts';
import { linkRegions, type RegionLink } from '#local/replication/region-link.ts';
import { arnOf, type S3Service } from './s3.ts';
import type { BucketStore, Change } from './store/bucket-store.ts';
import { isObject, type Version } from './store/stored-object.ts';

type End = Pick<S3Service, 'buckets' | 'region'>;

interface ReplicationOptions {
  readonly primary: End;
  readonly secondary: End;
  /** From a write to its arrival in the other region. */
  readonly lagMilliseconds: number;
  /** IAM: whether the role that S3 copies with may. @default - it may do everything */
  readonly mayRole?: (roleArn: string, asked: Asked) => boolean;
}

export interface ObjectReplication extends RegionLink {
  /** The regions have got buckets, or buckets have got rules. */
  grown(): void;
}

interface Copy extends Change {
  readonly from: BucketStore;
}

/**
 * Copies objects between the regions as the buckets' rules say: versions with their ids, times, metadata and tags, delete markers where the rule says so,
 * tags that are set later. What a version is when it arrives is what its bucket has then; one that was deleted by its id before does not arrive.
 *
 * Source: Amazon S3 User Guide, "What does Amazon S3 replicate?".
 */
export function replicateObjects(options: ReplicationOptions): ObjectReplication {
  const { primary, secondary, lagMilliseconds, mayRole = () => true } = options;
  const ends = { primary, secondary };
  const { send, ...link } = linkRegions<Copy>({
    lagMilliseconds,
    deliver: (region, { write: { from, key, versionId, isOfTags } }) => {
      const version = from.history(key).find((each) => each.versionId === versionId);
      const { replication } = from;
      if (version === undefined || replication === undefined) return;
      const to = ends[region].buckets.get(replication.destination.split(':').at(-1) ?? '');
      const asked = to === undefined ? [] : neededFor(ends[region].region, from.name, to.name, key, version);
      const isCopied = to?.versioned && asked.every((each) => mayRole(replication.role, each));
      if (isCopied) to.arrive(key, version, isOfTags);
      from.copied(key, version, isCopied ? 'COMPLETED' : 'FAILED');
    },
  });
  const heard = new Set<BucketStore>();
  const listen = (region: RegionType, to: RegionType) => {
    for (const from of ends[region].buckets.values()) {
      if (heard.has(from)) continue;
      heard.add(from);
      from.onChange = (change) => send(to, { ...change, from });
      for (const change of from.pending()) send(to, { ...change, from });
    }
  };
  const grown = () => {
    listen('primary', 'secondary');
    listen('secondary', 'primary');
  };
  grown();
  return { ...link, grown };
}

/** What S3's role must be allowed. Source: Amazon S3 User Guide, "Setting up permissions for live replication". */
function neededFor(region: string, from: string, to: string, key: string, version: Version): readonly Asked[] {
  const [bucket, source, copy] = [arnOf(region, from, ''), arnOf(region, from, key), arnOf(region, to, key)];
  const needed = {
    [bucket]: ['GetReplicationConfiguration', 'ListBucket'],
    [source]: ['GetObjectVersionAcl', 'GetObjectVersionForReplication', 'GetObjectVersionTagging'],
    [copy]: isObject(version) ? ['ReplicateObject', 'ReplicateTags'] : ['ReplicateDelete'],
  };
  return Object.entries(needed).flatMap(([resource, actions]) =>
    actions.map((action) => ({ action: `s3:${action}`, region, resources: [resource] })),
  );
}
