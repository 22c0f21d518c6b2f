import type { AwsResponse } from '../aws-endpoint/aws-endpoint.ts';
import { AwsError } from '../aws-endpoint/aws-error.ts';
import { parseRange } from './byte-range.ts';
import { type S3Call, versionHeader, versionIdOf } from './call.ts';
import { notModified } from './conditions.ts';
import { isObject } from './stored-object.ts';

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
