import type { AwsResponse } from '#local/aws-endpoint/aws-endpoint.ts';
import { checksumHeaders } from '#local/s3/protocol/checksums.ts';
import {
  invalidArgument,
  invalidRequest,
  markerNotAllowed,
  preconditionFailed,
  S3Error,
} from '#local/s3/protocol/errors.ts';
import { headerOf, type S3Call, versionHeader, versionIdOf } from '#local/s3/store/call.ts';
import { isObject, type StoredObject } from '#local/s3/store/stored-object.ts';
import { failedCondition } from './conditions.ts';
import { overriddenHeaders } from './object-headers.ts';

const RANGE = /^bytes=(?:(\d+)-(\d*)|-(\d+))$/;

/** GetObject, and HeadObject, whose response's body isn't sent (Amazon S3 API Reference). */
export function getObject(call: S3Call): AwsResponse {
  const { headers } = call.request;
  const object = findObject(call);
  const common = {
    'accept-ranges': 'bytes',
    etag: object.etag,
    'last-modified': object.lastModified.toUTCString(),
    ...versionHeader(call.bucket, object.versionId),
    ...(object.replication && { 'x-amz-replication-status': object.replication }),
  };
  const failed = failedCondition(object, headers);
  if (failed === 'If-None-Match' || failed === 'If-Modified-Since') return { status: 304, headers: common, body: '' };
  if (failed) throw preconditionFailed(failed);
  const { range, partHeaders } = selectRange(call, object);
  const body = range ? object.body.subarray(range.first, range.last + 1) : object.body;
  // A checksum is the whole object's.
  const isWhole = body.length === object.body.length;
  const checksums = headers['x-amz-checksum-mode'] === 'ENABLED' && isWhole ? checksumHeaders(object.checksum) : {};
  const tags = object.tags.size > 0 && { 'x-amz-tagging-count': object.tags.size };
  const contentRange = range && { 'content-range': `bytes ${range.first}-${range.last}/${object.body.length}` };
  return {
    status: range ? 206 : 200,
    headers: {
      ...common,
      ...object.headers,
      ...tags,
      ...checksums,
      ...partHeaders,
      ...contentRange,
      ...overriddenHeaders(call.query),
      'content-length': body.length,
    },
    body,
  };
}

/** @throws AwsError `NoSuchKey`, `NoSuchVersion`, `MethodNotAllowed` for a delete marker */
export function findObject(call: S3Call): StoredObject {
  const version = call.bucket.find(call.key, versionIdOf(call));
  if (isObject(version)) return version;
  const lastModified = version.lastModified.toUTCString();
  throw markerNotAllowed(call.request.method, {
    'last-modified': lastModified,
    ...versionHeader(call.bucket, version.versionId),
  });
}

/** First and last byte, both included. */
interface ByteRange {
  readonly first: number;
  readonly last: number;
}

function selectRange(call: S3Call, object: StoredObject) {
  const header = headerOf(call, 'range');
  const part = call.query.get('partNumber');
  if (part === null) return { range: parseRange(header, object.body.length), partHeaders: {} };
  if (header !== undefined) throw invalidRequest('Cannot specify both Range header and partNumber query parameter');
  const number = Number(part);
  if (!/^\d{1,5}$/.test(part) || number < 1 || number > 10_000) {
    throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive', 'partNumber', part);
  }
  const sizes = object.parts ?? [object.body.length];
  const size = sizes[number - 1];
  if (size === undefined) {
    throw new S3Error(416, 'InvalidPartNumber', 'The requested partnumber is not satisfiable', {
      PartNumberRequested: number,
      ActualPartCount: sizes.length,
    });
  }
  const first = sizes.slice(0, number - 1).reduce((sum, each) => sum + each, 0);
  const partHeaders = object.parts && { 'x-amz-mp-parts-count': sizes.length };
  return { range: size > 0 ? { first, last: first + size - 1 } : undefined, partHeaders: { ...partHeaders } };
}

/**
 * Reads a Range header. Several ranges, or anything that isn't one, count as no range (RFC 9110, 14.2; S3 serves one range only).
 *
 * @param length - of the object, bytes
 * @throws AwsError `InvalidRange` when the object has none of the bytes
 */
function parseRange(header: string | undefined, length: number): ByteRange | undefined {
  const [, first, last, suffix] = RANGE.exec(header ?? '') ?? [];
  const invalidRange = () =>
    new S3Error(416, 'InvalidRange', 'The requested range is not satisfiable', {
      RangeRequested: header,
      ActualObjectSize: length,
    });
  if (suffix !== undefined) {
    if (Number(suffix) === 0 || length === 0) throw invalidRange();
    return { first: Math.max(0, length - Number(suffix)), last: length - 1 };
  }
  if (first === undefined || (last && Number(last) < Number(first))) return undefined;
  if (Number(first) >= length) throw invalidRange();
  return { first: Number(first), last: last ? Math.min(Number(last), length - 1) : length - 1 };
}
