import type { AwsResponse } from '#local/aws-endpoint/aws-endpoint.ts';
import { AwsError } from '#local/aws-endpoint/aws-error.ts';
import { isObject } from './bucket-store.ts';
import { type S3Call, versionHeader, versionIdOf } from './call.ts';
import { notModified } from './conditions.ts';

const RANGE = /^bytes=(?:(\d+)-(\d*)|-(\d+))$/;

const invalidRange = (): AwsError => new AwsError(416, 'InvalidRange', 'The requested range is not satisfiable.');

/** GetObject, and HeadObject, whose answer's body isn't sent (Amazon S3 API Reference). */
export function getObject(call: S3Call): AwsResponse {
  const { bucket, key } = call;
  const { headers } = call.request;
  const object = bucket.find(key, versionIdOf(call));
  if (!isObject(object)) {
    throw new AwsError(
      405,
      'MethodNotAllowed',
      'The specified method is not allowed against this resource: a delete marker.',
    );
  }
  const common = {
    'accept-ranges': 'bytes',
    etag: object.etag,
    'last-modified': object.lastModified.toUTCString(),
    ...versionHeader(call, object.versionId),
  };
  if (notModified(object, headers)) return { status: 304, headers: common, body: '' };
  const range = parseRange(headers.range, object.body.length);
  const body = range ? object.body.subarray(range.first, range.last + 1) : object.body;
  // A checksum is the whole object's.
  const checksums = headers['x-amz-checksum-mode'] === 'ENABLED' && !range ? object.checksums : {};
  const part = range && { 'content-range': `bytes ${range.first}-${range.last}/${object.body.length}` };
  const encryption = { 'x-amz-server-side-encryption': 'AES256' };
  const length = { 'content-length': body.length };
  return {
    status: range ? 206 : 200,
    headers: { ...common, ...object.headers, ...encryption, ...checksums, ...part, ...length },
    body,
  };
}

/** First and last byte, both included. */
interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Reads a Range header. Several ranges, or anything that isn't one, count as no range (RFC 9110, 14.2; S3 serves one range only).
 *
 * @param length - of the object, bytes
 * @throws AwsError `InvalidRange` when the object has none of the bytes
 */
function parseRange(header: string | undefined, length: number): ByteRange | undefined {
  const [, first, last, suffix] = RANGE.exec(header ?? '') ?? [];
  if (suffix !== undefined) {
    if (Number(suffix) === 0 || length === 0) throw invalidRange();
    return { first: Math.max(0, length - Number(suffix)), last: length - 1 };
  }
  if (first === undefined || (last && Number(last) < Number(first))) return undefined;
  if (Number(first) >= length) throw invalidRange();
  return { first: Number(first), last: last ? Math.min(Number(last), length - 1) : length - 1 };
}
