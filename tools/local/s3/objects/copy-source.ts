import { invalidArgument, invalidRequest, noSuchBucket, preconditionFailed } from '#local/s3/protocol/errors.ts';
import type { BucketStore } from '#local/s3/store/bucket-store.ts';
import { headerOf, type S3Call, versionHeader } from '#local/s3/store/call.ts';
import { isObject, type StoredObject } from '#local/s3/store/stored-object.ts';
import { failedCondition } from './conditions.ts';

interface CopySource {
  readonly bucket: BucketStore;
  readonly key: string;
  readonly object: StoredObject;
  /** `x-amz-copy-source-version-id`, of a bucket with versions. */
  readonly headers: Readonly<Record<string, string>>;
}

const SOURCE = 'x-amz-copy-source';

/**
 * What `x-amz-copy-source` names, `[/]<bucket>/<key>[?versionId=…]` in URL encoding, once the caller may read it and the conditions on it hold.
 *
 * Source: Amazon S3 API Reference, "CopyObject".
 *
 * @throws AwsError `InvalidArgument`, `NoSuchBucket`, `NoSuchKey`, `NoSuchVersion`, `PreconditionFailed`, `AccessDenied`
 */
export async function readCopySource(call: S3Call): Promise<CopySource> {
  const { name, key, versionId } = parseSource(headerOf(call, SOURCE) ?? '');
  const bucket = call.buckets.get(name);
  if (!bucket) throw noSuchBucket(name);
  if (versionId !== undefined && !bucket.isVersionId(versionId)) {
    throw invalidArgument('Invalid version id specified', 'versionId', versionId);
  }
  await call.require(versionId === undefined ? 'GetObject' : 'GetObjectVersion', name, key);
  const object = bucket.find(key, versionId);
  if (!isObject(object)) {
    throw invalidRequest('The source of a copy request may not specifically refer to a delete marker by version id.');
  }
  const failed = failedCondition(object, call.request.headers, 'x-amz-copy-source-');
  if (failed) throw preconditionFailed(`${SOURCE}-${failed}`);
  const version = versionHeader(bucket, object.versionId)['x-amz-version-id'];
  return { bucket, key, object, headers: version === undefined ? {} : { 'x-amz-copy-source-version-id': version } };
}

function parseSource(text: string) {
  const [path = '', query = ''] = text.replace(/^\//, '').split(/\?(?=versionId=)/);
  const decoded = decode(path);
  const slash = decoded.indexOf('/');
  if (slash <= 0 || slash === decoded.length - 1) {
    throw invalidArgument('Invalid copy source object key', SOURCE, SOURCE);
  }
  const versionId = new URLSearchParams(query).get('versionId') ?? undefined;
  return { name: decoded.slice(0, slash), key: decoded.slice(slash + 1), versionId };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw invalidArgument('Invalid copy source encoding.', SOURCE, path);
  }
}
