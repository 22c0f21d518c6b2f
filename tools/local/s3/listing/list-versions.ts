import type { AwsResponse } from '#local/aws-endpoint/aws-endpoint.ts';
import { invalidArgument } from '#local/s3/protocol/errors.ts';
import type { Xml } from '#local/s3/protocol/write-xml.ts';
import { xmlResponse } from '#local/s3/protocol/xml.ts';
import type { BucketStore } from '#local/s3/store/bucket-store.ts';
import type { S3Call } from '#local/s3/store/call.ts';
import { isObject, type Version } from '#local/s3/store/stored-object.ts';
import { OWNER, objectElements } from './object-elements.ts';
import { prefixElements, readListQuery, readPage } from './page.ts';

interface ListedVersion {
  readonly version: Version;
  readonly isLatest: boolean;
  /** From the newest version of its key on. */
  readonly rank: number;
}

/** ListObjectVersions (Amazon S3 API Reference): by key, the newest version first. */
export function listVersions({ bucket, query }: S3Call): AwsResponse {
  const { encode, encodingType, ...list } = readListQuery(query, 'max-keys');
  const keyMarker = query.get('key-marker') ?? '';
  const versionMarker = query.get('version-id-marker') ?? '';
  requireMarkers(bucket, query);
  const markerRank = bucket.history(keyMarker).findIndex(({ versionId }) => versionId === versionMarker);
  const { page, last } = readPage(
    versionsOf(bucket),
    { ...list, after: keyMarker },
    ({ rank }) => versionMarker !== '' && markerRank >= 0 && rank > markerRank,
  );
  return xmlResponse('ListVersionsResult', [
    ['Name', bucket.name],
    ['Prefix', encode(list.prefix)],
    ['KeyMarker', encode(keyMarker)],
    ['VersionIdMarker', versionMarker],
    ['NextKeyMarker', last && encode(last.name)],
    ['NextVersionIdMarker', last?.value?.version.versionId],
    ['MaxKeys', list.limit],
    ['Delimiter', list.delimiter === '' ? undefined : encode(list.delimiter)],
    encodingType,
    ['IsTruncated', last !== undefined],
    ...page.flatMap(({ name, value }) => (value ? [toXml(encode(name), value)] : [])),
    ...prefixElements(page, encode),
  ]);
}

function requireMarkers(bucket: BucketStore, query: URLSearchParams): void {
  const version = query.get('version-id-marker');
  if (version === null) return;
  if (!query.get('key-marker')) {
    const message = 'A version-id marker cannot be specified without a key marker.';
    throw invalidArgument(message, 'version-id-marker', version);
  }
  if (version === '') {
    throw invalidArgument('A version-id marker cannot be empty.', 'version-id-marker', version);
  }
  if (!bucket.isVersionId(version)) throw invalidArgument('Invalid version id specified', 'version-id-marker', version);
}

function* versionsOf(bucket: BucketStore): Generator<readonly [string, ListedVersion]> {
  for (const key of bucket.keys()) {
    for (const [rank, version] of bucket.history(key).entries()) yield [key, { version, rank, isLatest: rank === 0 }];
  }
}

function toXml(key: string, { version, isLatest }: ListedVersion): Xml {
  const { versionId, lastModified } = version;
  const named: Xml[] = [
    ['Key', key],
    ['VersionId', versionId],
    ['IsLatest', isLatest],
  ];
  if (isObject(version)) return ['Version', [...named, ...objectElements(version), OWNER]];
  return ['DeleteMarker', [...named, ['LastModified', lastModified.toISOString()], OWNER]];
}
