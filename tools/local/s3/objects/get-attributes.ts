import type { AwsResponse } from '#local/aws-endpoint/aws-endpoint.ts';
import { invalidArgument } from '#local/s3/protocol/errors.ts';
import type { Xml } from '#local/s3/protocol/write-xml.ts';
import { checksumElements, xmlResponse } from '#local/s3/protocol/xml.ts';
import { headerOf, type S3Call, versionHeader } from '#local/s3/store/call.ts';
import type { StoredObject } from '#local/s3/store/stored-object.ts';
import { findObject } from './get-object.ts';
import { storageClassOf } from './object-headers.ts';

const HEADER = 'x-amz-object-attributes';

/** Attribute → what the response says of it. */
const ATTRIBUTES: ReadonlyMap<string, (object: StoredObject) => Xml[]> = new Map<
  string,
  (object: StoredObject) => Xml[]
>([
  ['ETag', ({ etag }) => [['ETag', etag.replaceAll('"', '')]]],
  ['Checksum', ({ checksum }) => [['Checksum', checksumElements(checksum)]]],
  ['ObjectParts', ({ parts }) => (parts ? [['ObjectParts', [['PartsCount', parts.length]]]] : [])],
  ['StorageClass', ({ headers }) => [['StorageClass', storageClassOf(headers)]]],
  ['ObjectSize', ({ body }) => [['ObjectSize', body.length]]],
]);

/** GetObjectAttributes (Amazon S3 API Reference); of parts it says their number. */
export function getObjectAttributes(call: S3Call): AwsResponse {
  const object = findObject(call);
  const asked = (headerOf(call, HEADER) ?? '').split(',').map((name) => name.trim());
  const unknown = asked.find((name) => !ATTRIBUTES.has(name));
  if (unknown !== undefined) throw invalidArgument('Invalid attribute name specified.', HEADER, unknown);
  const content = [...ATTRIBUTES].flatMap(([name, write]) => (asked.includes(name) ? write(object) : []));
  return xmlResponse('GetObjectAttributesResponse', content, {
    'last-modified': object.lastModified.toUTCString(),
    ...versionHeader(call.bucket, object.versionId),
  });
}
